package org.millrace.console;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.guard.PasswordLogIn;
import org.millrace.guard.ProviderLogIn;
import org.millrace.guard.Role;
import org.millrace.journal.AccountStore;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditStore;

/**
 * Finds out who asks. As long as there is neither an account nor a provider that is whoever is on
 * this machine, and they may do everything; from then on it is who logged in, with what their role
 * allows. Thread-safe.
 */
final class Entrance {
  private final AccountStore accounts;
  private final AuditStore audit;
  private final PasswordLogIn logIn;
  private final Optional<ProviderLogIn> provider;
  private final Visits visits;
  private final Sessions sessions;
  private final Clock clock;
  private volatile boolean any;

  /**
   * @param provider by which people log in beside accounts of the journal
   */
  Entrance(ConsoleSources sources, Sessions sessions, Optional<ProviderLogIn> provider) {
    this.accounts = sources.journal().accounts();
    this.audit = sources.journal().audit();
    this.logIn = new PasswordLogIn(sources.journal(), sources.clock());
    this.provider = provider;
    this.visits = new Visits(sources.clock());
    this.sessions = sessions;
    this.clock = sources.clock();
  }

  /** Whether people must log in: where they can. */
  boolean guarded() {
    return provider.isPresent() || accounts();
  }

  /** Whether there is an account of the journal. Once there is one, there always is. */
  boolean accounts() {
    if (!any) {
      any = accounts.any();
    }
    return any;
  }

  /** By which people log in beside accounts of the journal. */
  Optional<ProviderLogIn> provider() {
    return provider;
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
    Optional<Visitor> visitor = visits.find(session, active);
    if (visitor.isEmpty()) {
      return Person.nobody(address);
    }
    if (visitor.get() instanceof Visitor.OfProvider of) {
      return Person.known(
          new AuditEvent.Actor(of.name(), ProviderLogIn.PROOF, address), of.roles());
    }
    Optional<Person> known = ofAccount((Visitor.OfAccount) visitor.get(), address);
    if (known.isEmpty()) {
      visits.end(session);
    }
    return known.orElseGet(() -> Person.nobody(address));
  }

  /** As the account is now; empty if it is not what it was at the log-in. */
  private Optional<Person> ofAccount(Visitor.OfAccount visitor, String address) {
    return accounts
        .find(visitor.name())
        .filter(each -> each.version() == visitor.version())
        .filter(each -> each.locked().isEmpty())
        .flatMap(each -> Role.read(each.role()))
        .map(
            role ->
                Person.known(
                    new AuditEvent.Actor(visitor.name(), PasswordLogIn.PROOF, address),
                    Set.of(role)));
  }

  /** Tries a log-in, without any effect but that it is on record. */
  PasswordLogIn.Outcome attempt(String name, String password, String address)
      throws InterruptedException {
    return logIn.attempt(name, password, address);
  }

  /** Gives somebody another password, if they know the one they have. */
  PasswordLogIn.Outcome changePassword(Person person, String password, String next)
      throws InterruptedException {
    return logIn.change(person.actor().name(), password, next, person.actor().address());
  }

  /**
   * Logs somebody in.
   *
   * @param before what the browser was known by: whoever gave it that, or read it, has nothing of
   *     the visit
   * @return what it is known by from now on
   */
  Session begin(Session before, Visitor visitor) {
    visits.end(before);
    Session fresh = sessions.fresh();
    visits.begin(fresh, visitor);
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
