package org.millrace.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.millrace.guard.Passwords;
import picocli.CommandLine.Option;

/** A new password: typed twice at the terminal, unseen, or the first line of standard input. */
final class PasswordInput {
  @Option(
      names = "--password-stdin",
      description = {
        "Read the password from the first line of standard input; asked at the terminal if absent.",
        "It is no argument, since arguments are seen by everybody on the machine."
      })
  private boolean fromInput;

  /**
   * Reads one and hashes it.
   *
   * @param account whose it is to be
   * @throws PlainException if there is none, or it is none to have
   */
  String hashed(String account) throws PlainException, IOException {
    String password = fromInput ? firstLine() : typed(account);
    Optional<String> fault = Passwords.fault(account, password);
    if (fault.isPresent()) {
      throw new PlainException("the password " + fault.get());
    }
    return Passwords.hashed(password);
  }

  private static String firstLine() throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }

  private static String typed(String account) throws PlainException {
    Console terminal =
        Terminal.found()
            .orElseThrow(
                () -> new PlainException("there is no terminal to ask at: give --password-stdin"));
    String first = read(terminal, "Password for " + account + ": ");
    if (!first.equals(read(terminal, "Once more: "))) {
      throw new PlainException("these are two different passwords; nothing was changed");
    }
    return first;
  }

  private static String read(Console terminal, String prompt) {
    char[] typed = terminal.readPassword("%s", prompt);
    return typed == null ? "" : new String(typed);
  }
}
