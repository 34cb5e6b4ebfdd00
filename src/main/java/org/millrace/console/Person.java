package org.millrace.console;

import java.util.EnumSet;
import java.util.Set;
import org.millrace.guard.Right;
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

  /** Whoever is on this machine, as long as there is no account. */
  static Person anybody(String address) {
    return new Person(
        new AuditEvent.Actor("console", "none", address), "", EnumSet.allOf(Right.class), false);
  }

  boolean may(Right right) {
    return rights.contains(right);
  }
}
