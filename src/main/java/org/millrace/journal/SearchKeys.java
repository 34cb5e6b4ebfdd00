package org.millrace.journal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Keys by which the journal finds again what may be a patient's: a number, a message, a lane. In an
 * encrypted journal they are HMAC-SHA256 under a secret of the journal, so that nobody who has the
 * files can try all record numbers of a hospital; the secret outlives the keys of the contents. In
 * a plain journal, which holds the numbers themselves, they are digests. Only equality can be asked
 * for. Thread-safe.
 */
public final class SearchKeys {
  /** What a key under a secret begins with. */
  static final String KEYED = "k:";

  private final Optional<byte[]> secret;
  private final String locked;

  private SearchKeys(Optional<byte[]> secret, String locked) {
    this.secret = secret;
    this.locked = locked;
  }

  static SearchKeys plain() {
    return new SearchKeys(Optional.empty(), "");
  }

  static SearchKeys of(byte[] secret) {
    return new SearchKeys(Optional.of(secret), "");
  }

  /**
   * @param why there are none: what is thrown to whoever asks for one
   */
  static SearchKeys locked(String why) {
    return new SearchKeys(Optional.empty(), why);
  }

  /**
   * The key of these parts, which cannot run into each other.
   *
   * @param purpose what is looked for: {@code lane}, {@code patient}; keys of two purposes never
   *     meet
   * @throws JournalException if the journal is encrypted and open without its key
   */
  public String of(String purpose, String... parts) {
    return ofDigest(purpose, Digests.of(parts));
  }

  /**
   * The same for a value that a plain journal shows as it is, and that is read back from beside its
   * key where the journal is encrypted.
   */
  String ofText(String purpose, String text) {
    return secret.isEmpty() && locked.isEmpty() ? text : of(purpose, text);
  }

  /** The key of what is already a digest of {@link Digests}. */
  String ofDigest(String purpose, String digest) {
    if (!locked.isEmpty()) {
      throw new JournalException(locked);
    }
    return secret
        .map(
            key ->
                KEYED
                    + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                            KeyedHash.of(
                                key, (purpose + ":" + digest).getBytes(StandardCharsets.UTF_8))))
        .orElse(digest);
  }

  /** Whether there is a secret; else keys are digests. */
  boolean keyed() {
    return secret.isPresent();
  }

  static boolean isKeyed(String key) {
    return key.startsWith(KEYED);
  }
}
