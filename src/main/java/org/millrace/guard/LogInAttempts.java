package org.millrace.guard;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Log-ins that somebody has begun and that the provider has not answered yet. They are kept by the
 * browser, in a cookie, so that nobody can fill the engine with them; what goes to the provider is
 * made of the cookie by a key that lives as long as the process. Each is good once, for ten
 * minutes. Thread-safe.
 */
final class LogInAttempts {
  static final Duration LONGEST = Duration.ofMinutes(10);
  private static final String MAC = "HmacSHA256";
  private static final int BYTES = 32;
  private static final int MOST_REMEMBERED = 10_000;
  private static final int LONGEST_TO = 2_000;

  private static final Pattern COOKIE =
      Pattern.compile("[A-Za-z0-9_-]{43}\\.([0-9]{1,12})\\.([A-Za-z0-9_-]{0,2700})");

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key = new SecretKeySpec(bytes(), MAC);
  private final Clock clock;
  private final Map<String, Instant> used =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  LogInAttempts(Clock clock) {
    this.clock = clock;
  }

  /**
   * One of them.
   *
   * @param cookie what the browser keeps
   * @param state what the provider gives back, so that nobody is logged in by a log-in that another
   *     browser began
   * @param nonce what the ID token must hold, so that it is of this log-in
   * @param verifier by which the code is redeemed, so that whoever read the code has nothing of it
   * @param to where to go on to
   */
  record Attempt(String cookie, String state, String nonce, String verifier, String to) {

    /** Nothing of it: who knows it can go on with it. */
    @Override
    public String toString() {
      return "an attempt";
    }
  }

  Attempt begin(String to) {
    String kept = to.length() > LONGEST_TO ? "" : to;
    return attempt(
        text(bytes())
            + "."
            + clock.instant().getEpochSecond()
            + "."
            + text(kept.getBytes(StandardCharsets.UTF_8)),
        kept);
  }

  /** The one of a cookie; empty if it is none, or was begun too long ago. */
  Optional<Attempt> of(String cookie) {
    Matcher parts = COOKIE.matcher(cookie);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Instant begun = Instant.ofEpochSecond(Long.parseLong(parts.group(1)));
    Instant now = clock.instant();
    if (now.isBefore(begun) || !now.isBefore(begun.plus(LONGEST))) {
      return Optional.empty();
    }
    try {
      byte[] to = Base64.getUrlDecoder().decode(parts.group(2));
      return Optional.of(attempt(cookie, new String(to, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }

  /** Takes one up; false if that was done before. */
  synchronized boolean use(Attempt attempt) {
    Instant now = clock.instant();
    used.values().removeIf(at -> !now.isBefore(at.plus(LONGEST)));
    return used.putIfAbsent(attempt.state(), now) == null;
  }

  private Attempt attempt(String cookie, String to) {
    return new Attempt(
        cookie, made("state", cookie), made("nonce", cookie), made("verifier", cookie), to);
  }

  private String made(String what, String cookie) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      return text(mac.doFinal((what + " " + cookie).getBytes(StandardCharsets.US_ASCII)));
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
