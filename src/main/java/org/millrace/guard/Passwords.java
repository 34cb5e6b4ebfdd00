package org.millrace.guard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Passwords as Argon2id hashes, in the form of the reference implementation: {@code
 * $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}. What is written tells its own cost, so that the cost
 * can rise and what was written before is still read. Stateless.
 *
 * <p>Source: RFC 9106; OWASP Password Storage Cheat Sheet, Argon2id with 19 MiB and two passes.
 */
public final class Passwords {
  /** NIST SP 800-63B asks for eight at least, and for length before anything else. */
  static final int SHORTEST = 12;

  /** Beyond that nobody types one. */
  static final int LONGEST = 256;

  private static final Cost NOW = new Cost(19_456, 2, 1);
  private static final int SALT = 16;
  private static final int HASH = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern WRITTEN =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  private Passwords() {}

  /** What a hash costs: kilobytes, passes, lanes. */
  private record Cost(int kilobytes, int passes, int lanes) {}

  /**
   * Why somebody cannot have this password, as the end of a sentence; empty if they can.
   *
   * @param account whose it is to be
   */
  public static Optional<String> fault(String account, String password) {
    if (password.codePointCount(0, password.length()) < SHORTEST) {
      return Optional.of("has fewer than " + SHORTEST + " characters");
    }
    if (password.length() > LONGEST) {
      return Optional.of("has more than " + LONGEST + " characters");
    }
    if (password.codePoints().distinct().count() < 5) {
      return Optional.of("repeats a few characters");
    }
    return password.toLowerCase(Locale.ROOT).contains(account)
        ? Optional.of("holds the account's name")
        : Optional.empty();
  }

  /** Hashes one, with a salt of its own. */
  public static String hashed(String password) {
    byte[] salt = new byte[SALT];
    RANDOM.nextBytes(salt);
    byte[] hash = hash(password, salt, NOW, HASH);
    Base64.Encoder text = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m="
        + NOW.kilobytes()
        + ",t="
        + NOW.passes()
        + ",p="
        + NOW.lanes()
        + "$"
        + text.encodeToString(salt)
        + "$"
        + text.encodeToString(hash);
  }

  /**
   * Whether it is the one; takes as long if it is not.
   *
   * @param written as {@link #hashed} made it; nothing matches anything else
   */
  public static boolean matches(String password, String written) {
    Matcher read = WRITTEN.matcher(written);
    if (!read.matches() || password.length() > LONGEST) {
      return false;
    }
    Cost cost =
        new Cost(
            Integer.parseInt(read.group(1)),
            Integer.parseInt(read.group(2)),
            Integer.parseInt(read.group(3)));
    byte[] expected = Base64.getDecoder().decode(read.group(5));
    byte[] found = hash(password, Base64.getDecoder().decode(read.group(4)), cost, expected.length);
    return MessageDigest.isEqual(expected, found);
  }

  private static byte[] hash(String password, byte[] salt, Cost cost, int length) {
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.kilobytes())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build());
    byte[] hash = new byte[length];
    // The same characters are other bytes on another keyboard.
    String typed = Normalizer.normalize(password, Normalizer.Form.NFKC);
    argon2.generateBytes(typed.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }
}
