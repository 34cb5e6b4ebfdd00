package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Values as a shell takes them. */
class ShellWordTest {
  @Test
  void whatAShellWouldReadOtherwiseIsQuoted() {
    assertThat(ShellWord.of("LAB@NORTH")).isEqualTo("LAB@NORTH");
    assertThat(ShellWord.of("a b; rm -rf $HOME")).isEqualTo("'a b; rm -rf $HOME'");
    assertThat(ShellWord.of("it's")).isEqualTo("'it'\\''s'");
    assertThat(ShellWord.of("")).isEqualTo("''");
    assertThat(ShellWord.of("a\nb\u001b")).isEqualTo("'a?b?'");
  }

  @Test
  void aLongValueIsNotCut() {
    assertThat(ShellWord.of("x".repeat(300))).hasSize(300);
  }
}
