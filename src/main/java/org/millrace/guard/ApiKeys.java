package org.millrace.guard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How keys of callers look: {@code mlr_}, an id of ten letters and digits, and 256 random bits.
 * Whoever finds one in a file or a log sees what it is and which one. Stateless.
 */
public final class ApiKeys {
  /** What each begins with. */
  public static final String MARK = "mlr_";

  private static final Pattern FORM = Pattern.compile("mlr_([a-z0-9]{10})_[A-Za-z0-9_-]{43}");
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final int ID_LENGTH = 10;
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private ApiKeys() {}

  /**
   * A new key.
   *
   * @param secret the whole of it, to be shown once and kept nowhere
   */
  public record Fresh(String id, String secret, String digest) {

    /** The id only. */
    @Override
    public String toString() {
      return id;
    }
  }

  /** Makes a key. */
  public static Fresh fresh() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    byte[] bits = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bits);
    String secret = MARK + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    return new Fresh(id.toString(), secret, digest(secret));
  }

  /** The id in a key; empty if it does not look like one. */
  static Optional<String> id(String key) {
    Matcher matcher = FORM.matcher(key);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** What is kept of a key. */
  static String digest(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** Whether a key has this digest; takes as long whatever the answer is. */
  static boolean matches(String key, String digest) {
    return MessageDigest.isEqual(
        digest(key).getBytes(StandardCharsets.US_ASCII),
        digest.getBytes(StandardCharsets.US_ASCII));
  }
}
