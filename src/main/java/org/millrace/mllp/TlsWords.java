package org.millrace.mllp;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Locale;

/** Says in words why a TLS handshake failed. */
public final class TlsWords {
  /** Whoever showed none is told the same by some servers. */
  static final String CERTIFICATE_NOT_TAKEN = "the other side does not take our certificate";

  static final String CERTIFICATE_WANTED = "the server wants a client certificate";

  /** Part of what the JDK says in lower case, and what it means. */
  private record Meaning(String said, String meant) {}

  private static final List<Meaning> MEANINGS =
      List.of(
          new Meaning("empty client certificate", "the client showed no certificate"),
          new Meaning("empty server certificate", "the server showed no certificate"),
          new Meaning("certificate_required", CERTIFICATE_WANTED),
          new Meaning("unrecognized ssl message", "the other side does not speak TLS here"),
          new Meaning("plaintext connection", "the other side does not speak TLS here"),
          new Meaning("no name matching", "the certificate is for another host name"),
          new Meaning("no subject alternative", "the certificate is for another host name"),
          new Meaning(
              "certificate_expired", "the other side says that our certificate is out of date"),
          new Meaning(
              "unknown_ca", "the other side does not know the authority of our certificate"),
          new Meaning("certificate_unknown", CERTIFICATE_NOT_TAKEN),
          new Meaning("bad_certificate", CERTIFICATE_NOT_TAKEN),
          new Meaning("protocol_version", "the two sides have no TLS version in common"),
          new Meaning("client requested protocol", "the two sides have no TLS version in common"),
          new Meaning("no appropriate protocol", "the two sides have no TLS version in common"),
          new Meaning("selected protocol version", "the two sides have no TLS version in common"),
          new Meaning("no cipher suites in common", "the two sides have no cipher in common"),
          new Meaning(
              "handshake_failure",
              "the other side found no version, cipher or certificate to agree on"),
          new Meaning(
              "unable to find valid certification path",
              "its certificate is of an authority that is not known here"),
          new Meaning(
              "signature check failed",
              "its certificate is of an authority that is not known here"),
          new Meaning(
              "path does not chain", "its certificate is of an authority that is not known here"),
          new Meaning(
              "terminated the handshake",
              "the other side ended the connection during the handshake"));

  private TlsWords() {}

  /** One sentence without its full stop. */
  public static String of(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof CertificateExpiredException) {
        return "its certificate is out of date";
      }
      if (each instanceof CertificateNotYetValidException) {
        return "its certificate is not valid yet";
      }
    }
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String said = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
      for (Meaning meaning : MEANINGS) {
        if (said.contains(meaning.said())) {
          return meaning.meant();
        }
      }
    }
    if (failure instanceof SocketTimeoutException) {
      return "the handshake did not end in time";
    }
    if (failure instanceof EOFException || failure instanceof SocketException) {
      return "the other side ended the connection during the handshake";
    }
    return "the handshake failed (" + failure.getClass().getSimpleName() + ")";
  }
}
