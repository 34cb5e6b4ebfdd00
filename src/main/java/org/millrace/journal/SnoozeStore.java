package org.millrace.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/**
 * What operators do not want to be told of for a while. Any process begins a snooze and ends one,
 * whether an engine runs or not; that it is over an engine sees, which owes what is to be told
 * then. Thread-safe.
 */
public final class SnoozeStore {
  /** For so long at least. */
  public static final Duration SHORTEST = Duration.ofMinutes(5);

  /** For so long at most: who does not want to be told at all sets the limit of its kind to 0. */
  public static final Duration LONGEST = Duration.ofDays(30);

  /** As part of a condition on {@code alert a}: somebody snoozes it. */
  static final String SNOOZED =
      "EXISTS (SELECT 1 FROM alert_snooze s WHERE s.ended_at = 0 AND s.woken_by = ''"
          + " AND s.kind = a.kind AND s.subject = a.subject)";

  private static final String IN_FORCE =
      "SELECT s.kind, s.subject, s.who, s.since_at, s.until_at, s.why, (SELECT max(a.id)"
          + " FROM alert a WHERE a.kind = s.kind AND a.subject = s.subject) FROM alert_snooze s"
          + " WHERE s.ended_at = 0 AND s.woken_by = '' ORDER BY s.id";

  private final JournalDatabase journal;

  SnoozeStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Begins one, in the place of one that is in force.
   *
   * @param alert number of an alert that stands
   * @param why in the operator's words
   * @return completes with until when; empty, and nothing changed, if no such alert stands
   */
  public CompletableFuture<Optional<Instant>> snooze(
      long alert, Duration time, AuditEvent.Actor who, String why) {
    long now = journal.clock().millis();
    Instant until = Instant.ofEpochMilli(now).plus(time);
    return journal.write(
        handle -> {
          Optional<Symptom> about = about(handle, alert, " AND ended_at = 0");
          about.ifPresent(
              what -> {
                handle.execute(
                    "UPDATE alert_snooze SET ended_at = ? WHERE kind = ? AND subject = ?"
                        + " AND ended_at = 0",
                    now,
                    what.kind(),
                    what.subject());
                handle.execute(
                    "INSERT INTO alert_snooze (kind, subject, who, why, since_at, until_at,"
                        + " woken_by, ended_at) VALUES (?, ?, ?, ?, ?, ?, '', 0)",
                    what.kind(),
                    what.subject(),
                    who.name(),
                    journal.secrets().cipher().sealText(0, SealedPlaces.snooze(now), why),
                    now,
                    until.toEpochMilli());
                audit(handle, "snooze", who, what, Map.of("why", why, "until", until.toString()));
              });
          return about.map(what -> until);
        });
  }

  /**
   * Ends one before its time: what stands is told within the next half minute.
   *
   * @param alert number of an alert that it is of; it may have ended
   * @return completes with false, and nothing changed, if there is no such alert or nobody snoozes
   *     what it is about
   */
  public CompletableFuture<Boolean> wake(long alert, AuditEvent.Actor who) {
    long now = journal.clock().millis();
    return journal.write(
        handle -> {
          Optional<Symptom> about = about(handle, alert, "");
          boolean woken =
              about
                  .map(
                      what ->
                          handle.execute(
                                  "UPDATE alert_snooze SET until_at = ?, woken_by = ?"
                                      + " WHERE kind = ? AND subject = ? AND ended_at = 0"
                                      + " AND woken_by = ''",
                                  now,
                                  who.name(),
                                  what.kind(),
                                  what.subject())
                              == 1)
                  .orElse(false);
          about.filter(what -> woken).ifPresent(what -> audit(handle, "wake", who, what, Map.of()));
          return woken;
        });
  }

  private static Optional<Symptom> about(Handle handle, long alert, String standing) {
    return handle
        .createQuery("SELECT kind, subject, sentence FROM alert WHERE id = :id" + standing)
        .bind("id", alert)
        .map((rs, ctx) -> new Symptom(rs.getString(1), rs.getString(2), rs.getString(3)))
        .findOne();
  }

  private void audit(
      Handle handle,
      String what,
      AuditEvent.Actor who,
      Symptom about,
      Map<String, String> details) {
    String subject =
        "alert " + about.kind() + (about.subject().isEmpty() ? "" : " of " + about.subject());
    journal
        .audit()
        .append(handle, AuditEvent.of(journal.clock().instant(), what, who, subject, details));
  }

  /** Those that hold now, the oldest first, with the words of who made them. */
  public List<Snooze> inForce() {
    ContentCipher cipher = journal.secrets().cipher();
    return journal.read(
        handle ->
            handle
                .createQuery(IN_FORCE)
                .map(
                    (rs, ctx) ->
                        snooze(
                            rs,
                            cipher.openText(
                                0, SealedPlaces.snooze(rs.getLong(4)), rs.getString(6))))
                .list());
  }

  /** The same without the words: no key of the journal is needed. */
  public List<Snooze> inForceWithoutWords() {
    return journal.read(
        handle -> handle.createQuery(IN_FORCE).map((rs, ctx) -> snooze(rs, "")).list());
  }

  private static Snooze snooze(ResultSet row, String why) throws SQLException {
    return new Snooze(
        row.getLong(7),
        row.getString(1),
        row.getString(2),
        row.getString(3),
        why,
        Instant.ofEpochMilli(row.getLong(4)),
        Instant.ofEpochMilli(row.getLong(5)));
  }

  /**
   * Ends those whose time is over.
   *
   * @return numbers of the alerts that stand and were snoozed by them
   */
  static List<Long> endOver(Handle handle, long now) {
    List<Long> over =
        handle
            .createQuery(
                "SELECT id FROM alert_snooze WHERE ended_at = 0 AND until_at <= :now"
                    + " ORDER BY kind, subject")
            .bind("now", now)
            .mapTo(Long.class)
            .list();
    return over.stream()
        .filter(
            id ->
                // Another engine may have ended it since it was read.
                handle.execute(
                        "UPDATE alert_snooze SET ended_at = ? WHERE id = ? AND ended_at = 0",
                        now,
                        id)
                    == 1)
        .flatMap(id -> standingOf(handle, id).stream())
        .toList();
  }

  private static Optional<Long> standingOf(Handle handle, long snooze) {
    return handle
        .createQuery(
            "SELECT a.id FROM alert a JOIN alert_snooze s ON s.kind = a.kind"
                + " AND s.subject = a.subject WHERE a.ended_at = 0 AND s.id = :snooze")
        .bind("snooze", snooze)
        .mapTo(Long.class)
        .findOne();
  }

  static boolean snoozed(Handle handle, long alert) {
    return handle
        .createQuery("SELECT count(*) FROM alert a WHERE a.id = :id AND " + SNOOZED)
        .bind("id", alert)
        .mapTo(Long.class)
        .one()
        .equals(1L);
  }

  static void removeEndedBefore(Handle handle, long before) {
    handle.execute("DELETE FROM alert_snooze WHERE ended_at > 0 AND ended_at < ?", before);
  }
}
