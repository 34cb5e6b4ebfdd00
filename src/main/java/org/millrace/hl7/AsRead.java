package org.millrace.hl7;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a message was read: by which charset, and what in it departs from the standard.
 *
 * @param departures none for a message that is written as it should be
 */
public record AsRead(V2Charset charset, Set<Tolerance> departures) {
  public AsRead {
    departures =
        departures.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(departures));
  }
}
