package org.millrace.cli;

import java.io.Console;
import java.util.Optional;

/** The terminal that somebody types at. */
final class Terminal {
  private Terminal() {}

  /** Empty where input or output is no terminal: a script, a pipe, a service. */
  static Optional<Console> found() {
    return Optional.ofNullable(System.console()).filter(Terminal::isTerminal);
  }

  /** What is typed as an answer, without blanks around it; empty where nobody can be asked. */
  static Optional<String> ask(String question) {
    return found().map(terminal -> terminal.readLine("%s", question)).map(line -> line.strip());
  }

  /** Since Java 22 there is a console without a terminal, too, which tells the two apart. */
  private static boolean isTerminal(Console console) {
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException before) {
      return true;
    } catch (ReflectiveOperationException failed) {
      return false;
    }
  }
}
