package org.millrace.delivery;

import java.time.Clock;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorRequest;
import org.millrace.journal.Printable;

/** Carries out what operators ask for, in the engine, whoever left the request. */
final class OperatorVerbs {
  /** Back into the queue, now. */
  static final String RETRY = "retry";

  private final JournalDatabase journal;
  private final Clock clock;
  private final LongConsumer requeued;

  /**
   * @param requeued is told of each message that waits again
   */
  OperatorVerbs(JournalDatabase journal, Clock clock, LongConsumer requeued) {
    this.journal = journal;
    this.clock = clock;
    this.requeued = requeued;
  }

  /** Carries out all that wait, oldest first, and records what came of each. */
  void carryOutOpen() {
    for (OperatorRequest request : journal.requests().open()) {
      String outcome =
          request.verb().equals(RETRY)
              ? retry(request)
              : "refused: there is no verb " + Printable.of(request.verb());
      Committed.await(journal.requests().done(request.id(), outcome));
    }
  }

  private String retry(OperatorRequest request) {
    Optional<MessageSummary> message = journal.listing().find(request.messageId());
    if (message.isEmpty()) {
      return "refused: there is no message " + request.messageId();
    }
    MessageState state = message.get().state();
    if (message.get().question()) {
      return "refused: a question was answered while its sender waited";
    }
    if (!state.stopped() && state != MessageState.RETRYING) {
      return "refused: the message is " + state;
    }
    String why = request.why().isEmpty() ? "" : ": " + Printable.of(request.why());
    Note note =
        new Note(clock.instant(), RETRY, "retry asked by " + Printable.of(request.who()) + why);
    Committed.await(journal.queue().requeue(request.messageId(), note));
    requeued.accept(request.messageId());
    return "queued";
  }
}
