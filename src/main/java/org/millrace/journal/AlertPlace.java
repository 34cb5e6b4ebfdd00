package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a list of ended alerts goes on: at one of them, by its end and its number.
 *
 * @param ended to the millisecond
 */
public record AlertPlace(Instant ended, long id) {
  private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,15})-([0-9]{1,18})");

  /** That of an alert that has ended. */
  static Optional<AlertPlace> of(Alert alert) {
    return alert.ended().map(at -> new AlertPlace(at, alert.id()));
  }

  /** Reads what {@link #text} wrote; empty if it did not. */
  public static Optional<AlertPlace> read(String text) {
    Matcher parts = WRITTEN.matcher(text);
    return parts.matches()
        ? Optional.of(
            new AlertPlace(
                Instant.ofEpochMilli(Long.parseLong(parts.group(1))),
                Long.parseLong(parts.group(2))))
        : Optional.empty();
  }

  /** For an address. */
  public String text() {
    return ended.toEpochMilli() + "-" + id;
  }
}
