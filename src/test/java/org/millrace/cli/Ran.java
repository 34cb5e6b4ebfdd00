package org.millrace.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A command that was run, as whoever typed it sees it. */
record Ran(int exitCode, String out, String err) {

  /**
   * Runs one.
   *
   * @param arguments as they are typed behind {@code ./millrace}
   */
  static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Millrace.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(exitCode, out.toString(), err.toString());
  }
}
