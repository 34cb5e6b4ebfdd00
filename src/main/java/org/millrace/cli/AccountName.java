package org.millrace.cli;

import java.util.Locale;
import java.util.Optional;
import org.millrace.guard.Role;
import picocli.CommandLine.Parameters;

/** Which account. */
final class AccountName {
  @Parameters(
      paramLabel = "NAME",
      description = "The account's name: letters, digits, dots and dashes, up to 40.")
  private String name = "";

  /**
   * In lower case, as it is on record.
   *
   * @throws PlainException if no account can have it
   */
  String get() throws PlainException {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!lower.matches("[a-z0-9][a-z0-9.-]{0,39}")) {
      throw new PlainException(
          "an account's name holds letters, digits, dots and dashes, up to 40");
    }
    return lower;
  }

  /**
   * @throws PlainException if it is none
   */
  static Role role(String word) throws PlainException {
    Optional<Role> role = Role.read(word);
    if (role.isEmpty()) {
      throw new PlainException(word + " is no role: viewer, operator, analyst or admin");
    }
    return role.get();
  }
}
