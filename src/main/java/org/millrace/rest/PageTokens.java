package org.millrace.rest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Hides Cerner's link to a next page in a token that only this engine can make and read.
 *
 * <p>The token carries the link itself, sealed, so nothing is kept in memory and no caller can make
 * the engine fetch a link of its own. The key lives as long as the process: after a restart old
 * links are unknown, and a search starts anew. Thread-safe.
 */
final class PageTokens {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int LONGEST_TOKEN = 8192;

  private final SecureRandom random = new SecureRandom();
  private final SecretKey key;
  private final Clock clock;
  private final Duration lifetime;

  PageTokens(Clock clock, Duration lifetime) {
    this.clock = clock;
    this.lifetime = lifetime;
    try {
      KeyGenerator generator = KeyGenerator.getInstance("AES");
      generator.init(256, random);
      key = generator.generateKey();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this Java has no AES", missing);
    }
  }

  /** What opening a token came to. */
  sealed interface Opened {
    record Link(String link) implements Opened {}

    record Expired() implements Opened {}

    record NotOurs() implements Opened {}
  }

  /**
   * @param type the resource type searched: a token is good for that type only
   * @param link Cerner's link
   */
  String seal(String type, String link) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] linkBytes = link.getBytes(StandardCharsets.UTF_8);
    byte[] content =
        ByteBuffer.allocate(Long.BYTES + linkBytes.length)
            .putLong(clock.instant().plus(lifetime).toEpochMilli())
            .put(linkBytes)
            .array();
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, type).doFinal(content);
      byte[] token = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, token, nonce.length, sealed.length);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a page link could not be sealed", impossible);
    }
  }

  Opened open(String type, String token) {
    if (token.length() > LONGEST_TOKEN) {
      return new Opened.NotOurs();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(token);
      if (bytes.length < NONCE_BYTES + TAG_BITS / 8) {
        return new Opened.NotOurs();
      }
      byte[] content =
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE_BYTES), type)
              .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
      ByteBuffer buffer = ByteBuffer.wrap(content);
      if (buffer.getLong() < clock.millis()) {
        return new Opened.Expired();
      }
      return new Opened.Link(StandardCharsets.UTF_8.decode(buffer).toString());
    } catch (GeneralSecurityException | IllegalArgumentException forged) {
      return new Opened.NotOurs();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String type) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(type.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
