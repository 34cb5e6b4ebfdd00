package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * Alerts and what is still to be told of them. Several engines may write the same alert: the first
 * one begins it, any of them keeps it open, and one ends it. Thread-safe; lists work on a journal
 * open for reading.
 */
public final class AlertStore {
  private static final String COLUMNS =
      "a.id, a.kind, a.subject, a.sentence, a.started_at, a.seen_at, a.ended_at";

  private static final RowMapper<Alert> ALERT =
      (rs, ctx) ->
          new Alert(
              rs.getLong(1),
              rs.getString(2),
              rs.getString(3),
              rs.getString(4),
              Instant.ofEpochMilli(rs.getLong(5)),
              Instant.ofEpochMilli(rs.getLong(6)),
              Optional.of(rs.getLong(7)).filter(at -> at > 0).map(Instant::ofEpochMilli));

  private final JournalDatabase journal;

  AlertStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * What a look at everything changed, by this engine.
   *
   * @param woken what stands and is snoozed no more
   */
  public record Changes(List<Alert> started, List<Alert> woken, List<Alert> ended) {}

  /**
   * Writes down what is the matter now: begins what is new, and ends what no engine has seen for a
   * while. What begins while it is snoozed is told when that is over, if it stands then.
   *
   * @param unseenSince what was last seen at this time or before ends; empty if nothing may end yet
   * @param ways by which each beginning and end is to be told
   */
  public CompletableFuture<Changes> look(
      Collection<Symptom> symptoms, Optional<Instant> unseenSince, Collection<String> ways) {
    long now = journal.clock().millis();
    // In one order in all engines, so that two of them never wait for each other's rows.
    List<Symptom> sorted =
        symptoms.stream()
            .sorted(Comparator.comparing(Symptom::kind).thenComparing(Symptom::subject))
            .toList();
    return journal.write(
        handle -> {
          List<Long> started = new ArrayList<>();
          for (Symptom symptom : sorted) {
            begin(handle, symptom, now).ifPresent(started::add);
          }
          List<Long> ended =
              unseenSince.map(since -> end(handle, since.toEpochMilli(), now)).orElse(List.of());
          List<Long> woken = new ArrayList<>(SnoozeStore.endOver(handle, now));
          woken.removeAll(started);
          for (String way : ways) {
            oweStanding(handle, started, way);
            oweStanding(handle, woken, way);
            oweEnd(handle, ended, way);
          }
          return new Changes(byId(handle, started), byId(handle, woken), byId(handle, ended));
        });
  }

  /** Its number if it is new; what is open already is seen once more. */
  private static Optional<Long> begin(Handle handle, Symptom symptom, long now) {
    int open =
        handle.execute(
            "UPDATE alert SET seen_at = ?, sentence = ?"
                + " WHERE kind = ? AND subject = ? AND ended_at = 0",
            now,
            symptom.sentence(),
            symptom.kind(),
            symptom.subject());
    if (open > 0) {
      return Optional.empty();
    }
    return handle
        .createQuery(
            "INSERT INTO alert (kind, subject, sentence, started_at, seen_at, ended_at)"
                + " VALUES (:kind, :subject, :sentence, :now, :now, 0)"
                + " ON CONFLICT (kind, subject) WHERE ended_at = 0 DO NOTHING RETURNING id")
        .bind("kind", symptom.kind())
        .bind("subject", symptom.subject())
        .bind("sentence", symptom.sentence())
        .bind("now", now)
        .mapTo(Long.class)
        .findOne();
  }

  private static List<Long> end(Handle handle, long unseenSince, long now) {
    List<Long> quiet =
        handle
            .createQuery(
                "SELECT id FROM alert WHERE ended_at = 0 AND seen_at <= :since ORDER BY kind, subject")
            .bind("since", unseenSince)
            .mapTo(Long.class)
            .list();
    return quiet.stream()
        .filter(
            id ->
                // Another engine may have ended it, or seen it again, since it was read.
                handle.execute(
                        "UPDATE alert SET ended_at = ? WHERE id = ? AND ended_at = 0 AND seen_at <= ?",
                        now,
                        id,
                        unseenSince)
                    == 1)
        .toList();
  }

