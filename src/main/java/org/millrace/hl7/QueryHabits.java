package org.millrace.hl7;

import java.time.Duration;
import java.util.Optional;

/**
 * How one sender's queries are answered, where that is not as for all.
 *
 * @param answerWithin how long the whole answer may take; shorter than its own patience
 * @param refuseTooMany AE, and no patient, if more match than QRD-7 allows; else pages
 * @param refuseDeferred AE if QRD-3 asks for a later answer; else it is answered at once
 */
public record QueryHabits(
    Optional<Duration> answerWithin,
    Optional<Boolean> refuseTooMany,
    Optional<Boolean> refuseDeferred) {

  /** Of a sender of whom nothing is said. */
  public static final QueryHabits STANDARD =
      new QueryHabits(Optional.empty(), Optional.empty(), Optional.empty());
}
