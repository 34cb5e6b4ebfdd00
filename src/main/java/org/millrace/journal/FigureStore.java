package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How many messages came by each feed of late, and how many stand still. Thread-safe; works on a
 * journal open for reading.
 *
 * <p>What is counted is bounded by the time that is asked about, and by the indexes of what waits
 * and what stopped: a journal of years answers as quickly as a new one.
 */
public final class FigureStore {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  /** How far back a feed's last message is looked for, in numbers of messages. */
  private static final int LOOKED_BACK = 20_000;

  /** What deliveries took no longer than, in milliseconds; beyond the last one it is longer. */
  private static final List<Long> STEPS =
      List.of(
          100L, 250L, 500L, 1_000L, 2_000L, 5_000L, 10_000L, 30_000L, 60_000L, 300_000L, 900_000L,
          HOUR, 6 * HOUR, 24 * HOUR);

  private final JournalDatabase journal;

  FigureStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Messages of a feed that came in one hour and stand in one state.
   *
   * @param hour 0 for the first one of the time that was asked about
   * @param last when the last of them was received
   */
  public record Came(String feed, MessageState state, int hour, long messages, Instant last) {}

  /**
   * Messages of a feed that wait or have stopped, whenever they came.
   *
   * @param question true for queries, which were refused and which nobody can mend
   * @param reason of the state; empty if there is none
   */
  public record Stands(
      String feed, boolean question, MessageState state, String reason, long messages) {}

  /**
   * Messages of a feed that came in one hour, and left the queue in one.
   *
   * @param came 0 for the first hour of the time that was asked about
   * @param done the same of when each came to its state; empty as long as they wait
   * @param within no longer it took to deliver each of them; empty if they are not delivered
   */
  public record Stay(
      String feed, int came, OptionalInt done, Optional<Duration> within, long messages) {}

  /**
   * An engine on a journal that several share.
   *
   * @param slots of the 256 that lanes hash into, those whose messages it delivers
   * @param silent whether it has given no sign for so long that others take over what it has
   */
  public record Sharing(String name, Instant joined, int slots, boolean silent) {}

