package org.millrace.hl7;

import java.nio.charset.Charset;
import java.util.Optional;
import java.util.Set;

/**
 * What differs for one sender on the wire, as its {@code sender.yaml} says it.
 *
 * @param charset its messages are in, whatever its feed and MSH-18 say
 * @param tolerated what is taken of this sender though not of all
 * @param refused what is taken of all and not of this sender
 * @param acknowledging how it wants to be acknowledged
 * @param asking how its queries are answered
 */
public record SenderProfile(
    Optional<Charset> charset,
    Set<Tolerance> tolerated,
    Set<Tolerance> refused,
    AcknowledgmentHabits acknowledging,
    QueryHabits asking) {

  /** Of a sender of whom nothing is said. */
  public static final SenderProfile NONE =
      new SenderProfile(
          Optional.empty(),
          Set.of(),
          Set.of(),
          AcknowledgmentHabits.STANDARD,
          QueryHabits.STANDARD);

  public SenderProfile {
    tolerated = Set.copyOf(tolerated);
    refused = Set.copyOf(refused);
  }

  /** Whether a departure from the standard is taken of this sender. */
  public boolean tolerates(Tolerance departure) {
    return tolerated.contains(departure) || (departure.byDefault() && !refused.contains(departure));
  }
}
