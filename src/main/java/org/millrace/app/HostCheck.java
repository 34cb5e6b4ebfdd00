package org.millrace.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.millrace.app.Finding.Who;
import org.millrace.mllp.TlsCheck;

/**
 * Whether a host of an address has a name that is known, a port that answers, and a certificate
 * that is trusted. Nothing is sent but the handshake.
 */
final class HostCheck {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final Duration within;
  private final Clock clock;

  HostCheck(Duration within, Clock clock) {
    this.within = within;
    this.clock = clock;
  }

  /** One finding each for name and connection; the last is bad if no request can get through. */
  List<Finding> check(URI address) {
    Optional<String> proxy = proxy(address);
    if (proxy.isPresent()) {
      return List.of(
          Finding.skipped("name", address.getHost() + " is reached by the proxy " + proxy.get()));
    }
    Finding name = name(address.getHost());
    return name.verdict() == Finding.Verdict.BAD
        ? List.of(name)
        : List.of(name, isTls(address) ? tls(address) : plain(address));
  }

  private static Optional<String> proxy(URI address) {
    return ProxySelector.getDefault().select(address).stream()
        .filter(each -> each.type() != Proxy.Type.DIRECT)
        .map(each -> String.valueOf(each.address()))
        .findFirst();
  }

  private Finding name(String host) {
    try {
      InetAddress[] found =
          CompletableFuture.supplyAsync(() -> lookUp(host))
              .get(within.toMillis(), TimeUnit.MILLISECONDS);
      if (found.length > 0) {
        return Finding.good(
            "name",
            host
                + " is "
                + Arrays.stream(found)
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.joining(", ")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      return Finding.bad(
          "name",
          "The look-up of " + host + " took more than " + within.toSeconds() + " seconds.",
          Who.SITE,
          "mend the name server that this machine asks");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a look-up ended in an exception", e);
    }
    return Finding.bad(
        "name",
        "The name " + host + " is not known.",
        Who.SITE,
        "check the address in the settings, and the name server that this machine asks");
  }

  private static InetAddress[] lookUp(String host) {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      return new InetAddress[0];
    }
  }

  private Finding tls(URI address) {
    TlsCheck.Found found =
        new TlsCheck(Optional.empty(), Optional.empty(), within)
            .check(address.getHost(), port(address), clock.instant());
    String told = String.join("; ", found.lines());
    return found.good()
        ? Finding.good("tls", told)
        : Finding.bad(
            "tls",
            told,
            Who.SITE,
            "let the engine's machine reach the port; a certificate that is not trusted is often a"
                + " proxy's of the site: its authority then belongs into the trust store of Java"
                + " (MILLRACE_JAVA_OPTIONS)");
  }

  private Finding plain(URI address) {
    String where = address.getHost() + " port " + port(address);
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getHost(), port(address)), (int) within.toMillis());
    } catch (IOException e) {
      return Finding.bad(
          "connection",
          "No connection to " + where + ": nobody listens there, or something is in between.",
          Who.SITE,
          "check the address in the settings; let the engine's machine reach it (firewall)");
    }
    return Listeners.isLoopback(address.getHost())
        ? Finding.good("connection", "connected to " + where + " on this machine")
        : Finding.doubtful(
            "connection",
            "Connected to " + where + " without TLS: tokens and charts can be read on the way.",
            Who.WE,
            "name an https address");
  }

  private static boolean isTls(URI address) {
    return "https".equalsIgnoreCase(address.getScheme());
  }

  private static int port(URI address) {
    return address.getPort() >= 0 ? address.getPort() : isTls(address) ? HTTPS : HTTP;
  }
}
