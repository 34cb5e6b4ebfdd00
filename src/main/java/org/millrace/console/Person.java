package org.millrace.console;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.millrace.guard.ProviderLogIn;
import org.millrace.guard.Right;
import org.millrace.guard.Role;
import org.millrace.journal.AuditEvent;

/**
 * Who asks for a page.
 *
 * @param actor as which the journal names them
 * @param role in a word; empty for nobody, and while there are no accounts
 * @param rights what they may do
 * @param known whether they logged in
 */
record Person(AuditEvent.Actor actor, String role, Set<Right> rights, boolean known) {
  Person {
    rights = Set.copyOf(rights);
  }

  /** Somebody who is not logged in. */
  static Person nobody(String address) {
    return new Person(new AuditEvent.Actor("", "none", address), "", Set.of(), false);
  }

  /** Somebody who logged in. */
  static Person known(AuditEvent.Actor actor, Set<Role> roles) {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    roles.forEach(each -> rights.addAll(each.rights()));
    String words = roles.stream().sorted().map(Role::word).collect(Collectors.joining(", "));
    return new Person(actor, words, rights, true);
  }

  /** Whether the provider has said who it is. */
  boolean ofProvider() {
    return known && actor.proof().equals(ProviderLogIn.PROOF);
  }

  /** Whoever is on this machine, as long as there is no account. */
  static Person anybody(String address) {
    return new Person(
        new AuditEvent.Actor("console", "none", address), "", EnumSet.allOf(Right.class), false);
  }

  boolean may(Right right) {
    return rights.contains(right);
  }
}
