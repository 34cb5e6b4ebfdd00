package org.millrace.guard;

import java.util.Optional;

/**
 * How callers are let in.
 *
 * @param always they are asked who they are even if nobody has a key yet
 * @param tenant the one that this engine speaks for; empty if it has no name
 * @param tokens whose tokens are taken beside keys; if any are, callers are always asked
 * @param limits how often they may ask; while nobody is asked who they are, there is none
 */
public record GateSettings(
    boolean always, String tenant, Optional<TokenSettings> tokens, Limits limits) {

  /**
   * How often callers may ask.
   *
   * @param ofCaller requests a second of one caller, whatever addresses it asks from
   * @param ofAddress requests a second from one address of whoever is not known; one that shows
   *     what is not known counts for ten. What anybody may ask is counted by itself
   */
  public record Limits(int ofCaller, int ofAddress) {
    /** Those that hold where nothing else is set. */
    public static final Limits DEFAULT = new Limits(200, 500);
  }

  /** The same in front of another tenant. */
  GateSettings ofTenant(String other) {
    return new GateSettings(always, other, tokens, limits);
  }

  /** Keys alone, and the usual limits. */
  public static GateSettings ofKeys(boolean always, String tenant) {
    return new GateSettings(always, tenant, Optional.empty(), Limits.DEFAULT);
  }
}
