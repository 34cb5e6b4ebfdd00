package org.millrace.delivery;

import java.time.Duration;
import java.util.Locale;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.WhoActs;
import org.millrace.journal.MessageState;
import org.millrace.journal.Reason;

/**
 * What an attempt to deliver came to.
 *
 * @param state DELIVERED, FILTERED, RETRYING, HELD or REFUSED
 * @param atLeast of RETRYING: at least so long until it is tried again
 * @param exactly of RETRYING: after just that time, and not when the back-off says
 */
record Outcome(MessageState state, Reason reason, Duration atLeast, boolean exactly) {

  static final Outcome DELIVERED = done(MessageState.DELIVERED, Reason.NONE);

  private static Outcome done(MessageState state, Reason reason) {
    return new Outcome(state, reason, Duration.ZERO, false);
  }

  static Outcome filtered(String code, String sentence) {
    return done(MessageState.FILTERED, Reason.of(code, sentence));
  }

  static Outcome held(String code, String sentence, String remedy, WhoActs who) {
    return done(MessageState.HELD, new Reason(code, sentence, remedy, label(who)));
  }

  static Outcome refused(String code, String sentence, String remedy) {
    return done(MessageState.REFUSED, new Reason(code, sentence, remedy, label(WhoActs.ANALYST)));
  }

  /** The same, lying at a place in the message: {@code OBR[2]-25}. */
  Outcome at(String place) {
    return new Outcome(state, reason.at(place), atLeast, exactly);
  }

  /** Nothing was stored, or nothing was to be: it is tried again when Cerner may be better. */
  static Outcome again(Fault fault) {
    String remedy =
        fault.kind() == FaultKind.PERSON
            ? "Check our credentials, scopes and tenant at Cerner; delivery then goes on by itself."
            : "";
    Reason reason = new Reason(fault.code().label(), said(fault), remedy, label(fault.whoActs()));
    return new Outcome(
        MessageState.RETRYING, reason, fault.retryAfter().orElse(Duration.ZERO), false);
  }

  /** Something of ours must come to its end first: it is tried again when that may have. */
  static Outcome waitFor(String code, String sentence) {
    return new Outcome(MessageState.RETRYING, Reason.of(code, sentence), Duration.ZERO, false);
  }

  /** A lost answer is looked for once more after this time. */
  static Outcome lookAgain(String sentence, Duration after) {
    return new Outcome(
        MessageState.RETRYING, Reason.of("looking-for-outcome", sentence), after, true);
  }

  /** A read failed: tried again if that can help, else a person must look. */
  static Outcome ofRead(Fault fault, String reading) {
    return switch (fault.kind()) {
      case RETRY, PERSON -> again(fault);
      case NEVER ->
          held(
              "read-refused",
              "Reading " + reading + " failed for good: " + said(fault),
              "Look at the calls of this message; retry once Cerner answers.",
              fault.whoActs());
    };
  }

  private static String said(Fault fault) {
    return fault.status() == 0 ? fault.sentence() : fault.sentence() + " (" + fault.status() + ")";
  }

  private static String label(WhoActs who) {
    return who.name().toLowerCase(Locale.ROOT);
  }
}
