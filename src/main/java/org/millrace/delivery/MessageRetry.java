package org.millrace.delivery;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorRequest;
import org.millrace.journal.UnmappedCode;

/** Puts messages back into the queue: to be tried again, or to have what was filed corrected. */
final class MessageRetry {
  private static final String CONTENT_GONE = "the content of the message is not kept any more";

  private final JournalDatabase journal;
  private final MessageMapping mapping;
  private final RunningDelivery running;
  private final Clock clock;

  MessageRetry(
      JournalDatabase journal, MessageMapping mapping, RunningDelivery running, Clock clock) {
    this.journal = journal;
    this.mapping = mapping;
    this.running = running;
    this.clock = clock;
  }

  /** A stopped message, or one that is tried again later, is tried now. */
  Optional<String> retry(Verb.Asked asked) {
    MessageState state = asked.message().state();
    if (!state.stopped() && state != MessageState.RETRYING) {
      return Optional.of("the message is " + state);
    }
    return requeued(
        asked, Committed.await(journal.operators().requeue(asked.request(), retryNote(asked))));
  }

  /** The same, if the tables know by now what the message waits for. */
  Optional<String> retryMended(Verb.Asked asked) {
    boolean unmended =
        journal.codes().of(asked.id()).stream()
            .anyMatch(code -> code.held() && !known(asked.message(), code));
    return unmended
        ? Optional.of(
            "this engine does not know every code that the message waits for" + ManyRequests.STALE)
        : retry(asked);
  }

  /** The documents of a delivered message are mapped again, and corrected where they differ. */
  Optional<String> correct(Verb.Asked asked) {
    MessageSummary message = asked.message();
    if (message.state() != MessageState.DELIVERED) {
      return Optional.of(
          "the message is " + message.state() + "; what is DELIVERED can be corrected");
    }
    List<LedgerRow> filed =
        journal.ledger().rows(message.id()).stream()
            .filter(row -> row.state() == LedgerState.DONE)
            .toList();
    if (filed.isEmpty() || filed.stream().anyMatch(row -> row.contentDigest().isEmpty())) {
      return Optional.of("what was sent of it is not on record");
    }
    if (journal.codes().of(message.id()).stream().noneMatch(code -> known(message, code))) {
      return Optional.of(
          "this engine knows none of the codes that were passed on" + ManyRequests.STALE);
    }
    Note note =
        new Note(clock.instant(), "correct", OperatorVerbs.told("correct asked", asked.request()));
    return requeued(
        asked, Committed.await(journal.operators().requeueToCorrect(asked.request(), note)));
  }

  private Optional<String> requeued(Verb.Asked asked, boolean done) {
    if (!done) {
      return Optional.of(CONTENT_GONE);
    }
    running.requeued(asked.id(), asked.message().sender());
    return Optional.empty();
  }

  private Note retryNote(Verb.Asked asked) {
    OperatorRequest request = asked.request();
    return new Note(clock.instant(), "retry", OperatorVerbs.told("retry asked", request));
  }

  private boolean known(MessageSummary message, UnmappedCode code) {
    MessageMapping ofTenant = mapping.ofTenant(journal.queue().tenant(message.feed()));
    return ofTenant.knows(message.sender(), code.table(), code.code(), code.text());
  }
}
