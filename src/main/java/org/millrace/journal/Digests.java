package org.millrace.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what identifies something, so that the thing itself need not stand in a key. */
public final class Digests {

  private Digests() {}

  /** In hex, of the parts in order; parts cannot run into each other. */
  public static String of(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** In hex, of the bytes from an offset on. */
  public static String of(byte[] bytes, int from) {
    MessageDigest digest = sha256();
    digest.update(bytes, from, bytes.length - from);
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * In hex, of every byte of a message after the MSH segment and its end. Senders stamp a new MSH-7
   * on what they repeat, so MSH cannot take part in telling whether it is the same.
   */
  public static String ofContent(byte[] message) {
    return of(message, contentStart(message));
  }

  /** Where the content begins. */
  static int contentStart(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && isEnd(bytes[at])) {
      at++;
    }
    while (at < bytes.length && !isEnd(bytes[at])) {
      at++;
    }
    while (at < bytes.length && isEnd(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isEnd(byte b) {
    return b == '\r' || b == '\n';
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
