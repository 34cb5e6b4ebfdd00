package org.millrace.mllp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MllpFramesTest {
  private final MllpFrames frames = new MllpFrames(1000);

  private List<String> take(String bytes) {
    byte[] chunk = bytes.getBytes(ISO_8859_1);
    return frames.take(chunk, 0, chunk.length).stream()
        .map(frame -> new String(frame, ISO_8859_1))
        .toList();
  }

  @Test
  void everySplitOfThreeFramesGivesTheThree() {
    byte[] stream =
        "\u000Bone\rx\u001C\r\n\u000B\u001C\r..\u000Bthr\u001Cee\r\u001C\r".getBytes(ISO_8859_1);
    for (int first = 0; first <= stream.length; first++) {
      for (int second = first; second <= stream.length; second++) {
        MllpFrames split = new MllpFrames(1000);
        List<byte[]> found = new ArrayList<>(split.take(stream, 0, first));
        found.addAll(split.take(stream, first, second - first));
        found.addAll(split.take(stream, second, stream.length - second));
        assertThat(found)
            .extracting(frame -> new String(frame, ISO_8859_1))
            .containsExactly("one\rx", "", "thr\u001Cee\r");
        assertThat(split.junk()).isEqualTo(2);
        assertThat(split.torn()).isZero();
      }
    }
  }

  @Test
  void aTornFrameIsDroppedAndNeverJoined() {
    assertThat(take("\u000Btorn\u000Bwhole\u001C\r")).containsExactly("whole");
    assertThat(frames.torn()).isEqualTo(1);
    assertThat(frames.insideFrame()).isFalse();
  }

  @Test
  void aFrameEndsWithoutReturnWhereTheNextOneBegins() {
    assertThat(take("\u000Bone\u001C\u000Btwo\u001C\r")).containsExactly("one", "two");
    assertThat(frames.torn()).isZero();
  }

  @Test
  void aLineFeedInPlaceOfTheReturnEndsAFrameToo() {
    assertThat(take("\u000Bone\n\u001C\n\u000Btwo\u001C\n")).containsExactly("one\n", "two");
    assertThat(frames.torn()).isZero();
    assertThat(frames.insideFrame()).isFalse();
  }

  @Test
  void separatorsBeforeAnythingElseAreContent() {
    assertThat(take("\u000Ba\u001C\u001C\u001Cb\u001C\u001C\r"))
        .containsExactly("a\u001C\u001C\u001Cb\u001C");
  }

  @Test
  void bytesOutsideAreSkippedAndCountedButForLineEnds() {
    assertThat(take("junk\u001C\r\n\u000Bone\u001C\r\r\n more")).containsExactly("one");
    assertThat(frames.junk()).isEqualTo(10);
  }

  @Test
  void aFrameOverTheLimitIsToldAndNothingIsTakenAfterIt() {
    assertThat(take("\u000Bone\u001C\r\u000BMSH|" + "x".repeat(996))).containsExactly("one");
    assertThat(frames.overflowed()).isFalse();
    assertThat(take("y")).isEmpty();
    assertThat(frames.overflowed()).isTrue();
    assertThat(frames.beginning(4)).isEqualTo("MSH|".getBytes(ISO_8859_1));
    assertThat(take("\u000Btwo\u001C\r")).isEmpty();
  }

  @Test
  void aLongFrameInSmallPiecesIsTakenInLinearTime() {
    MllpFrames large = new MllpFrames(64 * 1024 * 1024);
    byte[] piece = "x".repeat(1000).getBytes(ISO_8859_1);
    large.take(new byte[] {0x0B}, 0, 1);
    long start = System.nanoTime();
    for (int i = 0; i < 40_000; i++) {
      large.take(piece, 0, piece.length);
    }
    assertThat(large.take(new byte[] {0x1C, '\r'}, 0, 2).get(0)).hasSize(40_000_000);
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
  }

  @Test
  void whateverTheStreamNoFrameHoldsAFrameStart() {
    Random random = new Random(20261120);
    byte[] alphabet = {0x0B, 0x1C, '\r', '\n', 'a', 'b'};
    MllpFrames any = new MllpFrames(50);
    for (int round = 0; round < 5000; round++) {
      byte[] chunk = new byte[random.nextInt(40)];
      for (int i = 0; i < chunk.length; i++) {
        chunk[i] = alphabet[random.nextInt(alphabet.length)];
      }
      for (byte[] frame : any.take(chunk, 0, chunk.length)) {
        assertThat(frame).doesNotContain(0x0B);
        assertThat(new String(frame, ISO_8859_1)).doesNotContain("\u001C\r");
      }
      any = any.overflowed() ? new MllpFrames(50) : any;
    }
  }

  @Test
  void whatIsWrappedIsTakenAgain() {
    byte[] wrapped = MllpFrames.wrap("MSH|".getBytes(ISO_8859_1));

    assertThat(frames.take(wrapped, 0, wrapped.length))
        .containsExactly("MSH|".getBytes(ISO_8859_1));
    assertThat(MllpFrames.wrappable("a\rb".getBytes(ISO_8859_1))).isTrue();
    assertThat(MllpFrames.wrappable("a\u001C".getBytes(ISO_8859_1))).isFalse();
  }
}
