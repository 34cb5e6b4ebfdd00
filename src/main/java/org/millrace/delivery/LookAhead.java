package org.millrace.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.Waiting;
import org.millrace.journal.WaitingStore;

/**
 * Brings what waits in the journal before the workers, a page at a time, so far ahead and no
 * farther: a long outage costs no memory. Each sender has a room of its own, so that the backlog of
 * one keeps no other out; what is beyond it stays in the journal until there is room, and keeps its
 * order. For one thread.
 *
 * <p>Before a message is told, all earlier ones of its sender that wait were looked into, and their
 * lanes and numbers are on disk.
 */
final class LookAhead {
  private static final int PAGE = 500;
  private static final int SMALLEST_PAGE = 20;

  /** Known ahead of one sender, unless so many senders have more that it would be too much. */
  private static final int ROOM = 20_000;

  private static final int ROOM_FOR_ALL = 200_000;

  private final JournalDatabase journal;
  private final FirstLook look;
  private final ToIntFunction<String> known;
  private final UnaryOperator<Set<Long>> paused;
  private final Found found;

  /** Senders that have more than their room, and how far they were read. */
  private final Map<String, Long> behind = new LinkedHashMap<>();

  private boolean begun;
  private boolean news = true;
  private long seen;

  /** Is told of each message that waits, in order of arrival of each sender. */
  @FunctionalInterface
  interface Found {
    void waiting(long id, String sender, String lane, Instant due);
  }

  /**
   * @param known how many messages of a sender are known and not done with
   * @param paused which of some messages operators keep from being delivered: they are looked into,
   *     and not told
   */
  LookAhead(
      JournalDatabase journal,
      FirstLook look,
      ToIntFunction<String> known,
      UnaryOperator<Set<Long>> paused,
      Found found) {
    this.journal = journal;
    this.look = look;
    this.known = known;
    this.paused = paused;
    this.found = found;
  }

  /** All that waits is told again, from the oldest on. */
  void beginAnew() {
    begun = false;
  }

  /** Something new may be in the journal. */
  void news() {
    news = true;
  }

  /**
   * Whether a message that was put back into the queue is found without being told: it is beyond
   * what was read.
   */
  boolean willFind(long id, String sender) {
    Long reached = behind.get(sender);
    return !begun || id > seen || (reached != null && id > reached);
  }

  /** Whether there is something to read now. */
  boolean wantsMore() {
    return !begun || news || behind.keySet().stream().anyMatch(this::hasRoom);
  }

  /** Reads on by a page of each sender that has room, and a page of what is new. */
  void readOn() {
    if (!begun) {
      begin();
    }
    if (news) {
      news = false;
      news |= readNew();
    }
    List<String> more = behind.keySet().stream().filter(this::hasRoom).toList();
    int page = Math.max(SMALLEST_PAGE, PAGE / Math.max(1, more.size()));
    more.forEach(sender -> readMore(sender, page));
  }

  private void begin() {
    WaitingStore.Backlog backlog = journal.waiting().backlog();
    lookIntoStopped();
    behind.clear();
    backlog.senders().forEach(sender -> behind.put(sender, 0L));
    seen = backlog.upTo();
    news = true;
    begun = true;
  }

  /** Of a version before: later messages of their reports are to wait behind them. */
  private void lookIntoStopped() {
    List<Long> page = journal.businessKeys().stoppedUnread(0, PAGE);
    while (!page.isEmpty()) {
      look.at(page).values().forEach(Committed::await);
      page = journal.businessKeys().stoppedUnread(page.get(page.size() - 1), PAGE);
    }
  }

  /** Whether there may be more. */
  private boolean readNew() {
    List<Waiting> page = journal.waiting().after(seen, PAGE);
    List<Waiting> fit = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Waiting each : page) {
      int before = counts.computeIfAbsent(each.sender(), known::applyAsInt);
      if (!behind.containsKey(each.sender()) && before >= room()) {
        behind.put(each.sender(), each.id() - 1);
      }
      if (!behind.containsKey(each.sender())) {
        counts.put(each.sender(), before + 1);
        fit.add(each);
      }
    }
    tell(fit);
    if (!page.isEmpty()) {
      seen = page.get(page.size() - 1).id();
    }
    return page.size() == PAGE;
  }

  private void readMore(String sender, int limit) {
    long reached = behind.getOrDefault(sender, seen);
    List<Waiting> page = journal.waiting().of(sender, reached, seen, limit);
    tell(page);
    if (page.size() < limit) {
      behind.remove(sender);
    } else {
      behind.put(sender, page.get(page.size() - 1).id());
    }
  }

  private void tell(List<Waiting> page) {
    Map<Long, CompletableFuture<String>> looked =
        look.at(page.stream().filter(each -> each.lane().isEmpty()).map(Waiting::id).toList());
    // All of them first: a message may go only when the numbers of those before it are on disk.
    looked.values().forEach(Committed::await);
    Set<Long> held = paused.apply(page.stream().map(Waiting::id).collect(Collectors.toSet()));
    for (Waiting each : page) {
      // One whose bytes are damaged comes to its turn without a lane, and is held then.
      Optional<String> lane =
          each.lane().or(() -> Optional.ofNullable(looked.get(each.id())).map(Committed::await));
      if (!held.contains(each.id())) {
        found.waiting(each.id(), each.sender(), lane.orElse(""), each.due());
      }
    }
  }

  /** For a page: it is not read on for each single message that goes. */
  private boolean hasRoom(String sender) {
    return known.applyAsInt(sender) + PAGE <= room();
  }

  private int room() {
    return Math.max(2 * PAGE, Math.min(ROOM, ROOM_FOR_ALL / Math.max(1, behind.size())));
  }
}
