package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PageTokensTest {
  private static final String LINK = "https://cerner.example/r4/t/Patient?-pageContext=ü";

  /** A clock that is moved by hand. */
  private static final class HandClock extends Clock {
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final HandClock clock = new HandClock();
  private final PageTokens tokens = new PageTokens(clock, Duration.ofMinutes(10));

  @Test
  void aTokenGivesItsLinkBackUntilItExpires() {
    String token = tokens.seal("Patient", LINK);
    assertThat(token).matches("[A-Za-z0-9_-]+").doesNotContain("cerner");
    clock.now = clock.now.plus(Duration.ofMinutes(10));
    assertThat(tokens.open("Patient", token)).isEqualTo(new PageTokens.Opened.Link(LINK));
    clock.now = clock.now.plusMillis(1);
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
