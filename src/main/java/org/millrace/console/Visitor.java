package org.millrace.console;

import java.util.Set;
import org.millrace.guard.Role;

/** Who logged in, and by what. */
sealed interface Visitor {

  /**
   * By an account of the journal.
   *
   * @param version of the account then: with another one the visit is over
   */
  record OfAccount(String name, long version) implements Visitor {}

  /**
   * By the provider.
   *
   * @param name with the prefix that no account has
   * @param roles that it gave then, for as long as the visit lasts
   */
  record OfProvider(String name, Set<Role> roles) implements Visitor {
    public OfProvider {
      roles = Set.copyOf(roles);
    }
  }
}
