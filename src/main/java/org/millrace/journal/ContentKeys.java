package org.millrace.journal;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The keys that the contents of a journal are encrypted with: the first encrypts, all decrypt.
 *
 * @param keys none for a journal that is plain
 */
public record ContentKeys(List<Key> keys) {
  /** The journal is not encrypted. */
  public static final ContentKeys NONE = new ContentKeys(List.of());

  private static final int LENGTH = 32;
  private static final String FORM =
      "is no list of keys; a key is ID:BASE64, with 32 bytes in BASE64 (./millrace journal new-key"
          + " makes one), and a comma or a new line stands between two";

  public ContentKeys {
    keys = List.copyOf(keys);
  }

  /**
   * One key.
   *
   * @param id by which people name it; not secret
   * @param bytes 32 of them, each as good as random
   */
  public record Key(String id, byte[] bytes) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && id.equals(key.id)
          && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return id.hashCode();
    }

    /** The id only. */
    @Override
    public String toString() {
      return "key " + id;
    }
  }

  /**
   * Reads {@code ID:BASE64}, with commas, blanks or line ends between several; lines that begin
   * with {@code #} are comments. {@code none} means {@link #NONE}.
   *
   * @throws IllegalArgumentException with a sentence that holds no key
   */
  public static ContentKeys parse(String text) {
    if (text.strip().equals("none")) {
      return NONE;
    }
    List<Key> keys = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    String written =
        text.lines()
            .filter(line -> !line.strip().startsWith("#"))
            .collect(Collectors.joining("\n"));
    for (String each : written.split("[,\\s]+")) {
      if (each.isEmpty()) {
        continue;
      }
      Key key = key(each);
      if (!ids.add(key.id())) {
        throw new IllegalArgumentException("names key " + key.id() + " twice");
      }
      if (keys.stream().anyMatch(other -> MessageDigest.isEqual(other.bytes(), key.bytes()))) {
        throw new IllegalArgumentException("has the same bytes under two ids");
      }
      keys.add(key);
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(FORM);
    }
    return new ContentKeys(keys);
  }

  private static Key key(String written) {
    int colon = written.indexOf(':');
    String id = colon < 0 ? "" : written.substring(0, colon);
    if (!id.matches("[A-Za-z0-9._-]{1,32}")) {
      throw new IllegalArgumentException(FORM);
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(written.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      // Its own words would quote a character of the key.
      throw new IllegalArgumentException("key " + id + " is not in BASE64");
    }
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(
          "key " + id + " has " + bytes.length + " bytes; it must have " + LENGTH);
    }
    return new Key(id, bytes);
  }

  /**
   * A new key.
   *
   * @throws IllegalArgumentException if the id is none
   */
  public static Key fresh(String id) {
    byte[] bytes = new byte[LENGTH];
    new SecureRandom().nextBytes(bytes);
    return key(written(new Key(id, bytes)));
  }

  /** A key as it is written in settings. */
  public static String written(Key key) {
    return key.id() + ":" + Base64.getEncoder().encodeToString(key.bytes());
  }

  boolean isNone() {
    return keys.isEmpty();
  }

  /** The ids only. */
  @Override
  public String toString() {
    return keys.toString();
  }
}
