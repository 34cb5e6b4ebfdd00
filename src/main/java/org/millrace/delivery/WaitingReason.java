package org.millrace.delivery;

import java.util.Locale;
import org.millrace.cerner.WhoActs;
import org.millrace.journal.Reason;
import org.millrace.journal.TurnStore;

/** Why a message does not come to its turn, in words. */
final class WaitingReason {
  private WaitingReason() {}

  static Reason of(TurnStore.Behind behind) {
    String of = behind.lane() ? " of its lane" : " of the same report";
    if (!behind.person()) {
      return Reason.of(
          TurnStore.BEHIND_EARLIER,
          "Waits behind message " + behind.cause() + of + ", which is under way.");
    }
    String state = behind.causeState().name();
    return new Reason(
        TurnStore.BEHIND_HELD,
        "Waits behind message " + behind.cause() + of + ", which is " + state + ".",
        "Bring message " + behind.cause() + " to its end; this one then goes on by itself.",
        WhoActs.ANALYST.name().toLowerCase(Locale.ROOT));
  }
}
