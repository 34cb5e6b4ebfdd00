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
 * The keys of HTTP callers. They are made and ended by commands, in processes of their own; engines
 * look them up. Thread-safe.
 */
public final class CallerStore {
  private static final String SELECT =
      "SELECT id, caller, digest, scopes, tenant, senders, made_at, made_by, expires_at,"
          + " revoked_at, revoked_by, used_at FROM caller_key ";
  private static final String IN_FORCE =
      "revoked_at = 0 AND (expires_at = 0 OR expires_at > :now) ";

  private final JournalDatabase journal;

  CallerStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Puts the first key of a caller on record.
   *
   * @return completes with false, and nothing changed, if the caller has one that is in force
   */
  public CompletableFuture<Boolean> add(CallerKey key) {
    return journal.write(
        handle -> {
          if (!inForce(handle, key.caller(), key.made().at()).isEmpty()) {
            return false;
          }
          insert(handle, key);
          audited(handle, "give-key", key.made(), key);
          return true;
        });
  }

  /**
   * Puts another key of a caller on record, with the rights of the last one; those before it end.
   *
   * @param next its rights are not looked at
   * @param ownEnd whether its end is; else it lasts as long as the one before
   * @param overlap how long the keys before it are good for yet, at most
   * @return completes with the new one; empty, and nothing changed, if the caller has no key that
   *     is in force
   */
  public CompletableFuture<Optional<CallerKey>> rotate(
      CallerKey next, boolean ownEnd, Duration overlap) {
    Instant now = next.made().at();
    return journal.write(
        handle -> {
          List<CallerKey> before = inForce(handle, next.caller(), now);
          if (before.isEmpty()) {
            return Optional.empty();
          }
          CallerKey last = before.get(before.size() - 1);
          Optional<Instant> expires =
              ownEnd
                  ? next.expires()
                  : last.expires().map(end -> now.plus(Duration.between(last.made().at(), end)));
          CallerKey made =
              CallerKey.fresh(
                  next.id(), next.caller(), next.digest(), last.rights(), next.made(), expires);
          long until = now.plus(overlap).toEpochMilli();
          handle.execute(
              "UPDATE caller_key SET expires_at = ? WHERE caller = ? AND revoked_at = 0"
                  + " AND (expires_at = 0 OR expires_at > ?)",
              until,
              next.caller(),
              until);
          insert(handle, made);
          audited(handle, "rotate-key", made.made(), made);
          return Optional.of(made);
        });
  }

  /**
   * Ends keys.
   *
   * @param callerOrId all keys of a caller, or the one of this id
   * @return completes with those that were in force
   */
  public CompletableFuture<List<CallerKey>> revoke(String callerOrId, CallerKey.Act revoked) {
    return journal.write(
        handle -> {
          List<CallerKey> ended =
              handle
                  .createQuery(
                      SELECT
                          + "WHERE (caller = :name OR id = :name) AND "
                          + IN_FORCE
                          + "ORDER BY id")
                  .bind("name", callerOrId)
                  .bind("now", revoked.at().toEpochMilli())
                  .map((rs, ctx) -> row(rs))
                  .list();
          for (CallerKey key : ended) {
            handle.execute(
                "UPDATE caller_key SET revoked_at = ?, revoked_by = ? WHERE id = ?",
                Math.max(1, revoked.at().toEpochMilli()),
                revoked.who(),
                key.id());
            audited(handle, "revoke-key", revoked, key);
          }
          return ended;
        });
  }

  /** All of them, by caller, the oldest first. */
  public List<CallerKey> all() {
    return journal.read(
        handle ->
            handle
                .createQuery(SELECT + "ORDER BY caller, made_at, id")
                .map((rs, ctx) -> row(rs))
                .list());
  }

  /** Those that nobody has revoked, and that did not end before this moment. */
  public List<CallerKey> goodSince(Instant moment) {
    return journal.read(
        handle ->
            handle
                .createQuery(SELECT + "WHERE " + IN_FORCE)
                .bind("now", moment.toEpochMilli())
                .map((rs, ctx) -> row(rs))
                .list());
  }

  /** Whether there ever was one. */
  public boolean any() {
    return journal.read(
        handle ->
            handle.createQuery("SELECT count(*) FROM caller_key").mapTo(Long.class).one() > 0);
  }

  /** Puts on record that a key was used, behind whatever else is written. */
  public void used(String id, Instant at) {
    journal.writeLater(
        handle ->
            handle.execute(
                "UPDATE caller_key SET used_at = ? WHERE id = ? AND used_at < ?",
                at.toEpochMilli(),
                id,
                at.toEpochMilli()));
  }

  private void audited(Handle handle, String what, CallerKey.Act act, CallerKey key) {
    journal
        .audit()
        .append(
            handle,
            AuditEvent.ofUser(
                act.at(),
                what,
                act.who(),
                "caller " + key.caller(),
                Map.of("key", key.id(), "scopes", key.rights().scopes())));
  }

  private static List<CallerKey> inForce(Handle handle, String caller, Instant now) {
    return handle
        .createQuery(SELECT + "WHERE caller = :caller AND " + IN_FORCE + "ORDER BY made_at, id")
        .bind("caller", caller)
        .bind("now", now.toEpochMilli())
        .map((rs, ctx) -> row(rs))
        .list();
  }

  private static void insert(Handle handle, CallerKey key) {
    handle.execute(
        "INSERT INTO caller_key (id, caller, digest, scopes, tenant, senders, made_at, made_by,"
            + " expires_at, revoked_at, revoked_by, used_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', 0)",
        key.id(),
        key.caller(),
        key.digest(),
        key.rights().scopes(),
        key.rights().tenant(),
        key.rights().senders(),
        key.made().at().toEpochMilli(),
        key.made().who(),
        key.expires().map(Instant::toEpochMilli).orElse(0L));
  }

  private static CallerKey row(ResultSet rs) throws SQLException {
    Optional<Instant> revoked = moment(rs.getLong(10));
    String revokedBy = rs.getString(11);
    return new CallerKey(
        rs.getString(1),
        rs.getString(2),
        rs.getString(3),
        new CallerKey.Rights(rs.getString(4), rs.getString(5), rs.getString(6)),
        new CallerKey.Act(Instant.ofEpochMilli(rs.getLong(7)), rs.getString(8)),
        moment(rs.getLong(9)),
        revoked.map(at -> new CallerKey.Act(at, revokedBy)),
        moment(rs.getLong(12)));
  }

  private static Optional<Instant> moment(long millis) {
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
