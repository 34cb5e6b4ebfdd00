package org.millrace.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.millrace.hl7.Replies;
import org.millrace.journal.ApplicationReply;
import org.millrace.journal.ApplicationReplyStore;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.ReplyState;
import org.millrace.journal.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends application acknowledgments to the addresses that feeds name for them, those of one address
 * one after the other. What cannot be sent stays in the journal and is tried again, however long it
 * takes; the same bytes, so that the other side can tell. Thread-safe.
 */
final class ReplyPost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplyPost.class);
  private static final int AT_ONCE = 200;
  private static final int THREADS = 8;

  /** As long as nothing is heard from the engine that has one in hand, no other takes it. */
  private static final Duration IN_HAND = Duration.ofMinutes(2);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final int MOST_DOUBLINGS = 8;

  private final JournalDatabase journal;
  private final ApplicationReplyStore store;
  private final OutcomeReplies outcomes;
  private final ReplyLine line;
  private final Clock clock;
  private final ScheduledExecutorService look =
      Executors.newSingleThreadScheduledExecutor(ReplyPost::thread);
  private final ExecutorService senders = Executors.newFixedThreadPool(THREADS, ReplyPost::thread);
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  /** Addresses that took nothing the last time, and until when they are left alone. */
  private final Map<String, Failing> failing = new ConcurrentHashMap<>();

  private record Failing(int times, Instant until) {}

  ReplyPost(JournalDatabase journal, Replies replies, ReplyLine line, Clock clock, Duration every) {
    this.journal = journal;
    this.store = journal.applicationReplies();
    this.outcomes = new OutcomeReplies(replies.wantingCommit());
    this.line = line;
    this.clock = clock;
    look.scheduleWithFixedDelay(
        this::lookSafely, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Thread thread(Runnable task) {
    Thread made = new Thread(task, "reply-post");
    made.setDaemon(true);
    return made;
  }

  private void lookSafely() {
    try {
      lookForDue();
    } catch (RuntimeException failure) {
      // Without this task nothing would be sent any more.
      LOG.error(
          "application acknowledgments could not be looked for: {}", failure.getClass().getName());
    }
  }

  private void lookForDue() {
    Set<String> leftAlone = new HashSet<>(busy);
    Instant now = clock.instant();
    failing.forEach(
        (address, since) -> {
          if (now.isBefore(since.until())) {
            leftAlone.add(address);
          }
        });
    Map<String, List<ApplicationReply>> byAddress =
        store.due(leftAlone, AT_ONCE).stream()
            .collect(Collectors.groupingBy(each -> each.asked().address()));
    byAddress.forEach(
        (address, due) -> {
          if (busy.add(address)) {
            hand(address, due);
          }
        });
  }

  private void hand(String address, List<ApplicationReply> due) {
    try {
      senders.execute(
          () -> {
            try {
              send(address, due);
            } catch (RuntimeException failure) {
              // They stay owed. Texts of exceptions may quote a message.
              LOG.error(
                  "application acknowledgments to {} broke off: {}",
                  address,
                  failure.getClass().getName());
            } finally {
              busy.remove(address);
            }
          });
    } catch (RejectedExecutionException stopped) {
      busy.remove(address);
    }
  }

  private void send(String address, List<ApplicationReply> due) {
    Map<Long, Standing> standings = new HashMap<>();
    journal
        .queue()
        .standing(due.stream().map(ApplicationReply::messageId).toList())
        .forEach(each -> standings.put(each.id(), each));
    try (Connection connection = new Connection(address)) {
      for (ApplicationReply each : due) {
        Standing standing = standings.get(each.messageId());
        if (standing != null
            && standing.settled()
            && store.takeUp(each, clock.instant().plus(IN_HAND)).join()
            && !send(each, standing, connection)) {
          return;
        }
      }
    }
  }

  /** False if the address takes nothing now. */
  private boolean send(ApplicationReply owed, Standing standing, Connection connection) {
    long id = owed.messageId();
    byte[] reply = owed.reply();
    if (reply.length == 0) {
      Optional<ApplicationReplies.Made> made =
          ApplicationReplies.make(owed.asked(), standing, outcomes, journal);
      if (made.isEmpty() || made.get().reply().isEmpty()) {
        store.became(id, made.isEmpty() ? ReplyState.NOT_HEARD : ReplyState.NONE, "");
        return true;
      }
      reply = made.get().reply().get();
      store.written(id, reply).join();
    }
    try {
      connection.send(reply);
      store.became(id, ReplyState.GIVEN, "");
      restored(connection.address);
      return true;
    } catch (ReplyLine.NotTaken failure) {
      return notTaken(owed, connection.address, failure);
    }
  }

  private boolean notTaken(ApplicationReply owed, String address, ReplyLine.NotTaken failure) {
    long id = owed.messageId();
    if (failure.forGood()) {
      LOG.warn(
          "{} did not take the application acknowledgment of message {}: {}",
          address,
          id,
          failure.word());
      store.became(id, ReplyState.NOT_HEARD, failure.word());
      return true;
    }
    int times = Optional.ofNullable(failing.get(address)).map(Failing::times).orElse(0) + 1;
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS));
    Instant next = clock.instant().plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    if (failing.put(address, new Failing(times, next)) == null) {
      LOG.warn(
          "{} takes no application acknowledgments: {}; they are kept and sent later",
          address,
          failure.word());
    }
    store.notSent(id, failure.word(), next).join();
    return false;
  }

  private void restored(String address) {
    if (failing.remove(address) != null) {
      LOG.warn("{} takes application acknowledgments again", address);
    }
  }

  /** Opened when there is something to send. */
  private final class Connection implements AutoCloseable {
    private final String address;
    private Optional<ReplyLine.Open> open = Optional.empty();

    Connection(String address) {
      this.address = address;
    }

    void send(byte[] reply) throws ReplyLine.NotTaken {
      if (open.isEmpty()) {
        open = Optional.of(line.open(address));
      }
      open.get().send(reply);
    }

    @Override
    public void close() {
      open.ifPresent(ReplyLine.Open::close);
    }
  }

  @Override
  public void close() {
    look.shutdownNow();
    senders.shutdownNow();
  }
}
