package org.millrace.console;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells browsers apart by a cookie, and gives each a token for its forms. Nothing is kept: the
 * token is an HMAC over the cookie, by a key that lives as long as the process. Thread-safe.
 */
final class Sessions {
  private static final String MAC = "HmacSHA256";
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key = new SecretKeySpec(bytes(), MAC);
  private final String cookie;

  /**
   * @param port cookies of one host are the same for all of its ports, so the name has it
   */
  Sessions(int port) {
    cookie = "millrace-console-" + port;
  }

  /** The one of these cookies, or a new one. */
  Session of(List<String> cookies) {
    return find(cookies).map(this::session).orElseGet(this::fresh);
  }

  /** Whether one is among these cookies. */
  boolean shown(List<String> cookies) {
    return find(cookies).isPresent();
  }

  private Optional<String> find(List<String> cookies) {
    for (String header : cookies) {
      for (String pair : header.split(";", -1)) {
        String[] parts = pair.strip().split("=", 2);
        if (parts.length == 2 && parts[0].equals(cookie) && parts[1].matches("[A-Za-z0-9_-]{43}")) {
          return Optional.of(parts[1]);
        }
      }
    }
    return Optional.empty();
  }

  /** One that no browser was known by before. */
  Session fresh() {
    return session(unguessable());
  }

  /**
   * How the browser is told of it. No script can read it, and no other site has it sent.
   *
   * @param secure whether it is to be sent over TLS only
   */
  String setCookie(Session session, boolean secure) {
    return cookie
        + "="
        + session.id()
        + "; Path=/; HttpOnly; SameSite=Strict"
        + (secure ? "; Secure" : "");
  }

  /** Whether a form was made for this browser. */
  static boolean made(Session session, String token) {
    return MessageDigest.isEqual(
        session.token().getBytes(StandardCharsets.US_ASCII),
        token.getBytes(StandardCharsets.UTF_8));
  }

  /** A text that nobody can guess. */
  String unguessable() {
    return text(bytes());
  }

  private Session session(String id) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      return new Session(id, text(mac.doFinal(id.getBytes(StandardCharsets.US_ASCII))));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java knows " + MAC, e);
    }
  }

  private byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
