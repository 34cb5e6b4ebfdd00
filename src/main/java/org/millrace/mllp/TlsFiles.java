package org.millrace.mllp;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a listener shows and asks for in TLS.
 *
 * @param certificate our own, with what leads to its authority: PEM, or PKCS#12 ({@code .p12},
 *     {@code .pfx}) with the key in it
 * @param key its private key as PEM; empty for PKCS#12
 * @param password of the key or the PKCS#12 file
 * @param authorities PEM of those whose client certificates are taken
 * @param clients whether clients must show one
 * @param senders which certificate may send as whom; empty: each as anybody
 */
public record TlsFiles(
    Path certificate,
    Optional<Path> key,
    Optional<String> password,
    Optional<Path> authorities,
    Clients clients,
    Optional<Path> senders) {

  /** Whether clients must show a certificate. */
  public enum Clients {
    /** They are not asked for one. */
    NONE,
    /** They may; one that is shown must be good. */
    ASKED,
    /** Without one there is no connection. */
    NEEDED
  }

  /** Whether certificate and key are one PKCS#12 file. */
  boolean together() {
    String name = certificate.toString();
    return name.endsWith(".p12") || name.endsWith(".pfx");
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "TlsFiles[" + certificate + ", clients " + clients + "]";
  }
}
