package org.millrace.mllp;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority for trying out TLS, and the certificates it signs. For tests and first steps: its
 * key lives in memory only, so it signs nothing later.
 */
public final class DemoCertificates {
  private final KeyPair keys;
  private final X509Certificate certificate;

  /** A certificate and its private key. */
  public record Issued(X509Certificate certificate, PrivateKey key) {}

  private DemoCertificates(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * A new authority.
   *
   * @param name its common name
   */
  public static DemoCertificates authority(String name, Instant from, Instant until)
      throws GeneralSecurityException {
    KeyPair keys = newKeys();
    X500Name subject = new X500Name("CN=" + name);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject, serial(), Date.from(from), Date.from(until), subject, keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    } catch (IOException e) {
      throw new GeneralSecurityException("the authority could not be written", e);
    }
    return new DemoCertificates(keys, signed(builder, keys.getPrivate()));
  }

  /**
   * A certificate for a server or a client.
   *
   * @param name its common name
   * @param hosts the DNS names and IP addresses it is for; empty for a client
   */
  public Issued issue(String name, List<String> hosts, Instant from, Instant until)
      throws GeneralSecurityException {
    KeyPair own = newKeys();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate,
            serial(),
            Date.from(from),
            Date.from(until),
            new X500Name("CN=" + name),
            own.getPublic());
    try {
      if (!hosts.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                hosts.stream().map(DemoCertificates::name).toArray(GeneralName[]::new)));
      }
    } catch (IOException e) {
      throw new GeneralSecurityException("the certificate could not be written", e);
    }
    return new Issued(signed(builder, keys.getPrivate()), own.getPrivate());
  }

  private static GeneralName name(String host) {
    boolean address = host.matches("[0-9.]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static BigInteger serial() {
    return new BigInteger(120, new SecureRandom());
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("the certificate could not be signed", e);
    }
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** Writes a certificate as PEM. */
  public static void write(X509Certificate certificate, Path file)
      throws IOException, GeneralSecurityException {
    Files.writeString(
        file, pem("CERTIFICATE", certificate.getEncoded()), StandardCharsets.US_ASCII);
  }

  /** Writes a private key as PEM, for its owner's eyes only where the file system knows of such. */
  public static void write(PrivateKey key, Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.notExists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, pem("PRIVATE KEY", key.getEncoded()), StandardCharsets.US_ASCII);
  }

  private static String pem(String kind, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
  }
}
