package org.millrace.console;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where the console listens.
 *
 * @param bind an address of this machine, or a name of one
 * @param port 0 for any free one
 * @param tls what it speaks TLS with; plain text if empty
 * @param tlsInFront whether something ends TLS before requests come here
 */
public record ConsolePlace(String bind, int port, Optional<SSLContext> tls, boolean tlsInFront) {

  /** On loopback, for who is on this machine. */
  public static ConsolePlace loopback(int port) {
    return new ConsolePlace("127.0.0.1", port, Optional.empty(), false);
  }

  InetSocketAddress address() throws IOException {
    return new InetSocketAddress(InetAddress.getByName(bind), port);
  }
}
