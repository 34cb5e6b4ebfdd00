package org.millrace.guard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.millrace.journal.Account;
import org.millrace.journal.AccountStore;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditStore;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;

/**
 * Says whether somebody is who they say, by name and password. After five wrong passwords in a row
 * an account lets nobody in for a quarter of an hour, with the right one neither. What is answered,
 * and how long that takes, is the same whether there is such an account, whether it is locked, and
 * whether it was tried too often. Thread-safe.
 */
public final class PasswordLogIn {
  static final int MOST_FAILURES = 5;
  static final Duration LOCKED_OUT = Duration.ofMinutes(15);

  /** How an account is known in the audit trail. */
  public static final String PROOF = "account";

  /** Each hash takes 19 megabytes and a tenth of a second of a processor. */
  private static final int AT_ONCE = 2;

  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final String LOG_IN = "log-in";
  private static final String CHANGE = "change-password";

  private final AccountStore accounts;
  private final AuditStore audit;
  private final Clock clock;
  private final FailedTries tries;
  private final Semaphore hashing = new Semaphore(AT_ONCE, true);

  /** Nobody's password, so that a name without an account costs the same. */
  private final String nobodys = Passwords.hashed("nobody's password");

  public PasswordLogIn(JournalDatabase journal, Clock clock) {
    this.accounts = journal.accounts();
    this.audit = journal.audit();
    this.clock = clock;
    this.tries = new FailedTries(clock);
  }

  /** What came of it. */
  public sealed interface Outcome {

    /** It is them. */
    record LoggedIn(Account account) implements Outcome {}

    /** It is not, or the account is locked, or was tried too often. */
    record Refused() implements Outcome {}

    /** Too many tries of this address, or of all together: nothing was looked at. */
    record Later() implements Outcome {}
  }

  /** What is done with a name and a password. */
  @FunctionalInterface
  private interface Judging {
    Outcome outcome() throws InterruptedException, ExecutionException;
  }

  /**
   * Tries a log-in; what came of it is on record before this returns.
   *
   * @param typed name as it was typed
   * @param address where from
   * @throws JournalException if the journal cannot be read or written
   */
  public Outcome attempt(String typed, String password, String address)
      throws InterruptedException {
    return limited(LOG_IN, address, () -> judged(typed, password, address));
  }

  /**
   * Gives somebody who is logged in another password, if they know the one they have; a wrong one
   * counts as at a log-in. What came of it is on record before this returns.
   *
   * @param name of the account
   * @param next is one that they can have
   * @return logged in, with the account as it is now: who was logged in by it before is not
   * @throws JournalException if the journal cannot be read or written
   */
  public Outcome change(String name, String password, String next, String address)
      throws InterruptedException {
    return limited(CHANGE, address, () -> changed(name, password, next, address));
  }

  private Outcome limited(String what, String address, Judging judging)
      throws InterruptedException {
    if (tries.tooMany(address)) {
      if (tries.toTell(address)) {
        audit.record(denied(what, "", address, "more than " + FailedTries.MOST + " failed", ""));
      }
      return new Outcome.Later();
    }
    if (!hashing.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
      return new Outcome.Later();
    }
    try {
      return judging.outcome();
    } catch (ExecutionException e) {
      throw new JournalException("the " + what + " could not be put on record", e);
    } finally {
      hashing.release();
    }
  }

  private Outcome judged(String typed, String password, String address)
      throws InterruptedException, ExecutionException {
    String name = typed.strip().toLowerCase(Locale.ROOT);
    Optional<Account> found = accounts.find(name);
    String why = refusal(found, password);
    if (why.isEmpty()) {
      Account account = found.orElseThrow();
      accounts
          .loggedIn(name, event(LOG_IN, AuditEvent.Outcome.DONE, name, address, Map.of()))
          .get();
      return new Outcome.LoggedIn(account);
    }
    // What is no name may be a password that was typed into the wrong field: among the details.
    refused(
        found, name, address, denied(LOG_IN, found.isPresent() ? name : "", address, why, typed));
    return new Outcome.Refused();
  }

  private Outcome changed(String name, String password, String next, String address)
      throws InterruptedException, ExecutionException {
    Optional<Account> found = accounts.find(name);
    String why = refusal(found, password);
    if (why.isEmpty()) {
      accounts
          .changePassword(name, Passwords.hashed(next), new AuditEvent.Actor(name, PROOF, address))
          .get();
      return new Outcome.LoggedIn(accounts.find(name).orElseThrow());
    }
    refused(found, name, address, denied(CHANGE, name, address, why, ""));
    return new Outcome.Refused();
  }

  private void refused(Optional<Account> found, String name, String address, AuditEvent event)
      throws InterruptedException, ExecutionException {
    tries.failed(address);
    boolean counts = found.filter(each -> !lockedOut(each)).isPresent();
    accounts.failed(name, counts, event).get();
  }

  /** Why somebody is not let in; empty if they are. */
  private String refusal(Optional<Account> found, String password) {
    boolean right = Passwords.matches(password, found.map(Account::password).orElse(nobodys));
    if (found.isEmpty()) {
      return "no such account";
    }
    if (found.get().locked().isPresent()) {
      return "locked";
    }
    if (lockedOut(found.get())) {
      return "tried too often";
    }
    return right ? "" : "wrong password";
  }

  private boolean lockedOut(Account account) {
    return lockedOutUntil(account, clock.instant()).isPresent();
  }

  /** Until when an account lets nobody in, since it was tried too often; empty if it does. */
  public static Optional<Instant> lockedOutUntil(Account account, Instant now) {
    return Optional.of(account.tries().last().plus(LOCKED_OUT))
        .filter(until -> account.tries().failures() >= MOST_FAILURES && now.isBefore(until));
  }

  private AuditEvent denied(String what, String name, String address, String why, String typed) {
    Map<String, String> details =
        name.isEmpty() && !typed.isEmpty()
            ? Map.of("why", why, "typed", typed)
            : Map.of("why", why);
    return event(what, AuditEvent.Outcome.DENIED, name, address, details);
  }

  private AuditEvent event(
      String what,
      AuditEvent.Outcome outcome,
      String name,
      String address,
      Map<String, String> details) {
    return new AuditEvent(
        clock.instant(),
        what,
        outcome,
        0,
        new AuditEvent.Actor(name, name.isEmpty() ? "none" : PROOF, address),
        "console",
        "",
        List.of(),
        details);
  }
}
