package org.millrace.delivery;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LaneLeases;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorRequest;
import org.millrace.journal.Printable;
import org.millrace.journal.UnmappedCode;

/** Carries out what operators ask for, in the engine, whoever left the request. */
final class OperatorVerbs {
  /** Back into the queue, now. */
  static final String RETRY = "retry";

  /** As {@link #RETRY}, if the tables know by now what the message waits for. */
  static final String RETRY_MENDED = "retry-mended";

  /** Its documents are mapped again, and corrected at Cerner where they differ. */
  static final String CORRECT = "correct";

  private static final String STALE =
      "; if its tables were mended since the engine started, restart it and ask again";

  private static final String CONTENT_GONE =
      "refused: the content of the message is not kept any more";

  private final JournalDatabase journal;
  private final MessageMapping mapping;
  private final Clock clock;
  private final LongFunction<String> laneOf;
  private final LongConsumer requeued;

  /**
   * @param laneOf a message's lane
   * @param requeued is told of each message that waits again
   */
  OperatorVerbs(
      JournalDatabase journal,
      MessageMapping mapping,
      Clock clock,
      LongFunction<String> laneOf,
      LongConsumer requeued) {
    this.journal = journal;
    this.mapping = mapping;
    this.clock = clock;
    this.laneOf = laneOf;
    this.requeued = requeued;
  }

  /**
   * Carries out all that wait, oldest first, and records what came of each. Of several engines on
   * one journal, the one that delivers a message's lane does so: nobody else writes its ledger.
   */
  void carryOutOpen() {
    LaneLeases leases = journal.leases();
    for (OperatorRequest request : journal.requests().open()) {
      Optional<MessageSummary> message = journal.listing().find(request.messageId());
      String lane =
          message
              .filter(found -> !found.question())
              .map(found -> laneOf.apply(found.id()))
              .orElse("");
      leases.of(lane).ifPresent(lease -> leases.under(lease, () -> carryOut(request, message)));
    }
  }

  private int carryOut(OperatorRequest request, Optional<MessageSummary> message) {
    return Committed.await(journal.requests().done(request.id(), outcome(request, message)));
  }

  private String outcome(OperatorRequest request, Optional<MessageSummary> message) {
    if (message.isEmpty()) {
      return "refused: there is no message " + request.messageId();
    }
    if (message.get().question()) {
      return "refused: it was answered while its sender waited, and nothing of it is queued";
    }
    return switch (request.verb()) {
      case RETRY -> retry(request, message.get());
      case RETRY_MENDED -> retryMended(request, message.get());
      case CORRECT -> correct(request, message.get());
      default -> "refused: there is no verb " + Printable.of(request.verb());
    };
  }

  private String retry(OperatorRequest request, MessageSummary message) {
    MessageState state = message.state();
    if (!state.stopped() && state != MessageState.RETRYING) {
      return "refused: the message is " + state;
    }
    if (Committed.await(journal.queue().requeue(request.messageId(), note(request))) == 0) {
      return CONTENT_GONE;
    }
    requeued.accept(request.messageId());
    return "queued";
  }

  private String retryMended(OperatorRequest request, MessageSummary message) {
    boolean unmended =
        journal.codes().of(message.id()).stream()
            .anyMatch(code -> code.held() && !known(message, code));
    return unmended
        ? "refused: this engine does not know every code that the message waits for" + STALE
        : retry(request, message);
  }

  private String correct(OperatorRequest request, MessageSummary message) {
    if (message.state() != MessageState.DELIVERED) {
      return "refused: the message is " + message.state() + "; what is DELIVERED can be corrected";
    }
    List<LedgerRow> filed =
        journal.ledger().rows(message.id()).stream()
            .filter(row -> row.state() == LedgerState.DONE)
            .toList();
    if (filed.isEmpty() || filed.stream().anyMatch(row -> row.contentDigest().isEmpty())) {
      return "refused: what was sent of it is not on record";
    }
    if (journal.codes().of(message.id()).stream().noneMatch(code -> known(message, code))) {
      return "refused: this engine knows none of the codes that were passed on" + STALE;
    }
    if (Committed.await(journal.queue().requeueToCorrect(request.messageId(), note(request)))
        == 0) {
      return CONTENT_GONE;
    }
    requeued.accept(request.messageId());
    return "queued";
  }

  private boolean known(MessageSummary message, UnmappedCode code) {
    return mapping.knows(message.sender(), code.table(), code.code(), code.text());
  }

  private Note note(OperatorRequest request) {
    String verb = request.verb().equals(CORRECT) ? CORRECT : RETRY;
    String why = request.why().isEmpty() ? "" : ": " + Printable.of(request.why());
    return new Note(clock.instant(), verb, verb + " asked by " + Printable.of(request.who()) + why);
  }
}
