package org.millrace.console;

import org.millrace.journal.Printable;

/** A value as a shell takes it, whatever is in it: commands are copied and pasted. */
final class ShellWord {
  private ShellWord() {}

  static String of(String value) {
    String printable = Printable.whole(value);
    return printable.matches("[A-Za-z0-9_.,:@/+-]+")
        ? printable
        : "'" + printable.replace("'", "'\\''") + "'";
  }
}
