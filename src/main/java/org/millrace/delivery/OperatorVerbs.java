package org.millrace.delivery;

import java.time.Clock;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.LaneLeases;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.OperatorRequest;
import org.millrace.journal.OperatorVerb;
import org.millrace.journal.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what operators ask for, in the engine, whoever left the request. */
final class OperatorVerbs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorVerbs.class);

  /** What reads or maps a message. */
  private static final Set<OperatorVerb> OF_MESSAGES =
      EnumSet.of(OperatorVerb.EDIT, OperatorVerb.RESEND, OperatorVerb.CORRECT);

  private final JournalDatabase journal;
  private final RunningDelivery running;
  private final Map<OperatorVerb, Verb> verbs = new EnumMap<>(OperatorVerb.class);
  private final ExecutorService looking =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "operator-looks");
            thread.setDaemon(true);
            return thread;
          });

  private OperatorVerbs(JournalDatabase journal, RunningDelivery running) {
    this.journal = journal;
    this.running = running;
  }

  /**
   * All that there are.
   *
   * @param wake has them carried out soon; is called on any thread
   */
  static OperatorVerbs of(
      JournalDatabase journal,
      MessageMapping mapping,
      DocumentSight sight,
      RunningDelivery running,
      Runnable wake) {
    Clock clock = sight.calls().clock();
    MessageRetry retry = new MessageRetry(journal, mapping, running, clock);
    OperatorVerbs all = new OperatorVerbs(journal, running);
    Looks<DocumentSight.Seen> looks = new Looks<>(all.looking, clock, wake);
    all.verbs.put(
        OperatorVerb.SETTLE, new OutcomeSettlement(journal, sight, looks, running, clock)::settle);
    all.verbs.put(
        OperatorVerb.RESEND,
        new MessageResend(journal, sight, new Looks<>(all.looking, clock, wake), running)::resend);
    all.verbs.put(OperatorVerb.EDIT, new MessageEdit(journal, running, clock)::edit);
    all.verbs.put(OperatorVerb.RETRY, retry::retry);
    all.verbs.put(OperatorVerb.RETRY_MENDED, retry::retryMended);
    all.verbs.put(OperatorVerb.CORRECT, retry::correct);
    all.verbs.put(OperatorVerb.DISCARD, new MessageDiscard(journal, running, clock)::discard);
    return all;
  }

  /**
   * Carries out all that wait, oldest first, and records what came of each. Of several engines on
   * one journal, the one that delivers a message's lane does so: nobody else writes its ledger.
   */
  void carryOutOpen() {
    LaneLeases leases = journal.leases();
    for (OperatorRequest request : journal.requests().open()) {
      // Before the message is read: nothing is taken up between here and the end of the verb.
      boolean underWay = running.isUnderWay(request.messageId());
      Optional<MessageSummary> message = journal.listing().find(request.messageId());
      String lane =
          message
              .filter(found -> !found.question())
              .map(found -> running.laneOf(found.id()))
              .orElse("");
      leases
          .of(lane)
          .ifPresent(lease -> leases.under(lease, () -> carryOut(request, message, underWay)));
    }
  }

  private boolean carryOut(
      OperatorRequest request, Optional<MessageSummary> message, boolean underWay) {
    Optional<String> refusal = refusal(request, message, underWay);
    refusal.ifPresent(
        why -> Committed.await(journal.requests().done(request.id(), "refused: " + why)));
    return refusal.isEmpty();
  }

  private Optional<String> refusal(
      OperatorRequest request, Optional<MessageSummary> message, boolean underWay) {
    Optional<OperatorVerb> word = OperatorVerb.of(request.verb());
    Optional<Verb> verb = word.map(verbs::get);
    if (message.isEmpty()) {
      return Optional.of("there is no message " + request.messageId());
    }
    if (message.get().question()) {
      return Optional.of("it was answered while its sender waited, and nothing of it is queued");
    }
    if (word.isEmpty() || verb.isEmpty()) {
      return Optional.of("there is no verb " + Printable.of(request.verb()));
    }
    if (Feed.isFace(message.get().feed()) && OF_MESSAGES.contains(word.get())) {
      return Optional.of(
          "it is no message, but a create that an HTTP caller left to be delivered; the caller can"
              + " send another");
    }
    if (word.get().needsWhy() && request.why().isBlank()) {
      return Optional.of("it decides what becomes of a patient's data; say why (--why)");
    }
    try {
      return verb.get().carryOut(new Verb.Asked(request, message.get(), underWay));
    } catch (JournalException failure) {
      throw failure;
    } catch (RuntimeException bug) {
      // The requests behind it must not wait for ever.
      LOG.error("{} failed: {}", request, Worker.place(bug));
      return Optional.of("the engine failed on it; report it with the message's number");
    }
  }

  /** Nothing is looked for any more. */
  @Override
  public void close() {
    looking.shutdownNow();
  }

  /** For a note: what was done, by whom, and why. */
  static String told(String what, OperatorRequest request) {
    String why = request.why().isEmpty() ? "" : ": " + Printable.of(request.why());
    return what + " by " + Printable.of(request.who()) + why;
  }
}
