package org.millrace.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A moment as pages show it.
 *
 * @param iso for the browser
 * @param utc shown when it is pointed at
 * @param local date and time in the site's zone
 * @param clock the time alone
 * @param ago how long it is past: {@code 3 min}
 */
record Moment(String iso, String utc, String local, String clock, String ago) {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  static Moment of(Instant at, ZoneId zone, Instant now) {
    Instant seconds = at.truncatedTo(ChronoUnit.SECONDS);
    return new Moment(
        seconds.toString(),
        LOCAL.format(at.atZone(ZoneId.of("UTC"))) + " UTC",
        LOCAL.format(at.atZone(zone)),
        CLOCK.format(at.atZone(zone)),
        length(Duration.between(at, now)));
  }

  /**
   * A length of time by its largest unit: {@code 45 s}, {@code 3 min}, {@code 5 h}, {@code 2 d}.
   */
  static String length(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }

  /** The same for what may be short: {@code 250 ms}. */
  static String briefly(Duration time) {
    return time.toSeconds() > 0 ? length(time) : time.toMillis() + " ms";
  }
}
