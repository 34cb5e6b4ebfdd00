package org.millrace.intake;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.hl7.Replies;
import org.millrace.journal.ApplicationReplyStore;
import org.millrace.journal.AskedReply;
import org.millrace.journal.FeedSettings;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.QueuedMessage;
import org.millrace.journal.ReplyState;
import org.millrace.journal.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives senders in enhanced mode their application acknowledgment on the connection that their
 * message came on, once it has come to its end. Thread-safe.
 */
final class ApplicationReplies implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationReplies.class);

  /** Beyond so many, the memory for those who wait is better spent on delivering. */
  private static final int MOST = 100_000;

  private final JournalDatabase journal;
  private final ApplicationReplyStore store;
  private final DeliveryWatch watch;
  private final OutcomeReplies outcomes;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "application-replies");
            made.setDaemon(true);
            return made;
          });

  ApplicationReplies(JournalDatabase journal, Replies replies, DeliveryWatch watch) {
    this.journal = journal;
    this.store = journal.applicationReplies();
    this.watch = watch;
    this.outcomes = new OutcomeReplies(replies);
  }

  /**
   * A reply, if its sender wants to hear it.
   *
   * @param reply empty if the sender does not want to hear of this outcome
   */
  record Made(Optional<byte[]> reply) {}

  /** From now on, what comes of the message is told on this connection; called once it may be. */
  void owe(long id, AskedReply asked, WayBack back) {
    if (waiting.incrementAndGet() > MOST) {
      waiting.decrementAndGet();
      LOG.warn("too many senders wait for application acknowledgments; message {} has none", id);
      store.became(id, ReplyState.NOT_HEARD, "too-many-waiting");
      return;
    }
    try {
      thread.execute(
          () -> watch.settled(id).thenAccept(standing -> hand(id, asked, standing, back)));
    } catch (RejectedExecutionException stopped) {
      waiting.decrementAndGet();
      store.became(id, ReplyState.NOT_HEARD, "stopped");
    }
  }

  /** On the thread that tells of outcomes, which must not wait. */
  private void hand(long id, AskedReply asked, Optional<Standing> standing, WayBack back) {
    waiting.decrementAndGet();
    if (standing.isEmpty()) {
      store.became(id, ReplyState.NOT_HEARD, "stopped");
      return;
    }
    try {
      thread.execute(() -> give(asked, standing.get(), back));
    } catch (RejectedExecutionException stopped) {
      store.became(id, ReplyState.NOT_HEARD, "stopped");
    }
  }

  private void give(AskedReply asked, Standing standing, WayBack back) {
    long id = standing.id();
    try {
      Optional<Made> made = make(asked, standing, outcomes, journal);
      if (made.isEmpty()) {
        store.became(id, ReplyState.NOT_HEARD, "content-not-kept");
      } else if (made.get().reply().isEmpty()) {
        store.became(id, ReplyState.NONE, "");
      } else {
        byte[] reply = made.get().reply().get();
        back.send(
            reply, took -> store.became(id, took ? ReplyState.GIVEN : ReplyState.NOT_HEARD, reply));
      }
    } catch (RuntimeException failure) {
      // Texts of exceptions may quote the message.
      LOG.error(
          "the application acknowledgment of message {} could not be made: {}",
          id,
          failure.getClass().getName());
      store.became(id, ReplyState.NOT_HEARD, "not-made");
    }
  }

  /** Empty if the content of the message is not kept any more. */
  static Optional<Made> make(
      AskedReply asked, Standing standing, OutcomeReplies outcomes, JournalDatabase journal) {
    boolean accepted = OutcomeReplies.accepted(standing);
    if (!asked.when().tells(accepted)) {
      return Optional.of(new Made(Optional.empty()));
    }
    Optional<QueuedMessage> message = journal.queue().find(standing.id());
    if (message.isEmpty()) {
      return Optional.empty();
    }
    byte[] reply =
        outcomes.reply(
            outcomes.read(message.get()),
            standing.id(),
            Optional.of(standing),
            FeedSettings.Late.AA);
    return Optional.of(new Made(Optional.of(reply)));
  }

  /** How many senders wait for one on their connection. */
  int waiting() {
    return waiting.get();
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
