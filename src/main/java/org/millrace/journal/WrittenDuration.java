package org.millrace.journal;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as settings and parameters of feeds are written: {@code 500ms}, {@code 10s}. */
public final class WrittenDuration {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private WrittenDuration() {}

  /** Empty if the text is no whole number with one of the units ms, s, m, h and d. */
  public static Optional<Duration> read(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1))))
        : Optional.empty();
  }

  /**
   * One within bounds.
   *
   * @throws IllegalArgumentException with a sentence that goes on from its name, if it is none
   */
  public static Duration read(String text, Duration least, Duration most) {
    Duration value =
        read(text)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "is no duration; write a number and ms, s, m, h or d, for example 10s"));
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException("is out of bounds: " + of(least) + " to " + of(most));
    }
    return value;
  }

  /** In seconds where that is exact, else in milliseconds. */
  public static String of(Duration value) {
    return value.toMillis() % 1000 == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms";
  }

  private static Duration unit(String letters) {
    return switch (letters) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      default -> Duration.ofDays(1);
    };
  }
}
