package org.millrace.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Handle;

/**
 * The accounts of the console. They are made and changed by commands, in processes of their own;
 * engines look them up with each request. What is changed and its entry in the audit trail are one
 * commit. Thread-safe.
 */
public final class AccountStore {
  private static final String SELECT =
      "SELECT name, role, password, version, made_at, locked_at, failures, failed_at, logged_in_at"
          + " FROM console_account ";

  private final JournalDatabase journal;

  AccountStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Makes one.
   *
   * @param password its hash
   * @return completes with false, and nothing changed, if there is one of this name
   */
  public CompletableFuture<Boolean> add(
      String name, String role, String password, AuditEvent.Actor by) {
    return changed(
        "make-account",
        name,
        by,
        Map.of("role", role),
        handle ->
            handle.execute(
                "INSERT INTO console_account (name, role, password, version, made_at, locked_at,"
                    + " failures, failed_at, logged_in_at) VALUES (?, ?, ?, 1, ?, 0, 0, 0, 0)"
                    + " ON CONFLICT (name) DO NOTHING",
                name,
                role,
                password,
                now()));
  }

  /** Gives one another role; false if there is none of this name. Who is logged in by it is not. */
  public CompletableFuture<Boolean> changeRole(String name, String role, AuditEvent.Actor by) {
    return changed(
        "change-role",
        name,
        by,
        Map.of("role", role),
        handle ->
            handle.execute(
                "UPDATE console_account SET role = ?, version = version + 1 WHERE name = ?",
                role,
                name));
  }

  /**
   * Gives one another password, and forgets wrong ones; false if there is none of this name. Who is
   * logged in by it is not.
   *
   * @param password its hash
   */
  public CompletableFuture<Boolean> changePassword(
      String name, String password, AuditEvent.Actor by) {
    return changed(
        "change-password",
        name,
        by,
        Map.of(),
        handle ->
            handle.execute(
                "UPDATE console_account SET password = ?, version = version + 1, failures = 0,"
                    + " failed_at = 0 WHERE name = ?",
                password,
                name));
  }

  /** Locks one until it is unlocked; false if there is none. Who is logged in by it is not. */
  public CompletableFuture<Boolean> lock(String name, AuditEvent.Actor by) {
    return changed(
        "lock-account",
        name,
        by,
        Map.of(),
        handle ->
            handle.execute(
                "UPDATE console_account SET locked_at = ?, version = version + 1 WHERE name = ?",
                now(),
                name));
  }

  /** Unlocks one, and forgets wrong passwords; false if there is none of this name. */
  public CompletableFuture<Boolean> unlock(String name, AuditEvent.Actor by) {
    return changed(
        "unlock-account",
        name,
        by,
        Map.of(),
        handle ->
            handle.execute(
                "UPDATE console_account SET locked_at = 0, failures = 0, failed_at = 0"
                    + " WHERE name = ?",
                name));
  }

  /**
   * Puts on record that a log-in failed. Whether there is such an account makes no difference to
   * how long it takes.
   *
   * @param counts whether it counts against the account
   */
  public CompletableFuture<Integer> failed(String name, boolean counts, AuditEvent event) {
    return journal.write(
        handle -> {
          journal.audit().append(handle, event);
          return handle.execute(
              "UPDATE console_account SET failures = failures + ?, failed_at ="
                  + " CASE WHEN ? = 1 THEN ? ELSE failed_at END WHERE name = ?",
              counts ? 1 : 0,
              counts ? 1 : 0,
              now(),
              name);
        });
  }

  /** Puts on record that somebody logged in, and forgets wrong passwords. */
  public CompletableFuture<Integer> loggedIn(String name, AuditEvent event) {
    return journal.write(
        handle -> {
          journal.audit().append(handle, event);
          return handle.execute(
              "UPDATE console_account SET logged_in_at = ?, failures = 0, failed_at = 0"
                  + " WHERE name = ?",
              now(),
              name);
        });
  }

  public Optional<Account> find(String name) {
    return journal.read(
        handle ->
            handle
                .createQuery(SELECT + "WHERE name = :name")
                .bind("name", name)
                .map((rs, ctx) -> row(rs))
                .findOne());
  }

  /** All of them, by name. */
  public List<Account> all() {
    return journal.read(
        handle -> handle.createQuery(SELECT + "ORDER BY name").map((rs, ctx) -> row(rs)).list());
  }

  /** Whether there is one, locked ones included. */
  public boolean any() {
    return journal.read(
        handle ->
            handle.createQuery("SELECT count(*) FROM console_account").mapTo(Long.class).one() > 0);
  }

  private CompletableFuture<Boolean> changed(
      String what,
      String name,
      AuditEvent.Actor by,
      Map<String, String> details,
      ToIntFunction<Handle> change) {
    return journal.write(
        handle -> {
          if (change.applyAsInt(handle) == 0) {
            return false;
          }
          journal
              .audit()
              .append(
                  handle,
                  AuditEvent.of(journal.clock().instant(), what, by, "account " + name, details));
          return true;
        });
  }

  private long now() {
    return Math.max(1, journal.clock().millis());
  }

  private static Account row(ResultSet rs) throws SQLException {
    return new Account(
        rs.getString(1),
        rs.getString(2),
        rs.getString(3),
        rs.getLong(4),
        Instant.ofEpochMilli(rs.getLong(5)),
        moment(rs.getLong(6)),
        new Account.Tries(rs.getInt(7), Instant.ofEpochMilli(rs.getLong(8))),
        moment(rs.getLong(9)));
  }

  private static Optional<Instant> moment(long millis) {
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