  /** That it began; to whoever was told so before, that it still stands. */
  private static void oweStanding(Handle handle, List<Long> alerts, String way) {
    for (Long alert : alerts) {
      if (!SnoozeStore.snoozed(handle, alert)) {
        boolean known = owed(handle, alert, way);
        owe(handle, alert, known ? AlertNotice.News.STANDS : AlertNotice.News.STARTED, way);
      }
    }
  }

  /** To whoever is told that it began. */
  private static void oweEnd(Handle handle, List<Long> alerts, String way) {
    for (Long alert : alerts) {
      if (owed(handle, alert, way)) {
        owe(handle, alert, AlertNotice.News.ENDED, way);
      }
    }
  }

  private static boolean owed(Handle handle, long alert, String way) {
    return handle
            .createQuery("SELECT count(*) FROM alert_notice WHERE alert_id = :alert AND way = :way")
            .bind("alert", alert)
            .bind("way", way)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  private static void owe(Handle handle, long alert, AlertNotice.News news, String way) {
    handle.execute(
        "INSERT INTO alert_notice (alert_id, news, way, tries, not_before, told_at)"
            + " VALUES (?, ?, ?, 0, 0, 0)",
        alert,
        news.name(),
        way);
  }

  private static List<Alert> byId(Handle handle, List<Long> ids) {
    return ids.stream()
        .map(
            id ->
                handle
                    .createQuery("SELECT " + COLUMNS + " FROM alert a WHERE a.id = :id")
                    .bind("id", id)
                    .map(ALERT)
                    .one())
        .toList();
  }

  /**
   * Takes the oldest notice of a way that is due. No other engine gets it as long as it is held; if
   * this one dies meanwhile, it is sent once more.
   *
   * <p>That an alert has ended is not told before that it has begun was taken.
   *
   * @param held for how long
   */
  public CompletableFuture<Optional<AlertNotice>> take(String way, Duration held) {
    long now = journal.clock().millis();
    return journal.write(
        handle ->
            handle
                .createQuery(
                    ("SELECT " + COLUMNS + ", n.id, n.news, n.tries FROM alert_notice n")
                        + " JOIN alert a ON a.id = n.alert_id"
                        + " WHERE n.told_at = 0 AND n.way = :way AND n.not_before <= :now"
                        + " AND NOT EXISTS (SELECT 1 FROM alert_notice e WHERE e.alert_id = n.alert_id"
                        + " AND e.way = n.way AND e.told_at = 0 AND e.id < n.id)"
                        + " ORDER BY n.id LIMIT 1")
                .bind("way", way)
                .bind("now", now)
                .map(
                    (rs, ctx) ->
                        new AlertNotice(
                            rs.getLong(8),
                            AlertNotice.News.valueOf(rs.getString(9)),
                            way,
                            rs.getInt(10),
                            ALERT.map(rs, ctx)))
                .findOne()
                .filter(
                    notice ->
                        handle.execute(
                                "UPDATE alert_notice SET not_before = ?, tries = tries + 1"
                                    + " WHERE id = ? AND told_at = 0 AND not_before <= ?",
                                now + held.toMillis(),
                                notice.id(),
                                now)
                            == 1));
  }

  /** The receiver has it. */
  public CompletableFuture<Integer> told(AlertNotice notice) {
    long now = journal.clock().millis();
    return journal.write(
        handle ->
            handle.execute("UPDATE alert_notice SET told_at = ? WHERE id = ?", now, notice.id()));
  }

  /** The receiver did not take it; it is due again then. */
  public CompletableFuture<Integer> notTaken(AlertNotice notice, Instant again) {
    return journal.write(
        handle ->
            handle.execute(
                "UPDATE alert_notice SET not_before = ? WHERE id = ? AND told_at = 0",
                again.toEpochMilli(),
                notice.id()));
  }

  /** What is the matter now, that which began first at the head. */
  public List<Alert> open() {
    return open("");
  }

  private List<Alert> open(String kind) {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    ("SELECT " + COLUMNS + " FROM alert a WHERE a.ended_at = 0")
                        + " AND (:kind = '' OR a.kind = :kind) ORDER BY a.id")
                .bind("kind", kind)
                .map(ALERT)
                .list());
  }

  /** How many stand that nobody snoozes, by kind; by an index that holds no others. */
  public Map<String, Long> awake() {
    return counts(
        "SELECT a.kind, count(*) FROM alert a WHERE a.ended_at = 0 AND NOT "
            + SnoozeStore.SNOOZED
            + " GROUP BY a.kind");
  }

  /** How many stand that an operator snoozes. */
  public long snoozed() {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT count(*) FROM alert a WHERE a.ended_at = 0 AND " + SnoozeStore.SNOOZED)
                .mapTo(Long.class)
                .one());
  }

  /**
   * What is the matter now, and what was. Pages go by the end of the last alert and not by
   * counting, so that nothing is shown twice when more of them end.
   */
  public AlertListing list(AlertFilter filter) {
    boolean open = filter.first() && filter.has(AlertFilter.Standing.OPEN);
    List<Alert> nearest = filter.has(AlertFilter.Standing.ENDED) ? ended(filter) : List.<Alert>of();
    boolean more = nearest.size() > filter.limit();
    boolean upwards = filter.after().isPresent();
    List<Alert> ended = new ArrayList<>(nearest.subList(0, more ? filter.limit() : nearest.size()));
    if (upwards) {
      Collections.reverse(ended);
    }
    boolean newer = upwards ? more : filter.before().isPresent();
    boolean older = upwards || more;
    return new AlertListing(
        open ? open(filter.kind()) : List.of(),
        ended,
        newer && !ended.isEmpty() ? AlertPlace.of(ended.get(0)) : Optional.empty(),
        older && !ended.isEmpty() ? AlertPlace.of(ended.get(ended.size() - 1)) : Optional.empty());
  }

  /** One more than is asked for, the nearest first. */
  private List<Alert> ended(AlertFilter filter) {
    boolean upwards = filter.after().isPresent();
    Optional<AlertPlace> from = upwards ? filter.after() : filter.before();
    String sql =
        ("SELECT " + COLUMNS + " FROM alert a WHERE a.ended_at > 0")
            + " AND (:kind = '' OR a.kind = :kind)"
            + (from.isEmpty() ? "" : " AND (a.ended_at, a.id) " + (upwards ? ">" : "<"))
            + (from.isEmpty() ? "" : " (:at, :id)")
            + (upwards ? " ORDER BY a.ended_at, a.id" : " ORDER BY a.ended_at DESC, a.id DESC")
            + " LIMIT :limit";
    return journal.read(
        handle -> {
          Query query =
              handle.createQuery(sql).bind("kind", filter.kind()).bind("limit", filter.limit() + 1);
          from.ifPresent(
              place -> query.bind("at", place.ended().toEpochMilli()).bind("id", place.id()));
          return query.map(ALERT).list();
        });
  }

  /** How many notices no receiver has taken yet, by way. */
  public Map<String, Long> untold() {
    return counts("SELECT way, count(*) FROM alert_notice WHERE told_at = 0 GROUP BY way");
  }

  private Map<String, Long> counts(String sql) {
    Map<String, Long> counts = new TreeMap<>();
    journal
        .read(
            handle ->
                handle
                    .createQuery(sql)
                    .map((rs, ctx) -> Map.entry(rs.getString(1), rs.getLong(2)))
                    .list())
        .forEach(each -> counts.put(each.getKey(), each.getValue()));
    return counts;
  }

  /** Removes what ended before then, told or not; completes with how many alerts. */
  public CompletableFuture<Integer> removeEndedBefore(Instant then) {
    long before = then.toEpochMilli();
    return journal.write(
        handle -> {
          handle.execute(
              "DELETE FROM alert_notice WHERE alert_id IN"
                  + " (SELECT id FROM alert WHERE ended_at > 0 AND ended_at < ?)",
              before);
          SnoozeStore.removeEndedBefore(handle, before);
          return handle.execute("DELETE FROM alert WHERE ended_at > 0 AND ended_at < ?", before);
        });
  }
}
