package org.millrace.guard;

import java.net.URI;
import java.util.Set;

/**
 * Whose tokens are taken.
 *
 * @param issuer as tokens name it in {@code iss}, without a slash at the end; what it offers is
 *     read below it
 * @param audience as tokens must name the engine in {@code aud}
 * @param algorithms by which they may be signed, as JWS names them
 */
public record TokenSettings(URI issuer, String audience, Set<String> algorithms) {
  /** Those that can be allowed: none of them works with a key that is public. */
  public static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  public TokenSettings {
    algorithms = Set.copyOf(algorithms);
    if (algorithms.isEmpty() || !ALGORITHMS.containsAll(algorithms)) {
      throw new IllegalArgumentException("an algorithm is not one of " + ALGORITHMS);
    }
  }
}
