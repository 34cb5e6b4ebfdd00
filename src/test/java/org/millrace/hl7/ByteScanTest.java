package org.millrace.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteScanTest {
  private static final int LONGEST = 40;

  @Test
  void eachByteIsFoundAtEachPlaceOfEachLength() {
    for (int length = 0; length <= LONGEST; length++) {
      for (int place = 0; place < length; place++) {
        for (int each = 0; each < 256; each++) {
          byte[] bytes = new byte[length];
          Arrays.fill(bytes, (byte) (each + 1));
          bytes[place] = (byte) each;

          assertThat(ByteScan.either(bytes, 0, length, (byte) each, (byte) (each + 2)))
              .as("byte %d at %d of %d", each, place, length)
              .isEqualTo(place);
          assertThat(ByteScan.either(bytes, 0, length, (byte) (each + 2), (byte) each))
              .isEqualTo(place);
        }
      }
    }
  }

  @Test
  void theSameIsFoundAsByLookingAtEachByte() {
    Random random = new Random(20_261_127L);
    for (int run = 0; run < 200_000; run++) {
      byte[] bytes = new byte[random.nextInt(LONGEST)];
      for (int i = 0; i < bytes.length; i++) {
        // Neighbours of what is looked for, with and without the high bit, are the hard ones.
        bytes[i] = (byte) (random.nextInt(6) + 9 + (random.nextInt(4) == 0 ? 128 : 0));
      }
      int start = random.nextInt(bytes.length + 1);
      int end = start + random.nextInt(bytes.length - start + 1);
      int expected = start;
      while (expected < end && bytes[expected] != '\r' && bytes[expected] != '\n') {
        expected++;
      }

      assertThat(ByteScan.either(bytes, start, end, (byte) '\r', (byte) '\n')).isEqualTo(expected);
    }
  }

  @Test
  void oneByteAboveAsciiIsSeenAtEachPlace() {
    for (int length = 0; length <= LONGEST; length++) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) 0x7F);
      assertThat(ByteScan.ascii(bytes)).isTrue();
      for (int place = 0; place < length; place++) {
        bytes[place] = (byte) (0x80 + place);
        assertThat(ByteScan.ascii(bytes)).as("%d of %d", place, length).isFalse();
        bytes[place] = 0;
      }
    }
  }
}
