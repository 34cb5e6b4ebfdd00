package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;

class PageTokensTest {
  private static final String LINK = "https://cerner.example/r4/t/Patient?-pageContext=ü";

  private final SettableClock clock = new SettableClock();
  private final PageTokens tokens = new PageTokens(clock, Duration.ofMinutes(10));

  @Test
  void aTokenGivesItsLinkBackUntilItExpires() {
    String token = tokens.seal("Patient", LINK);
    assertThat(token).matches("[A-Za-z0-9_-]+").doesNotContain("cerner");
    clock.forward(Duration.ofMinutes(10));
    assertThat(tokens.open("Patient", token)).isEqualTo(new PageTokens.Opened.Link(LINK));
    clock.forward(Duration.ofMillis(1));
    assertThat(tokens.open("Patient", token)).isInstanceOf(PageTokens.Opened.Expired.class);
  }

  @Test
  void aTokenIsGoodForItsTypeAndItsEngineOnly() {
    String token = tokens.seal("Patient", LINK);
    assertThat(tokens.open("Encounter", token)).isInstanceOf(PageTokens.Opened.NotOurs.class);
    PageTokens other = new PageTokens(clock, Duration.ofMinutes(10));
    assertThat(other.open("Patient", token)).isInstanceOf(PageTokens.Opened.NotOurs.class);
  }

  @Test
  void aTokenThatWasTouchedIsNotOurs() {
    String token = tokens.seal("Patient", LINK);
    for (int i = 0; i < token.length() - 1; i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String touched = token.substring(0, i) + other + token.substring(i + 1);
      assertThat(tokens.open("Patient", touched)).isInstanceOf(PageTokens.Opened.NotOurs.class);
    }
    for (String junk : new String[] {"", "x", "!!", "A".repeat(9000)}) {
      assertThat(tokens.open("Patient", junk)).isInstanceOf(PageTokens.Opened.NotOurs.class);
    }
  }
}
