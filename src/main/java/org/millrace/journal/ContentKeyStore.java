package org.millrace.journal;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/**
 * What a journal knows of the keys of its contents, and its secret of the keyed hashes, which is
 * kept encrypted with each key that is in use. Stateless.
 */
final class ContentKeyStore {
  private static final String SECRET = "journal_key.secret";
  private static final int SECRET_LENGTH = 32;

  private ContentKeyStore() {}

  private record Known(
      int number,
      String id,
      String fingerprint,
      byte[] secret,
      long usedAt,
      long retiredAt,
      long cleanedAt) {

    boolean holdsSecret() {
      return secret.length > 0;
    }
  }

  /**
   * Unlocks the engine's own journal; a first key that the journal has not met is taken into use.
   *
   * @param keepOthersOut sees to it that nobody else writes until the caller is done; false if
   *     somebody does: who has older keys could not read what is written with a new one
   * @return plain if there are no keys, and never were
   * @throws JournalException if a key is missing that rows may be encrypted with, or is a wrong
   *     one; nothing was changed
   */
  static JournalSecrets unlock(
      Handle handle, ContentKeys keys, long now, BooleanSupplier keepOthersOut) {
    List<Known> known = known(handle);
    if (keys.isNone()) {
      if (known.isEmpty()) {
        return JournalSecrets.PLAIN;
      }
      throw new JournalException(
          "it is encrypted (" + names(known) + "), and MILLRACE_JOURNAL_KEY gives no key");
    }
    mustFit(known, keys);
    mustBeComplete(known, keys);
    boolean inUse =
        current(known).filter(key -> key.id().equals(keys.keys().get(0).id())).isPresent();
    if (!inUse && !keepOthersOut.getAsBoolean()) {
      throw new JournalException(
          "another engine writes it with "
              + (known.isEmpty() ? "no key" : "another key")
              + "; stop all engines and commands on it, and start one with the new key first");
    }
    byte[] secret = secret(known, keys).orElseGet(ContentKeyStore::newSecret);
    int current = use(handle, known, keys.keys().get(0), secret, now);
    keys.keys().stream()
        .skip(1)
        .forEach(
            old ->
                // Another engine may have written with it since: its rows are looked for again.
                handle.execute("UPDATE journal_key SET retired_at = 0 WHERE id = ?", old.id()));
    return new JournalSecrets(
        ContentCipher.of(masters(known(handle), keys), current), SearchKeys.of(secret));
  }

  /**
   * Unlocks a journal to look into; nothing is changed. Without a key that fits, everything but
   * contents can be read.
   *
   * @throws JournalException if a key is a wrong one
   */
  static JournalSecrets unlockToLook(Handle handle, ContentKeys keys) {
    List<Known> known = known(handle);
    if (known.isEmpty()) {
      return JournalSecrets.PLAIN;
    }
    mustFit(known, keys);
    Optional<byte[]> secret = secret(known, keys);
    if (secret.isEmpty()) {
      return JournalSecrets.locked(
          "the journal is encrypted ("
              + names(known)
              + "); MILLRACE_JOURNAL_KEY or MILLRACE_JOURNAL_KEY_FILE must give the key");
    }
    Map<Integer, byte[]> masters = masters(known, keys);
    int writing =
        current(known)
            .map(Known::number)
            .filter(masters::containsKey)
            .orElseGet(() -> Collections.max(masters.keySet()));
    return new JournalSecrets(ContentCipher.of(masters, writing), SearchKeys.of(secret.get()));
  }

  /**
   * For a writer that connects anew: what it has must still be what the journal is written with.
   *
   * @throws JournalException if another key was taken into use meanwhile
   */
  static void mustStillFit(Handle handle, JournalSecrets secrets) {
    int now = current(known(handle)).map(Known::number).orElse(0);
    if (now != secrets.cipher().current()) {
      throw new JournalException(
          "the journal was given another key meanwhile; restart this engine with that key");
    }
  }

  /** The one that rows are written with; empty if the journal is plain. */
  private static Optional<Known> current(List<Known> known) {
    return known.stream().max(Comparator.comparingLong(Known::usedAt));
  }

  /** The keys on record, oldest first. */
  static List<ContentKeyState> states(Handle handle) {
    return known(handle).stream()
        .map(key -> new ContentKeyState(key.id(), key.retiredAt() == 0))
        .toList();
  }

  /** Whether old rows may be encrypted with another key than the current one. */
  static boolean hasOldKeys(Handle handle, String currentId) {
    return known(handle).stream()
        .anyMatch(key -> key.retiredAt() == 0 && !key.id().equals(currentId));
  }

