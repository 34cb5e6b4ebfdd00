package org.millrace.guard;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the gate says to a request. */
public sealed interface Admission {

  /** It may go on, as this caller. */
  record Admitted(Principal principal) implements Admission {}

  /**
   * It may not.
   *
   * @param reason of which kind
   * @param principal who asks; {@link Principal#ANYBODY} where that is not known
   * @param missing the scopes it would take; none if it is not for want of a scope
   * @param again after which asking again may help; empty if it will not help
   * @param sentence what is wrong and what to do, for the caller
   */
  record Refused(
      Reason reason,
      Principal principal,
      List<String> missing,
      Optional<Duration> again,
      String sentence)
      implements Admission {

    public Refused {
      missing = List.copyOf(missing);
    }
  }

  /** Why a request may not go on. */
  enum Reason {
    /** It showed nothing of who asks. */
    NOTHING_SHOWN(401),
    /** What it showed is not known, or is over. */
    NOT_KNOWN(401),
    /** It is known who asks, and they are not allowed. */
    FORBIDDEN(403),
    /** Too many came before it. */
    TOO_FAST(429),
    /** What decides cannot be looked up. */
    UNAVAILABLE(503);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    /** As HTTP says it. */
    public int status() {
      return status;
    }
  }

  /** Nobody knows who asks. */
  static Refused unknown(Reason reason, String sentence) {
    return new Refused(reason, Principal.ANYBODY, List.of(), Optional.empty(), sentence);
  }

  /** A caller that is not allowed. */
  static Refused forbidden(Principal principal, List<String> missing, String sentence) {
    return new Refused(Reason.FORBIDDEN, principal, missing, Optional.empty(), sentence);
  }

  /** Whoever asks must wait. */
  static Refused later(Reason reason, Principal principal, Duration wait, String sentence) {
    return new Refused(reason, principal, List.of(), Optional.of(wait), sentence);
  }
}