  /** What came since a moment, by feed, state and hour. */
  public List<Came> since(Instant from) {
    long start = from.toEpochMilli();
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT feed, state, (received_at - :start) / "
                        + HOUR
                        + " AS hour, count(*), max(received_at) FROM message"
                        + " WHERE id >= :first AND received_at >= :start GROUP BY feed, state, hour")
                .bind("start", start)
                .bind("first", ArrivalStore.firstSince(handle, start))
                .map(
                    (rs, ctx) ->
                        new Came(
                            rs.getString(1),
                            MessageState.valueOf(rs.getString(2)),
                            rs.getInt(3),
                            rs.getLong(4),
                            Instant.ofEpochMilli(rs.getLong(5))))
                .list());
  }

  /** How long what came since a moment stayed, queries left out. */
  public List<Stay> stays(Instant from) {
    long start = from.toEpochMilli();
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT feed, (received_at - :start) / "
                        + HOUR
                        + " AS came, CASE WHEN state IN ('QUEUED', 'SENDING', 'RETRYING') THEN -1"
                        + " ELSE (changed_at - :start) / "
                        + HOUR
                        + " END AS done, CASE WHEN state = 'DELIVERED' THEN "
                        + step()
                        + " ELSE -1 END AS step, count(*) FROM message WHERE id >= :first"
                        + " AND received_at >= :start AND kind = 'MESSAGE'"
                        + " GROUP BY feed, came, done, step")
                .bind("start", start)
                .bind("first", ArrivalStore.firstSince(handle, start))
                .map(
                    (rs, ctx) ->
                        new Stay(
                            rs.getString(1),
                            rs.getInt(2),
                            rs.getInt(3) < 0 ? OptionalInt.empty() : OptionalInt.of(rs.getInt(3)),
                            Optional.of(rs.getLong(4))
                                .filter(step -> step >= 0)
                                .map(Duration::ofMillis),
                            rs.getLong(5)))
                .list());
  }

  /** The least of the steps that it took no longer than; the whole where it took longer. */
  private static String step() {
    StringBuilder cases = new StringBuilder("CASE");
    for (long step : STEPS) {
      cases.append(" WHEN changed_at - received_at <= ").append(step).append(" THEN ").append(step);
    }
    return cases.append(" ELSE changed_at - received_at END").toString();
  }

  /** The engines on this journal, by name; none where there can be one only. */
  public List<Sharing> engines() {
    return journal.read(journal::engines);
  }

  /**
   * Whether a message of a feed was received in a stretch of time; ends with the first one found.
   *
   * @param until not included
   */
  public boolean anyOf(String feed, Instant from, Instant until) {
    long start = from.toEpochMilli();
    long end = until.toEpochMilli();
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT 1 FROM message WHERE id >= :first AND id <= :last AND feed = :feed"
                        + " AND received_at >= :start AND received_at < :end LIMIT 1")
                .bind("first", ArrivalStore.firstSince(handle, start))
                .bind("last", ArrivalStore.lastUntil(handle, end))
                .bind("feed", feed)
                .bind("start", start)
                .bind("end", end)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  /** What waits and what has stopped, by feed, state and reason. */
  public List<Stands> standing() {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    stands("'QUEUED', 'SENDING', 'RETRYING'")
                        + " UNION ALL "
                        + stands("'HELD', 'REFUSED'"))
                .map(
                    (rs, ctx) ->
                        new Stands(
                            rs.getString(1),
                            "QUESTION".equals(rs.getString(2)),
                            MessageState.valueOf(rs.getString(3)),
                            rs.getString(4),
                            rs.getLong(5)))
                .list());
  }

  /** In the words that the partial indexes were made with, else the planner passes them by. */
  private static String stands(String states) {
    return "SELECT feed, kind, state, reason_code, count(*) FROM message WHERE state IN ("
        + states
        + ") GROUP BY feed, kind, state, reason_code";
  }

  /**
   * When each feed had its last message; a feed is left out that had none among the newest 20,000
   * messages.
   */
  public Map<String, Instant> lastOfFeeds() {
    Map<String, Instant> last = new TreeMap<>();
    journal
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT feed, max(received_at) FROM message WHERE id >"
                            + " (SELECT coalesce(max(id), 0) FROM message) - :back GROUP BY feed")
                    .bind("back", LOOKED_BACK)
                    .map(
                        (rs, ctx) ->
                            Map.entry(rs.getString(1), Instant.ofEpochMilli(rs.getLong(2))))
                    .list())
        .forEach(each -> last.put(each.getKey(), each.getValue()));
    return last;
  }

  /**
   * How far the journal has come; another one whenever a message comes, is delivered or noted, or a
   * person asks for something, and whenever an alert begins, is seen again, is snoozed or ends.
   */
  public record Movement(
      long message,
      long note,
      long call,
      long request,
      long open,
      long paused,
      long alerts,
      long alertSeen,
      long snooze,
      long snoozed) {
    /** That of an empty journal. */
    public static final Movement NONE = new Movement(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** By the ends of indexes only, so that it can be asked for again and again. */
  public Movement movement() {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT (SELECT coalesce(max(id), 0) FROM message),"
                        + " (SELECT coalesce(max(id), 0) FROM note),"
                        + " (SELECT coalesce(max(id), 0) FROM cerner_call),"
                        + " (SELECT coalesce(max(id), 0) FROM operator_request),"
                        + " (SELECT count(*) FROM operator_request WHERE done_at = 0),"
                        + " (SELECT count(*) FROM delivery_pause WHERE ended_at = 0),"
                        + " (SELECT count(*) FROM alert WHERE ended_at = 0),"
                        + " (SELECT coalesce(max(seen_at), 0) FROM alert WHERE ended_at = 0),"
                        + " (SELECT coalesce(max(id), 0) FROM alert_snooze),"
                        + " (SELECT count(*) FROM alert_snooze WHERE ended_at = 0"
                        + " AND woken_by = '')")
                .map(
                    (rs, ctx) ->
                        new Movement(
                            rs.getLong(1),
                            rs.getLong(2),
                            rs.getLong(3),
                            rs.getLong(4),
                            rs.getLong(5),
                            rs.getLong(6),
                            rs.getLong(7),
                            rs.getLong(8),
                            rs.getLong(9),
                            rs.getLong(10)))
                .one());
  }
}
