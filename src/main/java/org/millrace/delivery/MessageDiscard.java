package org.millrace.delivery;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.Reason;

/** Ends messages of which a person decided that they are not to be filed. */
final class MessageDiscard {
  private final JournalDatabase journal;
  private final RunningDelivery running;
  private final Clock clock;

  MessageDiscard(JournalDatabase journal, RunningDelivery running, Clock clock) {
    this.journal = journal;
    this.running = running;
    this.clock = clock;
  }

  /** From any state in which nothing of it is under way or undecided. */
  Optional<String> discard(Verb.Asked asked) {
    Optional<String> hindrance = hindrance(asked, journal.ledger().rows(asked.id()));
    if (hindrance.isPresent()) {
      return hindrance;
    }
    Reason reason = Reason.of("discarded", "A person decided that it is not to be filed.");
    Note note =
        new Note(clock.instant(), "discarded", OperatorVerbs.told("discarded", asked.request()));
    String filed = filed(journal.ledger().rows(asked.id()));
    String outcome = "discarded" + (filed.isEmpty() ? "" : "; at Cerner stays " + filed);
    Committed.await(journal.operators().discard(asked.request(), reason, note, outcome));
    running.ended(asked.id());
    return Optional.empty();
  }

  /** Why a message cannot be ended by a person now. */
  static Optional<String> hindrance(Verb.Asked asked, List<LedgerRow> rows) {
    MessageState state = asked.message().state();
    if (!state.waiting() && !state.stopped()) {
      return Optional.of("the message is " + state + ", and nothing is left to do about it");
    }
    if (state.waiting() && asked.underWay()) {
      return Optional.of("it is being delivered just now; see what comes of it, then ask again");
    }
    String undecided = undecided(rows);
    return undecided.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "whether Cerner has stored "
                + undecided
                + " is not known; 'millrace messages retry "
                + asked.id()
                + "' has it looked for again, 'millrace messages settle "
                + asked.id()
                + "' tells it by what a person saw in the chart");
  }

  /** By anchor; empty if all is decided. */
  static String undecided(List<LedgerRow> rows) {
    return rows.stream()
        .filter(row -> DocumentFiling.unsettled(row) || DocumentCorrection.isWanted(row))
        .map(LedgerRow::anchor)
        .collect(Collectors.joining(", "));
  }

  /** What of the message is at Cerner; empty if nothing is. */
  static String filed(List<LedgerRow> rows) {
    return rows.stream()
        .filter(row -> row.state() == LedgerState.DONE)
        .map(row -> row.anchor() + " as DocumentReference/" + row.resourceId())
        .collect(Collectors.joining(", "));
  }
}
