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
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.QueuedMessage;
import org.millrace.journal.Waiting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one message up, has it delivered, and puts on record what came of it. */
final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration JOURNAL_DOWN = Duration.ofSeconds(1);

  private final JournalDatabase journal;
  private final MessageDelivery delivery;
  private final DeliverySettings.Pace pace;
  private final Watch watch;
  private final Clock clock;

  /** Who is told what comes of attempts. */
  record Watch(StoppedListener listener, UpstreamPauses pauses, DeliveryMetrics metrics) {}

  Worker(
      JournalDatabase journal,
      MessageDelivery delivery,
      DeliverySettings.Pace pace,
      Watch watch,
      Clock clock) {
    this.journal = journal;
    this.delivery = delivery;
    this.pace = pace;
    this.watch = watch;
    this.clock = clock;
  }

  /** When it is due again; empty if nothing is left to do by ourselves. */
  Optional<Instant> work(long id) {
    try {
      Optional<QueuedMessage> found =
          journal.queue().find(id).filter(message -> message.state().waiting());
      if (found.isEmpty()) {
        return Optional.empty();
      }
      QueuedMessage message = found.get();
      // Not waited for: the ledger's first row, which is, comes behind it in the same queue.
      journal.queue().takeUp(id);
      return conclude(message, deliver(message));
    } catch (JournalException failure) {
      LOG.error("message {} stays where it is: {}", id, failure.getMessage());
      return Optional.of(clock.instant().plus(JOURNAL_DOWN));
    }
  }

  private MessageDelivery.Delivered deliver(QueuedMessage queued) {
    try {
      V2Message message = V2Message.read(queued.raw(), queued.feed().charset());
      return delivery.deliver(new Attempt(queued, message, journal, clock, pace.callWithin()));
    } catch (V2FormatException unreadable) {
      return failed("unreadable", "The message cannot be read any more.", WhoActs.SENDER);
    } catch (JournalException failure) {
      throw failure;
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
    return new MessageDelivery.Delivered(
        Outcome.held(code, sentence, "Report it with the message's id; then retry.", who),
        Optional.empty(),
        List.of());
  }

  private Optional<Instant> conclude(QueuedMessage message, MessageDelivery.Delivered delivered) {
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
    watch.metrics().concluded(outcome.state());
    if (outcome.state().waiting()) {
      LOG.info("message {} is tried again: {}", message.id(), outcome.reason().code());
      return Optional.of(due);
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
      tell(message, outcome);
    }
    return Optional.empty();
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

  private void tell(QueuedMessage message, Outcome outcome) {
    try {
      watch
          .listener()
          .stopped(message.id(), message.feed().name(), outcome.state(), outcome.reason());
    } catch (RuntimeException failure) {
      LOG.error("message {} could not be reported: {}", message.id(), failure.getClass().getName());
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

  /** Sender and patient: what must stay in order. */
  String findLane(long id) {
    return journal.queue().find(id).map(message -> keep(id, message)).orElse("");
  }

  String findLane(Waiting waiting) {
    return findLane(waiting.id());
  }

  private String keep(long id, QueuedMessage message) {
    String lane = journal.searchKeys().of("lane", message.sender(), patientKey(message));
    journal.queue().setLane(id, lane);
    return lane;
  }

  /** The first number of PID-3, whatever its authority; messages without one share a lane. */
  private static String patientKey(QueuedMessage message) {
    try {
      return V2Message.read(message.raw(), message.feed().charset())
          .first("PID")
          .map(pid -> pid.field(3).repetition(1).component(1).raw())
          .orElse("");
    } catch (V2FormatException | RuntimeException | StackOverflowError unreadable) {
      // Its own attempt says what is wrong with it; looking for its lane must not stop the others.
      return "";
    }
  }
}
