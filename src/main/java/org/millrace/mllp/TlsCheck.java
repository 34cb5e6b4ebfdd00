package org.millrace.mllp;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.pem.util.PemUtils;

/**
 * Finds out how a TLS server stands towards us, and says it in words. It sends nothing but the
 * handshake.
 *
 * @param authorities PEM of those that are trusted; those of the JDK if empty
 * @param identity PEM of our own certificate and key, for servers that want one
 */
public record TlsCheck(Optional<Path> authorities, Optional<Identity> identity, Duration within) {

  /** Our own certificate. */
  public record Identity(Path certificate, Path key) {}

  /**
   * What came of it.
   *
   * @param lines what was found, in order
   * @param good whether a sender with the same files would be let in
   */
  public record Found(List<String> lines, boolean good) {}

  /** Takes every certificate down, and leaves the judgement to those who know the authorities. */
  private static final class Recording extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;
    private final List<X509Certificate> shown = new ArrayList<>();

    Recording(X509ExtendedTrustManager judge) {
      this.judge = judge;
    }

    private void record(X509Certificate[] chain) {
      shown.clear();
      shown.addAll(List.of(chain));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      record(chain);
      judge.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      record(chain);
      judge.checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      record(chain);
      judge.checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("we are the client here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("we are the client here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("we are the client here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return judge.getAcceptedIssuers();
    }
  }

  /**
   * Connects and shakes hands.
   *
   * @throws IllegalArgumentException if a file cannot be used
   */
  public Found check(String host, int port, Instant now) {
    List<String> lines = new ArrayList<>();
    Recording recording;
    SSLFactory factory;
    try {
      recording = new Recording(TlsOut.trusted(authorities));
      factory = factory(recording);
    } catch (GenericException faulty) {
      throw new IllegalArgumentException("a file of certificates or keys cannot be read", faulty);
    }
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), (int) within.toMillis());
      lines.add("connected to " + host + " port " + port);
      boolean good = shake(plain, host, factory, lines);
      describe(recording, now, lines);
      return new Found(lines, good);
    } catch (IOException failure) {
      lines.add("no connection to " + host + " port " + port + ": nobody listens there");
      return new Found(lines, false);
    }
  }

  private boolean shake(Socket plain, String host, SSLFactory factory, List<String> lines) {
    try {
      SSLSocket socket =
          (SSLSocket)
              factory.getSslSocketFactory().createSocket(plain, host, plain.getPort(), false);
      socket.setSoTimeout((int) within.toMillis());
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      lines.add(
          "agreed on "
              + socket.getSession().getProtocol()
              + ", "
              + socket.getSession().getCipherSuite());
      stillThere(socket);
      lines.add(
          identity.isPresent()
              ? "the server took our certificate, or did not ask for one"
              : "the server let us in without a client certificate");
      return true;
    } catch (IOException failure) {
      String words = TlsWords.of(failure);
      boolean missed = identity.isEmpty() && words.equals(TlsWords.CERTIFICATE_NOT_TAKEN);
      lines.add("the handshake failed: " + (missed ? TlsWords.CERTIFICATE_WANTED : words));
      return false;
    }
  }

  /** With TLS 1.3 a server that misses a certificate says so after the handshake. */
  private void stillThere(SSLSocket socket) throws IOException {
    socket.setSoTimeout(500);
    try {
      if (socket.getInputStream().read() < 0) {
        throw new EOFException("terminated the handshake");
      }
    } catch (SocketTimeoutException silent) {
      // As it should be: servers of HL7 wait for a message.
      return;
    }
  }

  private SSLFactory factory(Recording recording) {
    SSLFactory.Builder builder = SSLFactory.builder().withTrustMaterial(recording);
    identity.ifPresent(
        own ->
            builder.withIdentityMaterial(
                PemUtils.loadIdentityMaterial(own.certificate(), own.key())));
    return builder.build();
  }

  private static void describe(Recording recording, Instant now, List<String> lines) {
    for (X509Certificate each : recording.shown) {
      Instant until = each.getNotAfter().toInstant();
      String left =
          until.isBefore(now)
              ? "out of date since " + until
              : "valid for " + Duration.between(now, until).toDays() + " days, until " + until;
      lines.add(
          "certificate "
              + each.getSubjectX500Principal().getName()
              + " of "
              + each.getIssuerX500Principal().getName()
              + ": "
              + left);
    }
  }
}
