package org.millrace.cerner;

import java.time.Duration;

/**
 * How hard Cerner may be asked, and when it is left alone.
 *
 * @param callsAtStart calls a second with which the engine begins
 * @param callsAtMost calls a second that are never exceeded
 * @param connections how many may be open to the FHIR server at one time, and as many to the token
 *     server; further calls wait for one
 * @param failures so many calls must fail in a row before Cerner counts as down
 * @param refusals so many 403 in a row before a permission counts as missing
 * @param firstProbe how long Cerner is left alone before one call tries again
 * @param longestProbe what that wait grows to, doubling with each probe that fails
 */
public record CallLimits(
    int callsAtStart,
    int callsAtMost,
    int connections,
    int failures,
    int refusals,
    Duration firstProbe,
    Duration longestProbe) {

  /** What holds unless settings say otherwise. */
  public static final CallLimits DEFAULT =
      new CallLimits(10_000, 10_000, 64, 5, 3, Duration.ofSeconds(2), Duration.ofSeconds(60));

  /** The same with other rates. */
  public CallLimits withCalls(int atStart, int atMost) {
    return new CallLimits(
        atStart, atMost, connections, failures, refusals, firstProbe, longestProbe);
  }

  /** The same with another number of connections. */
  public CallLimits withConnections(int most) {
    return new CallLimits(
        callsAtStart, callsAtMost, most, failures, refusals, firstProbe, longestProbe);
  }
}
