package org.millrace.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.millrace.console.ConsolePlace;
import org.millrace.hl7.Replies;
import org.millrace.mllp.AllowedPeers;
import org.millrace.mllp.FrameMllpComponent;
import org.millrace.mllp.MllpLimits;
import org.millrace.mllp.Tls;
import org.millrace.mllp.TlsFiles;
import org.millrace.mllp.WireWatch;

/**
 * The ways in.
 *
 * @param bind the address all listen on but the console
 * @param consolePort of the console; empty: there is none
 * @param consoleBind the address that it listens on
 * @param allowOpen off loopback without authentication and TLS, because the site says so
 * @param tlsInFront HTTP comes through something that ends TLS before it
 * @param connections MLLP connections at once
 * @param frames what MLLP senders are allowed; the length of a frame holds for HTTP bodies too
 * @param allowed from which addresses MLLP connections are taken
 * @param tls what is shown and asked for in TLS; empty: all is plain text
 * @param tlsFor which of the ways in have it
 * @param httpClients whether HTTP callers must show a certificate
 */
public record Listeners(
    String bind,
    int mllpPort,
    int httpPort,
    int managementPort,
    OptionalInt consolePort,
    String consoleBind,
    boolean allowOpen,
    boolean tlsInFront,
    int connections,
    MllpLimits frames,
    AllowedPeers allowed,
    Optional<TlsFiles> tls,
    Set<String> tlsFor,
    TlsFiles.Clients httpClients) {

  private static final int MEGABYTE = 1024 * 1024;
  private static final String MESSAGE_MB = "MILLRACE_LIMIT_MESSAGE_MB";
  private static final String MEMORY_MB = "MILLRACE_LIMIT_RECEIVE_MB";
  private static final String CONNECTIONS = "MILLRACE_LIMIT_CONNECTIONS";
  private static final String OF_PEER = "MILLRACE_LIMIT_CONNECTIONS_OF_PEER";
  private static final String CERTIFICATE = "MILLRACE_TLS_CERTIFICATE";
  private static final String AUTHORITIES = "MILLRACE_TLS_CLIENT_AUTHORITIES";
  private static final String CLIENTS = "MILLRACE_TLS_CLIENTS";
  private static final String HTTP_CLIENTS = "MILLRACE_TLS_HTTP_CLIENTS";
  private static final String SENDERS = "MILLRACE_TLS_SENDERS";
  private static final String CONSOLE = "MILLRACE_CONSOLE_PORT";
  private static final String CONSOLE_BIND = "MILLRACE_CONSOLE_BIND";
  private static final String BIND = "MILLRACE_BIND";
  private static final String ALLOW_OPEN = "MILLRACE_ALLOW_OPEN";
  private static final String TLS_IN_FRONT = "MILLRACE_TLS_IN_FRONT";
  private static final String ALLOWED = "MILLRACE_MLLP_ALLOW";
  private static final List<String> WAYS_IN =
      List.of("mllp,http", "mllp", "http", "mllp,http,management", "http,management");
  private static final String TLS_FOR = "MILLRACE_TLS_FOR";
  private static final String HTTP_WOULD_BE_PLAIN =
      "is not a loopback address, and HTTP is plain text: set "
          + CERTIFICATE
          + ", or "
          + TLS_IN_FRONT
          + "=true if a proxy ends TLS before the engine, or "
          + ALLOW_OPEN
          + "=true if something in front guards all of it";
  private static final String MLLP_WOULD_BE_OPEN =
      "is not a loopback address, and anybody could ask for charts over MLLP: name in "
          + ALLOWED
          + " who may connect, or ask for certificates ("
          + AUTHORITIES
          + "), or set "
          + ALLOW_OPEN
          + "=true if something in front guards all of it";
  private static final String CONSOLE_WOULD_BE_PLAIN =
      "is not a loopback address, and passwords and patients' data would go over the wire as plain"
          + " text: set "
          + CERTIFICATE
          + ", or "
          + TLS_IN_FRONT
          + "=true if a proxy ends TLS before the engine";
  private static final String NO_CERTIFICATE = "is set, but " + CERTIFICATE + " is not";
  private static final Duration LONGEST = Duration.ofHours(1);

  static Listeners read(SettingsReader reader) {
    String bind = reader.text(BIND, "127.0.0.1");
    boolean allowOpen = reader.flag(ALLOW_OPEN, false);
    boolean tlsInFront = reader.flag(TLS_IN_FRONT, false);
    int mllpPort = reader.port("MILLRACE_MLLP_PORT", 2575);
    int httpPort = reader.port("MILLRACE_HTTP_PORT", 8080);
    int managementPort = reader.port("MILLRACE_MANAGEMENT_PORT", 8081);
    if (httpPort != 0 && httpPort == mllpPort) {
      reader.fault("MILLRACE_HTTP_PORT", "is the same port as MILLRACE_MLLP_PORT");
    }
    if (managementPort != 0 && (managementPort == mllpPort || managementPort == httpPort)) {
      reader.fault("MILLRACE_MANAGEMENT_PORT", "is the same port as another listener's");
    }
    OptionalInt consolePort = consolePort(reader, List.of(mllpPort, httpPort, managementPort));
    int connections = connections(reader, CONNECTIONS, 500);
    Optional<TlsFiles> tls = tls(reader);
    Set<String> tlsFor = tlsFor(reader, tls.isPresent());
    if (!allowOpen && !isLoopback(bind)) {
      if (!tlsFor.contains("http") && !tlsInFront) {
        reader.fault(BIND, HTTP_WOULD_BE_PLAIN);
      }
      if (reader.text(ALLOWED).isEmpty() && !knowsClients(tls, tlsFor)) {
        reader.fault(BIND, MLLP_WOULD_BE_OPEN);
      }
    }
    String consoleBind = reader.text(CONSOLE_BIND, "127.0.0.1");
    if (consolePort.isPresent() && !isLoopback(consoleBind) && tls.isEmpty() && !tlsInFront) {
      reader.fault(CONSOLE_BIND, CONSOLE_WOULD_BE_PLAIN);
    }
    return new Listeners(
        bind,
        mllpPort,
        httpPort,
        managementPort,
        consolePort,
        consoleBind,
        allowOpen,
        tlsInFront,
        connections,
        frames(reader, connections),
        reader.read(ALLOWED, AllowedPeers.ALL, AllowedPeers::read),
        tls,
        tlsFor,
        httpClients(reader, tls, tlsFor));
  }

  private static OptionalInt consolePort(SettingsReader reader, List<Integer> others) {
    if (reader.text(CONSOLE).filter("none"::equals).isPresent()) {
      return OptionalInt.empty();
    }
    int port =
        (int)
            reader.number(
                CONSOLE, 8082, 0, 65535, "is no port, 0 to 65535 (0 takes any free one), nor none");
    reader.known(CONSOLE, "port, or none", "8082");
    if (port != 0 && others.contains(port)) {
      reader.fault(CONSOLE, "is the same port as another listener's");
    }
    return OptionalInt.of(port);
  }

  /** Whether MLLP is for those alone that show a certificate. */
  private static boolean knowsClients(Optional<TlsFiles> tls, Set<String> tlsFor) {
    return tlsFor.contains("mllp")
        && tls.filter(files -> files.clients() == TlsFiles.Clients.NEEDED).isPresent();
  }

  private static Set<String> tlsFor(SettingsReader reader, boolean any) {
    String words = reader.choice(TLS_FOR, "mllp,http", WAYS_IN);
    return any ? Set.of(words.split(",")) : Set.of();
  }

  private static TlsFiles.Clients httpClients(
      SettingsReader reader, Optional<TlsFiles> tls, Set<String> tlsFor) {
    TlsFiles.Clients clients = reader.choice(HTTP_CLIENTS, TlsFiles.Clients.NONE);
    if (clients != TlsFiles.Clients.NONE
        && (!tlsFor.contains("http") || tls.flatMap(TlsFiles::authorities).isEmpty())) {
      reader.fault(
          HTTP_CLIENTS,
          "asks for certificates, but HTTP has no TLS, or " + AUTHORITIES + " names no authority");
    }
    return clients;
  }

  private static Optional<TlsFiles> tls(SettingsReader reader) {
    Optional<Path> certificate = reader.file(CERTIFICATE);
    Optional<Path> key = reader.file("MILLRACE_TLS_KEY");
    Optional<String> password = reader.secret("MILLRACE_TLS_PASSWORD");
    Optional<Path> authorities = reader.file(AUTHORITIES);
    TlsFiles.Clients clients =
        reader.choice(
            CLIENTS, authorities.isPresent() ? TlsFiles.Clients.NEEDED : TlsFiles.Clients.NONE);
    Optional<Path> senders = reader.file(SENDERS);
    if (certificate.isEmpty()) {
      key.ifPresent(any -> reader.fault("MILLRACE_TLS_KEY", NO_CERTIFICATE));
      password.ifPresent(any -> reader.fault("MILLRACE_TLS_PASSWORD", NO_CERTIFICATE));
      authorities.ifPresent(any -> reader.fault(AUTHORITIES, NO_CERTIFICATE));
      senders.ifPresent(any -> reader.fault(SENDERS, NO_CERTIFICATE));
      return Optional.empty();
    }
    if (authorities.isEmpty() && clients != TlsFiles.Clients.NONE) {
      reader.fault(CLIENTS, "asks for certificates, but " + AUTHORITIES + " names no authority");
    }
    if (senders.isPresent() && clients != TlsFiles.Clients.NEEDED) {
      reader.fault(SENDERS, "is set, but " + CLIENTS + " lets clients in without a certificate");
    }
    TlsFiles files = new TlsFiles(certificate.get(), key, password, authorities, clients, senders);
    try {
      Tls.check(files);
    } catch (IllegalArgumentException faulty) {
      reader.fault(CERTIFICATE, String.valueOf(faulty.getMessage()));
    }
    return Optional.of(files);
  }

  private static int connections(SettingsReader reader, String name, int byDefault) {
    return (int)
        reader.number(name, byDefault, 1, 20_000, "is no number of connections, 1 to 20000");
  }

  private static MllpLimits frames(SettingsReader reader, int connections) {
    MllpLimits standard = MllpLimits.DEFAULT;
    int ofPeer = connections(reader, OF_PEER, Math.min(standard.connectionsOfPeer(), connections));
    if (ofPeer > connections) {
      reader.fault(OF_PEER, "is more than " + CONNECTIONS);
    }
    int message = megabytes(reader, MESSAGE_MB, 64, 1024);
    int memory = megabytes(reader, MEMORY_MB, Math.max(256, message), 65_536);
    if (memory < message) {
      reader.fault(
          MEMORY_MB, "is less than " + MESSAGE_MB + ", so the longest would never be taken");
    }
    return new MllpLimits(
        message * MEGABYTE,
        time(reader, "MILLRACE_LIMIT_FRAME_TIME", standard.frameWithin(), LONGEST),
        idle(reader, standard.idleWithin()),
        time(reader, "MILLRACE_LIMIT_REPLY_TIME", standard.replyWithin(), LONGEST),
        ofPeer,
        (long) memory * MEGABYTE);
  }

  private static int megabytes(SettingsReader reader, String name, int byDefault, int most) {
    return (int) reader.number(name, byDefault, 1, most, "is no number of megabytes, 1 to " + most);
  }

  private static Duration time(
      SettingsReader reader, String name, Duration byDefault, Duration most) {
    return reader.duration(name, byDefault, Duration.ofMillis(100), most);
  }

  /** Some senders connect once a year, and take the end of their connection for a fault. */
  private static Duration idle(SettingsReader reader, Duration byDefault) {
    String name = "MILLRACE_LIMIT_IDLE_TIME";
    if (reader.text(name).filter("none"::equals).isPresent()) {
      return Duration.ZERO;
    }
    Duration read = time(reader, name, byDefault, Duration.ofDays(366));
    reader.orWord(name, "none");
    return read;
  }

  /** What listens by these settings. */
  FrameMllpComponent mllp(Replies replies, WireWatch watch) {
    return new FrameMllpComponent(replies, frames, allowed, watch);
  }

  /**
   * Whether callers are asked who they are even before the first of them has a key. What a proxy
   * hands on comes from anywhere, though it comes over loopback.
   */
  boolean guarded() {
    return !allowOpen && (tlsInFront || !isLoopback(bind));
  }

  /** Whether a key may be shown on the management port: not where others could read it. */
  boolean managementTakesKeys() {
    return tlsFor.contains("management") || tlsInFront;
  }

  /** Whether others than this machine reach the console. */
  boolean consoleIsOpen() {
    return consolePort.isPresent() && !isLoopback(consoleBind);
  }

  /** Where the console listens: off loopback over TLS, if it has a certificate. */
  ConsolePlace console(int port, Optional<Tls> open) {
    return new ConsolePlace(
        consoleBind, port, open.filter(any -> consoleIsOpen()).map(Tls::context), tlsInFront);
  }

  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
