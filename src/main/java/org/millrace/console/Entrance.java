package org.millrace.console;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.guard.PasswordLogIn;
import org.millrace.guard.Role;
import org.millrace.journal.Account;
import org.millrace.journal.AccountStore;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditStore;

/**
 * Finds out who asks. As long as there is no account that is whoever is on this machine, and they
 * may do everything; from the first account on it is who logged in, with what their role allows at
 * this moment. Thread-safe.
 */
final class Entrance {
  private final AccountStore accounts;
  private final AuditStore audit;
  private final PasswordLogIn logIn;
  private final Visits visits;
  private final Sessions sessions;
  private final Clock clock;
  private volatile boolean guarded;

  Entrance(ConsoleSources sources, Sessions sessions) {
    this.accounts = sources.journal().accounts();
    this.audit = sources.journal().audit();
    this.logIn = new PasswordLogIn(sources.journal(), sources.clock());
    this.visits = new Visits(sources.clock());
    this.sessions = sessions;
    this.clock = sources.clock();
  }

  /** Whether people must log in. Once there is an account, there always is one. */
  boolean guarded() {
    if (!guarded) {
      guarded = accounts.any();
    }
    return guarded;
  }

  /**
   * Who it is.
   *
   * @param address where the request comes from
   * @param active whether somebody did something, so that their time begins anew
   */
  Person who(Session session, String address, boolean active) {
    if (!guarded()) {
      return Person.anybody(address);
    }
    Optional<Visits.Visit> visit = visits.find(session, active);
    if (visit.isEmpty()) {
      return Person.nobody(address);
    }
    Optional<Account> account =
        accounts
            .find(visit.get().account())
            .filter(each -> each.version() == visit.get().version())
            .filter(each -> each.locked().isEmpty());
    Optional<Role> role = account.flatMap(each -> Role.read(each.role()));
    if (role.isEmpty()) {
      visits.end(session);
      return Person.nobody(address);
    }
    return new Person(
        new AuditEvent.Actor(visit.get().account(), PasswordLogIn.PROOF, address),
        role.get().word(),
        role.get().rights(),
        true);
  }

  /** Tries a log-in, without any effect but that it is on record. */
  PasswordLogIn.Outcome attempt(String name, String password, String address)
      throws InterruptedException {
    return logIn.attempt(name, password, address);
  }

  /**
   * Logs somebody in.
   *
   * @param before what the browser was known by: whoever gave it that, or read it, has nothing of
   *     the visit
   * @return what it is known by from now on
   */
  Session begin(Session before, Account account) {
    visits.end(before);
    Session fresh = sessions.fresh();
    visits.begin(fresh, account);
    return fresh;
  }

  /** Logs somebody out, and tells what the browser is known by from now on. */
  Session end(Session session, Person person) {
    visits.end(session);
    if (person.known()) {
      record("log-out", AuditEvent.Outcome.DONE, person, "console");
    }
    return sessions.fresh();
  }

  /** Puts on record that somebody asked for what their role does not allow. */
  void denied(Person person, String route) {
    record("console", AuditEvent.Outcome.DENIED, person, route);
  }

  private void record(String what, AuditEvent.Outcome outcome, Person person, String subject) {
    audit.record(
        new AuditEvent(
            clock.instant(), what, outcome, 0, person.actor(), subject, "", List.of(), Map.of()));
  }
}
