package org.millrace.journal;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What was answered to a query, without anything of a patient.
 *
 * @param took until the answer was there, by milliseconds; empty if that was not kept then
 * @param acknowledgment MSA-1 of the answer; empty if it has none
 * @param status QAK-2 of the answer; empty if it has none
 * @param more whether a continuation pointer (DSC-1) says that there is more to be asked for
 */
public record QueryAnswer(
    Optional<Duration> took, Outcome outcome, String acknowledgment, String status, boolean more) {

  /** What came of a query. */
  public enum Outcome {
    FOUND,
    NOT_FOUND,
    /** AE or AR: its sender was told why. */
    REFUSED,
    /** Found or not: an engine of an earlier version answered, which did not keep that. */
    ANSWERED;

    /** As it is written in commands and addresses: {@code not-found}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** By its word; empty for what is none. */
    public static Optional<Outcome> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }
}
