package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through the journal once an hour and removes what need not be kept any more, in steps: first
 * contents, then messages, then space is given back. What is due is looked for on a connection for
 * reading, so that the writer does nothing but remove. Engines that share a journal each go their
 * way: what one has removed, or has taken up since, the other leaves alone. Steps are for one
 * thread.
 */
final class RetentionWalk {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionWalk.class);
  private static final Duration EVERY = Duration.ofHours(1);
  private static final Duration TOLD_EVERY = Duration.ofDays(1);

  /** Removed in one commit: so few, and no more than so many bytes unless it is one message. */
  private static final int MESSAGES = 50;

  private static final long BYTES = 1024 * 1024;

  private enum Phase {
    WAITING,
    CONTENTS,
    MESSAGES,
    SPACE
  }

  private final JournalDatabase journal;
  private final AtomicLong contents = new AtomicLong();
  private final AtomicLong messages = new AtomicLong();
  private final Deque<RetentionStore.Due> due = new ArrayDeque<>();
  private volatile Retention otherwise = Retention.ALL;
  private volatile List<Feed> open = List.of();
  private volatile boolean follows;
  private Phase phase = Phase.WAITING;
  private Instant next = Instant.MIN;
  private Instant told = Instant.MIN;
  private long toldContents;
  private long toldMessages;
  private long after;
  private boolean end;

  RetentionWalk(JournalDatabase journal) {
    this.journal = journal;
  }

  void follow(Retention forOthers, Collection<Feed> feeds) {
    otherwise = forOthers;
    open = List.copyOf(feeds);
    follows = true;
  }

  long contentsRemoved() {
    return contents.get();
  }

  long messagesRemoved() {
    return messages.get();
  }

  /** One small step; true if there is more to do now. */
  boolean step() {
    return switch (phase) {
      case WAITING -> begin();
      case CONTENTS, MESSAGES -> walk();
      case SPACE -> giveBack();
    };
  }

  private boolean begin() {
    Instant now = journal.clock().instant();
    // A clock that was set back must not keep it waiting for longer.
    boolean early = now.isBefore(next) && now.isAfter(next.minus(EVERY));
    if (early || !follows || rules().removeNothing()) {
      return false;
    }
    next = now.plus(EVERY);
    enter(Phase.CONTENTS);
    return true;
  }

  private RetentionRules rules() {
    return journal.read(handle -> RetentionStore.rules(handle, otherwise, open));
  }

  private void enter(Phase into) {
    phase = into;
    after = 0;
    end = false;
  }

  private boolean walk() {
    if (!due.isEmpty()) {
      List<RetentionStore.Due> some = some();
      if (phase == Phase.CONTENTS) {
        contents.addAndGet(
            journal.write(handle -> RetentionStore.removeContents(handle, some)).join());
      } else {
        messages.addAndGet(
            journal.write(handle -> RetentionStore.removeMessages(handle, some)).join());
      }
      due.removeAll(some);
      return true;
    }
    if (end) {
      enter(phase == Phase.CONTENTS ? Phase.MESSAGES : Phase.SPACE);
      return true;
    }
    RetentionStore.Page page = look();
    due.addAll(page.due());
    after = page.last();
    end = page.end();
    return true;
  }

  private RetentionStore.Page look() {
    long at = journal.clock().millis();
    return journal.read(
        handle -> {
          RetentionRules now = RetentionStore.rules(handle, otherwise, open);
          return phase == Phase.CONTENTS
              ? RetentionStore.contentsDue(
                  handle, after, at, now::of, now.shortest(Retention::content))
              : RetentionStore.messagesDue(
                  handle, after, at, now::of, now.shortest(Retention::metadata));
        });
  }

  /** The first of those that are due; they stay in line until they are gone. */
  private List<RetentionStore.Due> some() {
    List<RetentionStore.Due> some = new ArrayList<>();
    long size = 0;
    for (RetentionStore.Due each : due) {
      size += each.size();
      if (!some.isEmpty() && (some.size() == MESSAGES || size > BYTES)) {
        break;
      }
      some.add(each);
    }
    return some;
  }

  private boolean giveBack() {
    if (journal.write(journal::giveSpaceBack).join() > 0) {
      return true;
    }
    phase = Phase.WAITING;
    tell();
    return false;
  }

  private void tell() {
    Instant now = journal.clock().instant();
    if (now.isBefore(told) || now.isAfter(told.plus(TOLD_EVERY))) {
      LOG.info(
          "removed since this was last told: {} contents, {} messages",
          contents.get() - toldContents,
          messages.get() - toldMessages);
      told = now;
      toldContents = contents.get();
      toldMessages = messages.get();
    }
  }
}
