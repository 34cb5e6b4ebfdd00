package org.millrace.cli;

import org.millrace.app.SettingsSource;

/** A host and a port. */
record Address(String host, int port) {

  static Address parse(String text) throws PlainException {
    int colon = text.lastIndexOf(':');
    try {
      if (colon > 0) {
        return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
      }
    } catch (NumberFormatException e) {
      // Told below, together with a missing colon.
    }
    throw new PlainException(text + " is no HOST:PORT");
  }

  /**
   * Where the engine of these settings listens; the rest of the settings need not be complete to
   * send it something.
   */
  static Address ofListener(SettingsSource source) throws PlainException {
    return parse(
        value(source, "MILLRACE_BIND", "127.0.0.1")
            + ":"
            + value(source, "MILLRACE_MLLP_PORT", "2575"));
  }

  private static String value(SettingsSource source, String name, String byDefault) {
    SettingsSource.Value value = source.values().get(name);
    return value == null || value.text().isBlank() ? byDefault : value.text();
  }
}
