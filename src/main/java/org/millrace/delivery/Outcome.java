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
 * @param state DELIVERED, FILTERED, RETRYING, HELD, REFUSED; or QUEUED, if it did not come to an
 *     attempt that counts, since Cerner is not asked for now
 * @param atLeast of RETRYING: at least so long until it is tried again
 * @param exactly of RETRYING: after just that time, and not when the back-off says
 * @param waitsFor of QUEUED: what must be asked again first
 */
record Outcome(
    MessageState state, Reason reason, Duration atLeast, boolean exactly, String waitsFor) {
  static final String CHECK_CONNECTION =
      "Check our credentials, scopes and tenant at Cerner; delivery then goes on by itself.";

  static final Outcome DELIVERED = done(MessageState.DELIVERED, Reason.NONE);

  private static Outcome done(MessageState state, Reason reason) {
    return new Outcome(state, reason, Duration.ZERO, false, "");
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
    return new Outcome(state, reason.at(place), atLeast, exactly, waitsFor);
  }

  /**
   * Nothing was stored, or nothing was to be: it is tried again when Cerner may be better. If no
   * call is made until then, the message waits like any other of the queue.
   */
  static Outcome again(Fault fault) {
    String remedy = fault.kind() == FaultKind.PERSON ? CHECK_CONNECTION : "";
    Reason reason = new Reason(fault.code().label(), said(fault), remedy, label(fault.whoActs()));
    return fault.waitsFor().isEmpty()
        ? new Outcome(
            MessageState.RETRYING, reason, fault.retryAfter().orElse(Duration.ZERO), false, "")
        : new Outcome(MessageState.QUEUED, reason, Duration.ZERO, false, fault.waitsFor());
  }

  /**
   * It was tried for as long as its feed says.
   *
   * @param last why the last attempt failed
   */
  static Outcome gaveUp(Reason last, Duration tried) {
    return done(
        MessageState.HELD,
        new Reason(
            "gave-up-retrying",
            "Tried for " + written(tried) + ", as the feed says; at last: " + last.sentence(),
            "Find out why Cerner did not take it in this time ("
                + last.code()
                + "); then retry, or let the feed try longer (retry-for).",
            last.whoActs()));
  }

  /** As settings write it: {@code 4h}, {@code 90m}. */
  private static String written(Duration time) {
    if (time.toSeconds() % 60 != 0) {
      return time.toSeconds() + "s";
    }
    return time.toMinutes() % 60 == 0 ? time.toHours() + "h" : time.toMinutes() + "m";
  }

  /** Something of ours must come to its end first: it is tried again when that may have. */
  static Outcome waitFor(String code, String sentence) {
    return new Outcome(MessageState.RETRYING, Reason.of(code, sentence), Duration.ZERO, false, "");
  }

  /** A lost answer is looked for once more after this time. */
  static Outcome lookAgain(String sentence, Duration after) {
    return new Outcome(
        MessageState.RETRYING, Reason.of("looking-for-outcome", sentence), after, true, "");
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
