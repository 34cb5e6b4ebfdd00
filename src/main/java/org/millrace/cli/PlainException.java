package org.millrace.cli;

/** A command cannot go on; the message is one line for its user. */
final class PlainException extends Exception {
  private static final long serialVersionUID = 1L;

  PlainException(String line) {
    super(line);
  }
}
