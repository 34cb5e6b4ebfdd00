package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestsTest {

  @Test
  void contentBeginsAfterTheHeaderWhateverEndsIt() {
    for (String end : List.of("\r", "\n", "\r\n")) {
      byte[] bytes = ("MSH|^~\\&|A" + end + "PID|1").getBytes(StandardCharsets.UTF_8);
      int start = Digests.contentStart(bytes);
      assertThat(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8))
          .isEqualTo("PID|1");
    }
    byte[] headerOnly = "MSH|^~\\&|A".getBytes(StandardCharsets.UTF_8);
    assertThat(Digests.contentStart(headerOnly)).isEqualTo(headerOnly.length);
  }
}
