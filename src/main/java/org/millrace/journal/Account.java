package org.millrace.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * An account of the console.
 *
 * @param name lower-case letters, digits, dots and dashes
 * @param role as it is on record
 * @param password its hash, with salt and cost
 * @param version another one with each change that ends what is logged in
 * @param locked when somebody locked it; empty if nobody has
 * @param tries wrong passwords since the last log-in
 * @param loggedIn when somebody last was; empty if nobody ever was
 */
public record Account(
    String name,
    String role,
    String password,
    long version,
    Instant made,
    Optional<Instant> locked,
    Tries tries,
    Optional<Instant> loggedIn) {

  /**
   * Wrong passwords.
   *
   * @param last the last one that counts; {@link Instant#EPOCH} if there is none
   */
  public record Tries(int failures, Instant last) {}

  /** Without the hash. */
  @Override
  public String toString() {
    return name + ", " + role;
  }
}
