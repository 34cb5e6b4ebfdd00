package org.millrace.guard;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Opens the ports that are ours alone: what management and console are served on. */
public final class HttpPorts {
  static {
    // Head and body of an answer go out apart: else the body waits for the client to acknowledge
    // the head, which it may put off for 40 ms. The server reads this once, at its first use.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final int WAITING = 50;

  private HttpPorts() {}

  /**
   * A server that is to be started.
   *
   * @param tls what the port speaks TLS with; plain text if empty
   * @throws IOException if it cannot listen there
   */
  public static HttpServer open(InetSocketAddress address, Optional<SSLContext> tls)
      throws IOException {
    if (tls.isEmpty()) {
      return HttpServer.create(address, WAITING);
    }
    HttpsServer server = HttpsServer.create(address, WAITING);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
    return server;
  }
}
