package org.millrace.mllp;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.SSLFactoryUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 of the listeners, by files. Files that change are taken into use without a
 * restart: connections that are open stay, new ones are shown the new certificate. Thread-safe.
 */
public final class Tls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final TlsFiles files;
  private final SSLFactory factory;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<CertificateSenders> senders;
  private volatile Instant expires;
  private List<String> seen;

  private Tls(TlsFiles files) {
    this.files = files;
    this.seen = stamps();
    this.factory = swappable(files);
    this.senders = files.senders().map(CertificateSenders::read);
    this.expires = expiry(factory);
  }

  /**
   * Reads the files, and looks every five seconds whether they changed.
   *
   * @throws IllegalArgumentException with the end of a sentence that begins with what names the
   *     files
   */
  public static Tls open(TlsFiles files) {
    Tls tls = new Tls(files);
    Thread watch = new Thread(tls::watch, "tls-files");
    watch.setDaemon(true);
    watch.start();
    return tls;
  }

  /**
   * Whether the files can be used.
   *
   * @throws IllegalArgumentException as {@link #open}
   */
  public static void check(TlsFiles files) {
    factory(files);
    files.senders().ifPresent(CertificateSenders::read);
  }

  private static SSLFactory factory(TlsFiles files) {
    return with(files, SSLFactory.builder().withProtocols(PROTOCOLS));
  }

  private static SSLFactory swappable(TlsFiles files) {
    SSLFactory.Builder builder =
        SSLFactory.builder().withProtocols(PROTOCOLS).withSwappableIdentityMaterial();
    return with(
        files, files.authorities().isEmpty() ? builder : builder.withSwappableTrustMaterial());
  }

  private static SSLFactory with(TlsFiles files, SSLFactory.Builder builder) {
    char[] password = files.password().map(String::toCharArray).orElse(new char[0]);
    try {
      if (files.together()) {
        builder.withIdentityMaterial(files.certificate(), password, "PKCS12");
      } else {
        Path key = files.key().orElse(files.certificate());
        builder.withIdentityMaterial(
            files.password().isPresent()
                ? PemUtils.loadIdentityMaterial(files.certificate(), key, password)
                : PemUtils.loadIdentityMaterial(files.certificate(), key));
      }
      files
          .authorities()
          .ifPresent(
              authorities -> builder.withTrustMaterial(PemUtils.loadTrustMaterial(authorities)));
      switch (files.clients()) {
        case NEEDED -> builder.withNeedClientAuthentication();
        case ASKED -> builder.withWantClientAuthentication();
        case NONE -> LOG.debug("clients are not asked for a certificate");
      }
      return builder.build();
    } catch (GenericException | IllegalArgumentException faulty) {
      // The text of a cause may quote the file, and that holds a private key.
      throw new IllegalArgumentException(
          "cannot be used: certificate, key, password and authorities do not fit together ("
              + innermost(faulty)
              + ")",
          faulty);
    }
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName();
  }

  private static Instant expiry(SSLFactory factory) {
    X509ExtendedKeyManager keys = factory.getKeyManager().orElseThrow();
    return aliases(keys).stream()
        .map(keys::getCertificateChain)
        .flatMap(Arrays::stream)
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  static List<String> aliases(X509ExtendedKeyManager keys) {
    return Stream.of("RSA", "EC", "Ed25519")
        .map(kind -> keys.getServerAliases(kind, null))
        .filter(Objects::nonNull)
        .flatMap(Arrays::stream)
        .distinct()
        .toList();
  }

  private void watch() {
    try {
      while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        follow();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes changed files into use; what cannot be used is told once, and the old ones stay. */
  synchronized void follow() {
    List<String> now = stamps();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      SSLFactory changed = factory(files);
      Optional<CertificateSenders> changedSenders = files.senders().map(CertificateSenders::read);
      SSLFactoryUtils.reload(factory, changed);
      senders = changedSenders;
      expires = expiry(changed);
      LOG.info("the changed certificate of {} is in use, until {}", files.certificate(), expires);
    } catch (IllegalArgumentException faulty) {
      LOG.error(
          "the changed files of TLS stay unused, the ones before are in use: {}",
          faulty.getMessage());
    }
  }

  /** When each file was changed and how long it is. */
  private List<String> stamps() {
    List<Path> all = new ArrayList<>(List.of(files.certificate()));
    files.key().ifPresent(all::add);
    files.authorities().ifPresent(all::add);
    files.senders().ifPresent(all::add);
    return all.stream().map(Tls::stamp).toList();
  }

  private static String stamp(Path file) {
    try {
      return Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException gone) {
      return "gone";
    }
  }

  /** When the first certificate of our own chain runs out. */
  public Instant expires() {
    return expires;
  }

  /** For Camel: routes name it as {@code sslContextParameters}. */
  public TlsParameters parameters() {
    return new TlsParameters(this);
  }

  /** Our own certificate and key; follows the files. */
  public X509ExtendedKeyManager keys() {
    return factory.getKeyManager().orElseThrow();
  }

  /** Judges what clients show, by our authorities; follows the files. */
  public X509ExtendedTrustManager clients() {
    return factory.getTrustManager().orElseThrow();
  }

  /** For a server that is no listener of MLLP; follows the files. */
  public SSLContext context() {
    return factory.getSslContext();
  }

  SSLFactory factory() {
    return factory;
  }

  /**
   * TLS over a connection that was taken, the handshake not begun.
   *
   * @throws IOException if the connection is gone
   */
  SSLSocket over(Socket taken) throws IOException {
    SSLSocket socket = (SSLSocket) factory.getSslSocketFactory().createSocket(taken, null, true);
    socket.setUseClientMode(false);
    socket.setEnabledProtocols(PROTOCOLS);
    socket.setNeedClientAuth(files.clients() == TlsFiles.Clients.NEEDED);
    if (files.clients() == TlsFiles.Clients.ASKED) {
      socket.setWantClientAuth(true);
    }
    return socket;
  }

  /** What a look at a connection tells of its session. */
  static ConnectionView.Secured secured(SSLSession session) {
    String name;
    try {
      name =
          session.getPeerCertificates()[0] instanceof X509Certificate certificate
              ? certificate.getSubjectX500Principal().getName()
              : "";
    } catch (SSLPeerUnverifiedException none) {
      name = "";
    }
    return new ConnectionView.Secured(session.getProtocol(), name);
  }

  /** Whether certificates stand for certain senders only. */
  boolean bindsSenders() {
    return senders.isPresent();
  }

  /**
   * Whether the client of a session may send as this sender.
   *
   * @param sender {@code MSH-3.1@MSH-4.1}
   */
  boolean allows(SSLSession session, String sender) {
    Optional<CertificateSenders> rules = senders;
    if (rules.isEmpty()) {
      return true;
    }
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate certificate
          && rules.get().allows(certificate, sender);
    } catch (SSLPeerUnverifiedException none) {
      return false;
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