  /** No row is encrypted with any other key any more. */
  static void retireOthers(Handle handle, String currentId, long now) {
    handle.execute(
        "UPDATE journal_key SET retired_at = ?, secret = ? WHERE retired_at = 0 AND id <> ?",
        now,
        new byte[0],
        currentId);
  }

  /** Whether plain rows may be there, or their remains in the files. */
  static boolean mustBeCleaned(Handle handle) {
    List<Known> known = known(handle);
    return !known.isEmpty() && known.stream().noneMatch(key -> key.cleanedAt() > 0);
  }

  static void cleaned(Handle handle, long now) {
    handle.execute("UPDATE journal_key SET cleaned_at = ? WHERE cleaned_at = 0", now);
  }

  /** The number of the key that encrypts from now on. */
  private static int use(
      Handle handle, List<Known> known, ContentKeys.Key key, byte[] secret, long now) {
    Optional<Known> met = known.stream().filter(each -> each.id().equals(key.id())).findFirst();
    int number =
        met.map(Known::number).orElse(1 + known.stream().mapToInt(Known::number).max().orElse(0));
    // The last one counts, also after the clock was set back.
    long usedAt = Math.max(now, 1 + current(known).map(Known::usedAt).orElse(0L));
    byte[] sealed = ContentCipher.of(Map.of(number, master(key)), number).seal(0, SECRET, secret);
    if (met.isEmpty()) {
      handle.execute(
          "INSERT INTO journal_key (number, id, fingerprint, secret, made_at, used_at, retired_at,"
              + " cleaned_at) VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
          number,
          key.id(),
          fingerprint(key),
          sealed,
          now,
          usedAt);
    } else {
      handle.execute(
          "UPDATE journal_key SET secret = ?, used_at = ?, retired_at = 0 WHERE number = ?",
          sealed,
          usedAt,
          number);
    }
    return number;
  }

  private static void mustFit(List<Known> known, ContentKeys keys) {
    for (ContentKeys.Key key : keys.keys()) {
      for (Known each : known) {
        if (each.id().equals(key.id()) && !each.fingerprint().equals(fingerprint(key))) {
          throw new JournalException(
              "key "
                  + key.id()
                  + " of MILLRACE_JOURNAL_KEY is not the key that the journal knows by this id");
        }
      }
    }
  }

  private static void mustBeComplete(List<Known> known, ContentKeys keys) {
    List<Known> missing =
        known.stream()
            .filter(each -> each.retiredAt() == 0)
            .filter(each -> keys.keys().stream().noneMatch(key -> key.id().equals(each.id())))
            .toList();
    if (!missing.isEmpty()) {
      throw new JournalException(
          "contents are encrypted with "
              + names(missing)
              + ", which MILLRACE_JOURNAL_KEY does not give; put it behind the new key until"
              + " './millrace journal keys' says that it is not needed any more");
    }
  }

  private static Optional<byte[]> secret(List<Known> known, ContentKeys keys) {
    for (ContentKeys.Key key : keys.keys()) {
      for (Known each : known) {
        if (each.id().equals(key.id()) && each.holdsSecret()) {
          ContentCipher cipher =
              ContentCipher.of(Map.of(each.number(), master(key)), each.number());
          return Optional.of(cipher.open(0, SECRET, each.secret()));
        }
      }
    }
    return Optional.empty();
  }

  private static Map<Integer, byte[]> masters(List<Known> known, ContentKeys keys) {
    Map<Integer, byte[]> masters = new HashMap<>();
    for (ContentKeys.Key key : keys.keys()) {
      known.stream()
          .filter(each -> each.id().equals(key.id()))
          .forEach(each -> masters.put(each.number(), master(key)));
    }
    return masters;
  }

  private static byte[] master(ContentKeys.Key key) {
    return KeyedHash.derived(key.bytes(), "content");
  }

  private static String fingerprint(ContentKeys.Key key) {
    byte[] hash = KeyedHash.derived(key.bytes(), "fingerprint");
    return HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
  }

  private static byte[] newSecret() {
    byte[] secret = new byte[SECRET_LENGTH];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  private static String names(List<Known> known) {
    List<String> ids = new ArrayList<>();
    known.stream().filter(each -> each.retiredAt() == 0).forEach(each -> ids.add(each.id()));
    return (ids.size() == 1 ? "key " : "keys ") + String.join(", ", ids);
  }

  private static List<Known> known(Handle handle) {
    return handle
        .createQuery(
            "SELECT number, id, fingerprint, secret, used_at, retired_at, cleaned_at FROM journal_key"
                + " ORDER BY number")
        .map(
            (rs, ctx) ->
                new Known(
                    rs.getInt(1),
                    rs.getString(2),
                    rs.getString(3),
                    rs.getBytes(4),
                    rs.getLong(5),
                    rs.getLong(6),
                    rs.getLong(7)))
        .list();
  }
}
