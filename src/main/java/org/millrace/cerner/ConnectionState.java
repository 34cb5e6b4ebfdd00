package org.millrace.cerner;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How Cerner stands, by what the last calls met; nothing is asked to find out.
 *
 * @param lastSuccess when Cerner last answered in order, a refusal of content included
 * @param lastFailure when a call last failed because of Cerner, the network or our credentials
 * @param lastFault label of that failure ({@link FaultCode#label}), empty if there was none
 * @param grantedScopes of the token in use, empty if there is none
 * @param pauses what is not asked for now, that of the whole connection first
 * @param callsPerSecond how many calls are let through now
 */
public record ConnectionState(
    Optional<Instant> lastSuccess,
    Optional<Instant> lastFailure,
    String lastFault,
    List<String> grantedScopes,
    List<Pause> pauses,
    double callsPerSecond) {

  /** True unless the last call failed; before the first call it is true. */
  public boolean good() {
    return lastFailure.isEmpty()
        || (lastSuccess.isPresent() && !lastSuccess.get().isBefore(lastFailure.get()));
  }
}
