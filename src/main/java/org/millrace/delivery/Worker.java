package org.millrace.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millrace.cerner.WhoActs;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Conclusion;
import org.millrace.journal.DamagedContentException;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.QueuedMessage;
import org.millrace.journal.Reason;
import org.millrace.journal.TurnStore;
import org.millrace.mapping.UnfitMappingsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one message up, has it delivered, and puts on record what came of it. */
final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration JOURNAL_DOWN = Duration.ofSeconds(1);

  private final JournalDatabase journal;
  private final TenantDeliveries delivery;
  private final DeliverySettings.Pace pace;
  private final Watch watch;
  private final Clock clock;

  /** Who is told what comes of attempts. */
  record Watch(StoppedListener listener, UpstreamPauses pauses, DeliveryMetrics metrics) {}

  Worker(
      JournalDatabase journal,
      TenantDeliveries delivery,
      DeliverySettings.Pace pace,
      Watch watch,
      Clock clock) {
    this.journal = journal;
    this.delivery = delivery;
    this.pace = pace;
    this.watch = watch;
    this.clock = clock;
  }

  /** What becomes of it, if it is its turn. */
  WaitingLine.After work(long id) {
    try {
      Optional<TurnStore.Turn> found = journal.turns().of(id);
      if (found.isEmpty()) {
        return new WaitingLine.After.Done();
      }
      TurnStore.Turn turn = found.get();
      QueuedMessage message = turn.message();
      if (turn.behind().isPresent()) {
        return waits(message, turn.behind().get());
      }
      // Not waited for: the ledger's first row, which is, comes behind it in the same queue.
      journal.queue().takeUp(id);
      return conclude(message, turn.ledger(), deliver(message, turn.ledger()));
    } catch (DamagedContentException damaged) {
      LOG.error("message {} is held: {}", id, damaged.getMessage());
      return holdDamaged(id);
    } catch (JournalException failure) {
      LOG.error("message {} stays where it is: {}", id, failure.getMessage());
      return new WaitingLine.After.Again(clock.instant().plus(JOURNAL_DOWN));
    }
  }

  /** Trying again would not help, and what is behind it must not wait for ever. */
  private WaitingLine.After holdDamaged(long id) {
    Outcome outcome =
        Outcome.held(
            "content-damaged",
            "The stored message cannot be decrypted: its row was changed, or is another's.",
            "Have it sent again, and find out who changed the journal.",
            WhoActs.US);
    Committed.await(
        journal
            .queue()
            .conclude(
                id,
                new Conclusion(
                    outcome.state(),
                    outcome.reason(),
                    clock.instant(),
                    Optional.empty(),
                    journey(List.of(), outcome))));
    watch.metrics().concluded(outcome.state());
    journal.listing().find(id).ifPresent(line -> tell(id, line.feed(), outcome));
    return new WaitingLine.After.Done();
  }

  /** Not waited for: what comes of its next look is written behind it. */
  private WaitingLine.After waits(QueuedMessage message, TurnStore.Behind behind) {
    Reason reason = WaitingReason.of(behind);
    Optional<Note> note =
        Optional.of(new Note(clock.instant(), reason.code(), reason.sentence()))
            .filter(any -> behind.person());
    journal.queue().waitsBehind(message.id(), reason, note);
    return new WaitingLine.After.Behind(
        behind.message(),
        behind.person(),
        behind.person() && !behind.lane(),
        clock.instant().plus(pace.longestRetry()));
  }

  private MessageDelivery.Delivered deliver(QueuedMessage queued, List<LedgerRow> ledger) {
    try {
      Optional<V2Message> message = delivery.read(queued);
      return delivery.deliver(
          new Attempt(queued, message, journal, clock, pace.callWithin()), ledger);
    } catch (V2FormatException unreadable) {
      return failed("unreadable", "The message cannot be read any more.", WhoActs.SENDER);
    } catch (JournalException failure) {
      throw failure;
    } catch (UnfitMappingsException unfit) {
      LOG.error("message {} is held: {}", queued.id(), unfit.getMessage());
      return held(
          "mapping-unfit",
          String.valueOf(unfit.getMessage()),
          "Correct the file, restart the engine, then retry.",
          WhoActs.ANALYST);
    } catch (RuntimeException | StackOverflowError | LinkageError bug) {
      LOG.error("message {} could not be delivered: {}", queued.id(), place(bug));
      return failed(
          "internal-fault",
          "Delivery failed on this message: " + bug.getClass().getSimpleName() + ".",
          WhoActs.US);
    }
  }

  /** Kind and place only: the text of an exception may quote the message. */
  static String place(Throwable bug) {
    StackTraceElement[] at = bug.getStackTrace();
    return bug.getClass().getName() + " at " + (at.length == 0 ? "?" : at[0]);
  }

  private static MessageDelivery.Delivered failed(String code, String sentence, WhoActs who) {
    return held(code, sentence, "Report it with the message's id; then retry.", who);
  }

  private static MessageDelivery.Delivered held(
      String code, String sentence, String remedy, WhoActs who) {
    return new MessageDelivery.Delivered(
        Outcome.held(code, sentence, remedy, who), Optional.empty(), List.of());
  }

  private WaitingLine.After conclude(
      QueuedMessage message, List<LedgerRow> before, MessageDelivery.Delivered delivered) {
    Outcome outcome = patient(message, delivered.outcome());
    Instant due = dueOf(message, outcome);
    watch.pauses().noted(message.id(), outcome.waitsFor());
    Committed.await(
        journal
            .queue()
            .conclude(
                message.id(),
                new Conclusion(
                    outcome.state(),
                    outcome.reason(),
                    due,
                    delivered.run().map(MappingReports::of),
                    journey(delivered.notes(), outcome),
                    delivered.answered())));
    if (outcome.state() == MessageState.DELIVERED) {
      timed(message, before);
    }
    watch.metrics().concluded(outcome.state());
    if (outcome.state().waiting()) {
      LOG.info("message {} is tried again: {}", message.id(), outcome.reason().code());
      return new WaitingLine.After.Again(due);
    }
    // Not before: what is tried again is mapped again, and would be counted with each attempt.
    delivered.run().ifPresent(run -> watch.metrics().covered(message.sender(), run.coverage()));
    if (outcome.state().stopped()) {
      LOG.warn(
          "message {} on feed {} is {}: {}",
          message.id(),
          message.feed().name(),
          outcome.state(),
          outcome.reason().code());
      tell(message.id(), message.feed().name(), outcome);
    }
    return new WaitingLine.After.Done();
  }

  /** What operators had corrected, or filed again, was delivered before. */
  private void timed(QueuedMessage message, List<LedgerRow> before) {
    if (message.resends().isEmpty() && before.stream().noneMatch(DocumentCorrection::isWanted)) {
      Duration sinceReceipt = Duration.between(message.receivedAt(), clock.instant());
      watch.metrics().filed(message.feed().name(), sinceReceipt, delivery.trace(message));
    }
  }

  /** What was noticed, and at the end why it did not come to its end. */
  private List<Note> journey(List<Note> noticed, Outcome outcome) {
    if (outcome.state() == MessageState.DELIVERED) {
      return noticed;
    }
    List<Note> notes = new ArrayList<>(noticed);
    notes.add(
        new Note(
            clock.instant(),
            outcome.state().name().toLowerCase(Locale.ROOT),
            outcome.reason().code() + ": " + outcome.reason().sentence()));
    return notes;
  }

  private void tell(long id, String feed, Outcome outcome) {
    try {
      watch.listener().stopped(id, feed, outcome.state(), outcome.reason());
    } catch (RuntimeException failure) {
      LOG.error("message {} could not be reported: {}", id, failure.getClass().getName());
    }
  }

  /** As it is, until the feed's patience is at an end. */
  private Outcome patient(QueuedMessage message, Outcome outcome) {
    boolean bounded = outcome.state() == MessageState.RETRYING && !outcome.exactly();
    return bounded
            && patienceEnds(message).filter(end -> !clock.instant().isBefore(end)).isPresent()
        ? Outcome.gaveUp(outcome.reason(), retryFor(message).orElseThrow())
        : outcome;
  }

  /** When the feed gives up on a message that has failed before; empty if it never does. */
  private Optional<Instant> patienceEnds(QueuedMessage message) {
    Instant since = message.failingSince().orElseGet(clock::instant);
    return retryFor(message).map(since::plus);
  }

  private static Optional<Duration> retryFor(QueuedMessage message) {
    return message.feed().settings().retrying().retryFor();
  }

  private Instant dueOf(QueuedMessage message, Outcome outcome) {
    Instant now = clock.instant();
    if (outcome.exactly() || outcome.state() != MessageState.RETRYING) {
      return now.plus(outcome.atLeast());
    }
    Duration backOff =
        new BackOff(pace.firstRetry(), pace.longestRetry()).after(message.attempts() + 1);
    Instant due = now.plus(outcome.atLeast().compareTo(backOff) > 0 ? outcome.atLeast() : backOff);
    // The last attempt is made when the time is up, and not long after.
    return patienceEnds(message).filter(end -> end.isBefore(due)).orElse(due);
  }
}
