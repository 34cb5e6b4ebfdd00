package org.millrace.journal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as settings and parameters of feeds are written: {@code 500ms}, {@code 10s}. */
public final class WrittenDuration {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final List<String> UNITS = List.of("d", "h", "m", "s", "ms");

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

  /** In the largest unit in which it is a whole number: {@code 1d}, not {@code 86400s}. */
  public static String of(Duration value) {
    long millis = value.toMillis();
    return UNITS.stream()
        .filter(each -> millis >= unit(each).toMillis() && millis % unit(each).toMillis() == 0)
        .findFirst()
        .map(each -> millis / unit(each).toMillis() + each)
        .orElse("0s");
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
