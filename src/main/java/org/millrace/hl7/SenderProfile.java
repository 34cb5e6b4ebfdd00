package org.millrace.hl7;

import java.nio.charset.Charset;
import java.util.Optional;

/**
 * What differs for one sender on the wire, as its {@code sender.yaml} says it.
 *
 * @param charset its messages are in, whatever its feed and MSH-18 say
 */
public record SenderProfile(Optional<Charset> charset) {

  /** Of a sender of whom nothing is said. */
  public static final SenderProfile NONE = new SenderProfile(Optional.empty());
}
