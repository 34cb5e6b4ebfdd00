package org.millrace.app;

/** The engine cannot start; the message is one line that says what to do. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String line) {
    super(line);
  }

  StartException(String line, Throwable cause) {
    super(line, cause);
  }
}
