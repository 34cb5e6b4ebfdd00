package org.millrace.mllp;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.pem.util.PemUtils;

/**
 * TLS 1.2 and 1.3 of connections that this side opens. The server must show a certificate of an
 * authority that is trusted, for the very host that is asked. The file of the authorities is read
 * anew for each connection. Thread-safe.
 */
public final class TlsOut {
  private final Optional<Path> authorities;
  private final Optional<X509ExtendedKeyManager> identity;

  private TlsOut(Optional<Path> authorities, Optional<X509ExtendedKeyManager> identity) {
    this.authorities = authorities;
    this.identity = identity;
  }

  /**
   * With a certificate of its own for servers that want one.
   *
   * @param authorities PEM of those that are trusted; those of the JDK if empty
   * @throws IllegalArgumentException if a file cannot be used
   */
  public static TlsOut of(Optional<Path> authorities, Optional<TlsCheck.Identity> identity) {
    try {
      return checked(
          authorities,
          identity.map(own -> PemUtils.loadIdentityMaterial(own.certificate(), own.key())));
    } catch (GenericException | IllegalArgumentException faulty) {
      // The text of a cause may quote the file, and that holds a private key.
      throw new IllegalArgumentException("certificate and key cannot be used", faulty);
    }
  }

  /**
   * With the certificate that the listeners show, if they have one; it follows their files.
   *
   * @throws IllegalArgumentException if the file of the authorities cannot be used
   */
  public static TlsOut as(Optional<Tls> listeners, Optional<Path> authorities) {
    return checked(authorities, listeners.map(Tls::keys));
  }

  private static TlsOut checked(
      Optional<Path> authorities, Optional<X509ExtendedKeyManager> identity) {
    trusted(authorities);
    return new TlsOut(authorities, identity);
  }

  /**
   * Those whose word counts.
   *
   * @throws IllegalArgumentException if the file cannot be used
   */
  static X509ExtendedTrustManager trusted(Optional<Path> authorities) {
    try {
      return authorities
          .map(file -> (X509ExtendedTrustManager) PemUtils.loadTrustMaterial(file))
          .orElseGet(
              () ->
                  SSLFactory.builder()
                      .withDefaultTrustMaterial()
                      .build()
                      .getTrustManager()
                      .orElseThrow());
    } catch (GenericException | IllegalArgumentException faulty) {
      throw new IllegalArgumentException("the file of authorities is no PEM", faulty);
    }
  }

  /**
   * Shakes hands over a connection that stands; the socket given is part of the one returned.
   *
   * @param host the server's name as it was asked for
   * @param withinMillis for each read of the handshake
   * @throws IOException if they do not come together; {@link TlsWords} says why
   */
  SSLSocket over(Socket connected, String host, int withinMillis) throws IOException {
    SSLFactory.Builder builder = SSLFactory.builder().withProtocols(Tls.PROTOCOLS);
    try {
      builder.withTrustMaterial(trusted(authorities));
    } catch (IllegalArgumentException faulty) {
      throw new IOException(faulty.getMessage(), faulty);
    }
    identity.ifPresent(builder::withIdentityMaterial);
    SSLSocket socket =
        (SSLSocket)
            builder
                .build()
                .getSslSocketFactory()
                .createSocket(connected, bare(host), connected.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(withinMillis);
    socket.startHandshake();
    return socket;
  }

  /** An IPv6 address stands in brackets before a port, and without them in a certificate. */
  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
