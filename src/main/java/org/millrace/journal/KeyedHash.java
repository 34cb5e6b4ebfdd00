package org.millrace.journal;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256, and keys that are derived with it. Source: RFC 2104; RFC 5869 2.3 (one block of
 * HKDF-Expand, with the key, which is random, as the pseudorandom key).
 */
final class KeyedHash {
  private static final String NAME = "HmacSHA256";
  private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(KeyedHash::mac);

  private KeyedHash() {}

  /** 32 bytes. */
  static byte[] of(byte[] key, byte[] text) {
    Mac mac = MAC.get();
    try {
      mac.init(new SecretKeySpec(key, NAME));
      return mac.doFinal(text);
    } catch (InvalidKeyException impossible) {
      throw new IllegalStateException("every key but the empty one is good for HMAC", impossible);
    }
  }

  /** A key of 32 bytes for one purpose. */
  static byte[] derived(byte[] key, String purpose) {
    return of(key, (purpose + "\u0001").getBytes(StandardCharsets.UTF_8));
  }

  private static Mac mac() {
    try {
      return Mac.getInstance(NAME);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has HMAC-SHA256", impossible);
    }
  }
}
