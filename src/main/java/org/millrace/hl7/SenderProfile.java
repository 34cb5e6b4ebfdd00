package org.millrace.hl7;

import java.nio.charset.Charset;
import java.util.Optional;

/**
 * What differs for one sender on the wire, as its {@code sender.yaml} says it.
 *
 * @param charset its messages are in, whatever its feed and MSH-18 say
 * @param acknowledging how it wants to be acknowledged
 */
public record SenderProfile(Optional<Charset> charset, AcknowledgmentHabits acknowledging) {

  /** Of a sender of whom nothing is said. */
  public static final SenderProfile NONE =
      new SenderProfile(Optional.empty(), AcknowledgmentHabits.STANDARD);
}
