package org.millrace.mllp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Which certificate may send as which sender. A line of the file names a certificate, by its common
 * name, a DNS name in it or {@code sha256:} and its fingerprint, and after blanks the senders it
 * stands for, as {@code MSH-3@MSH-4}, a star for any. A certificate that is not in the file sends
 * as nobody. Immutable.
 */
final class CertificateSenders {
  private static final int DNS_NAME = 2;

  private final Map<String, Set<String>> senders;

  private CertificateSenders(Map<String, Set<String>> senders) {
    this.senders = senders;
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException with file and line of what is wrong
   */
  static CertificateSenders read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("names a file that cannot be read: " + file, e);
    }
    Map<String, Set<String>> senders = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("[\\s,]+");
      List<String> named = List.of(words).subList(1, words.length);
      if (named.isEmpty() || !named.stream().allMatch(name -> name.matches("[^@]+@[^@]+"))) {
        throw new IllegalArgumentException(
            file + ":" + (i + 1) + ": write a certificate and its senders, as MSH-3@MSH-4");
      }
      senders
          .computeIfAbsent(words[0].toLowerCase(Locale.ROOT), name -> new HashSet<>())
          .addAll(named);
    }
    return new CertificateSenders(senders);
  }

  /**
   * @param sender {@code MSH-3.1@MSH-4.1}
   */
  boolean allows(X509Certificate certificate, String sender) {
    return names(certificate).stream()
        .flatMap(name -> senders.getOrDefault(name, Set.of()).stream())
        .anyMatch(allowed -> fits(allowed, sender));
  }

  private static boolean fits(String allowed, String sender) {
    if (allowed.equals("*@*")) {
      return true;
    }
    if (allowed.endsWith("@*")) {
      return sender.startsWith(allowed.substring(0, allowed.length() - 1));
    }
    return allowed.startsWith("*@")
        ? sender.endsWith(allowed.substring(1))
        : sender.equals(allowed);
  }

  /** By what a certificate can be named, in lower case. */
  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    names.add("sha256:" + fingerprint(certificate));
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          names.add(String.valueOf(part.getValue()).toLowerCase(Locale.ROOT));
        }
      }
      Collection<List<?>> others = certificate.getSubjectAlternativeNames();
      for (List<?> other : others == null ? List.<List<?>>of() : others) {
        if (Integer.valueOf(DNS_NAME).equals(other.get(0))) {
          names.add(String.valueOf(other.get(1)).toLowerCase(Locale.ROOT));
        }
      }
    } catch (InvalidNameException | CertificateParsingException odd) {
      // It can still be named by its fingerprint.
      return names;
    }
    return names;
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("every JDK has SHA-256, and this certificate was read", e);
    }
  }
}
