package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContentCipherTest {
  private static final byte[] FIRST = KeyedHash.derived(new byte[32], "first");
  private static final byte[] SECOND = KeyedHash.derived(new byte[32], "second");
  private static final byte[] TEXT = bytes("PID|1||6931^^^MRN^MR||MARKLEY^JOE");

  private final ContentCipher cipher = ContentCipher.of(Map.of(1, FIRST), 1);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsSealedOpensInItsPlaceAndShowsNothing() {
    byte[] sealed = cipher.seal(7, "raw", TEXT);

    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("MARKLEY", "6931");
    assertThat(cipher.open(7, "raw", sealed)).isEqualTo(TEXT);
    assertThat(cipher.openText(7, "report", cipher.sealText(7, "report", "Ärztin 8")))
        .isEqualTo("Ärztin 8");
  }

  @Test
  void aValueThatWasMovedToAnotherRowOrColumnDoesNotOpen() {
    byte[] sealed = cipher.seal(7, "raw", TEXT);

    assertThatThrownBy(() -> cipher.open(8, "raw", sealed))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("message 8")
        .hasMessageContaining("belongs to another row");
    assertThatThrownBy(() -> cipher.open(7, "reply", sealed)).isInstanceOf(JournalException.class);
  }

  @Test
  void aValueThatWasChangedAnywhereDoesNotOpen() {
    byte[] sealed = cipher.seal(7, "raw", TEXT);

    for (int at = 1; at < sealed.length; at++) {
      byte[] changed = sealed.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> cipher.open(7, "raw", changed))
          .as("byte %d", at)
          .isInstanceOf(JournalException.class);
    }
    byte[] cut = java.util.Arrays.copyOf(sealed, 10);
    assertThatThrownBy(() -> cipher.open(7, "raw", cut)).isInstanceOf(JournalException.class);
    assertThatThrownBy(() -> cipher.openText(7, "raw", "sealed~?"))
        .isInstanceOf(JournalException.class);
  }

  @Test
  void noTwoSealedValuesAreAlike() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      seen.add(cipher.sealText(7, "raw", "the same"));
    }
    assertThat(seen).hasSize(1000);
  }

  @Test
  void anOlderKeyStillOpensAndTheFirstOneSeals() {
    byte[] old = cipher.seal(7, "raw", TEXT);
    ContentCipher both = ContentCipher.of(Map.of(1, FIRST, 2, SECOND), 2);

    assertThat(both.open(7, "raw", old)).isEqualTo(TEXT);
    assertThat(both.isCurrent(old)).isFalse();
    assertThat(both.isCurrent(both.seal(7, "raw", TEXT))).isTrue();
    assertThatThrownBy(() -> cipher.open(7, "raw", both.seal(7, "raw", TEXT)))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("a key that was not given");
  }

  @Test
  void longContentsAreMadeSmallerAndOnlyWhereThatPays() {
    byte[] report = bytes("{\"path\":\"PID-5.1\",\"target\":\"Patient.name\"}".repeat(200));
    byte[] random = new byte[5000];
    new java.util.Random(1).nextBytes(random);

    byte[] sealed = cipher.seal(7, "report", report);
    assertThat(sealed.length).isLessThan(report.length / 10);
    assertThat(cipher.open(7, "report", sealed)).isEqualTo(report);
    assertThat(cipher.open(7, "raw", cipher.seal(7, "raw", random))).isEqualTo(random);
    assertThat(cipher.packed(random).deflated()).isFalse();
  }

  @Test
  void withoutAKeyEverythingStaysAsItIsAndComesBackAsItWas() {
    ContentCipher plain = ContentCipher.plain();
    assertThat(plain.seal(7, "raw", TEXT)).isEqualTo(TEXT);
    assertThat(plain.sealText(7, "report", "{}")).isEqualTo("{}");

    for (byte first : new byte[] {(byte) 0x80, (byte) 0x81, 0, 'M'}) {
      byte[] odd = {first, 1, 2};
      assertThat(plain.open(7, "raw", plain.seal(7, "raw", odd))).isEqualTo(odd);
    }
    for (String odd : new String[] {"sealed~abc", "plain~abc", "deflated~abc", ""}) {
      assertThat(plain.openText(7, "report", plain.sealText(7, "report", odd))).isEqualTo(odd);
    }
  }

  @Test
  void withoutAKeyLongTextsAreMadeSmallerAllTheSame() {
    ContentCipher plain = ContentCipher.plain();
    String report = "{\"path\":\"PID-5.1\",\"target\":\"Patient.name\"}".repeat(200);

    String kept = plain.sealText(7, "report", report);
    assertThat(kept.length()).isLessThan(report.length() / 10);
    assertThat(plain.openText(7, "report", kept)).isEqualTo(report);
    assertThat(cipher.openText(7, "report", kept)).isEqualTo(report);
    assertThat(cipher.isCurrent(kept)).isFalse();
    assertThatThrownBy(() -> plain.openText(7, "report", kept.replace(kept.charAt(30), '*')))
        .isInstanceOf(DamagedContentException.class);
    assertThatThrownBy(() -> plain.openText(7, "report", "deflated~AAAA"))
        .isInstanceOf(DamagedContentException.class);
  }
}
