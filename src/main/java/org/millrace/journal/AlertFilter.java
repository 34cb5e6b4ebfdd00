package org.millrace.journal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Which alerts.
 *
 * @param standing empty for those that stand and those that have ended
 * @param kind a published word: {@code queue-age}; every kind if empty
 * @param before only those that ended before this one
 * @param after only those that ended after this one, the nearest of them; not together with before
 * @param limit at most so many that have ended; those that stand are few, and all are listed
 */
public record AlertFilter(
    Optional<Standing> standing,
    String kind,
    Optional<AlertPlace> before,
    Optional<AlertPlace> after,
    int limit) {

  /** How an alert stands. */
  public enum Standing {
    OPEN,
    ENDED;

    /** As it is written in commands and addresses. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Empty if it is no such word. */
    public static Optional<Standing> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /** From the first on: what stands, then what ended last. */
  public static AlertFilter of(Optional<Standing> standing, String kind, int limit) {
    return new AlertFilter(standing, kind, Optional.empty(), Optional.empty(), limit);
  }

  boolean first() {
    return before.isEmpty() && after.isEmpty();
  }

  boolean has(Standing wanted) {
    return standing.isEmpty() || standing.get() == wanted;
  }
}
