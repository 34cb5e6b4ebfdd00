package org.millrace.console;

import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.millrace.guard.ProviderLogIn;
import org.millrace.guard.ProviderSettings;
import org.millrace.journal.JournalDatabase;

/**
 * The OpenID provider by which people log in.
 *
 * @param address the console's in browsers, to which the provider sends them back; empty where it
 *     is reached on this machine, by its port
 */
public record ConsoleProvider(ProviderSettings settings, Optional<URI> address) {

  /**
   * @param port that the console listens on
   */
  ProviderLogIn open(int port, JournalDatabase journal, Clock clock) {
    URI console = address.orElseGet(() -> URI.create("http://127.0.0.1:" + port));
    return new ProviderLogIn(settings, console, journal, clock);
  }
}
