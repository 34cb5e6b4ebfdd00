package org.millrace.journal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts contents for the one row and column they belong to, and tells when they turn up
 * elsewhere or were changed. Thread-safe.
 *
 * <p>AES-256-GCM with a key of its own for each message, so that random nonces cannot run out (NIST
 * SP 800-38D 8.3 allows 2^32 of them for one key). What is plain is read as it is: a journal
 * without a key, and one whose rows are being encrypted. Empty contents stay empty. Without a key,
 * long texts are deflated all the same: the report of a mapping is ten times its message, and says
 * the same again and again. Bytes are left as their sender sent them.
 */
final class ContentCipher {
  /** Of a sealed value; no HL7 message, no JSON and no UTF-8 text begins so. */
  private static final byte SEALED = (byte) 0x81;

  /** Before a plain value that begins like a sealed one. */
  private static final byte PLAIN = (byte) 0x80;

  private static final String SEALED_TEXT = "sealed~";
  private static final String PLAIN_TEXT = "plain~";
  private static final String DEFLATED_TEXT = "deflated~";
  private static final int HEAD = 4;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  /** Below this, deflating costs more than it saves. */
  private static final int WORTH_DEFLATING = 1024;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final ThreadLocal<Cipher> CIPHER = ThreadLocal.withInitial(ContentCipher::cipher);

  private final Map<Integer, byte[]> keys;
  private final int current;
  private final String locked;

  private ContentCipher(Map<Integer, byte[]> keys, int current, String locked) {
    this.keys = Map.copyOf(keys);
    this.current = current;
    this.locked = locked;
  }

  /** Leaves contents as they are. */
  static ContentCipher plain() {
    return new ContentCipher(Map.of(), 0, "");
  }

  /**
   * @param keys by the number that sealed values carry
   * @param current the number of the one that encrypts
   */
  static ContentCipher of(Map<Integer, byte[]> keys, int current) {
    return new ContentCipher(keys, current, "");
  }

  /**
   * Neither encrypts nor decrypts.
   *
   * @param why what is thrown to whoever needs a content
   */
  static ContentCipher locked(String why) {
    return new ContentCipher(Map.of(), 0, why);
  }

  /** The number of the key that encrypts; 0 if none does. */
  int current() {
    return current;
  }

  /** A content made ready to be sealed, off the thread that writes. */
  record Packed(byte[] bytes, boolean deflated) {

    /** Its length only. */
    @Override
    public String toString() {
      return bytes.length + " bytes";
    }
  }

  /** Makes it smaller, where that pays. */
  Packed packed(byte[] content) {
    return current == 0 ? new Packed(content, false) : smaller(content);
  }

  Packed packed(String text) {
    return smaller(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Packed smaller(byte[] content) {
    if (content.length < WORTH_DEFLATING) {
      return new Packed(content, false);
    }
    byte[] small = deflated(content);
    return small.length < content.length - content.length / 8
        ? new Packed(small, true)
        : new Packed(content, false);
  }

  byte[] seal(long message, String place, byte[] content) {
    return seal(message, place, packed(content));
  }

  /**
   * @param place column, and what else tells the row from others of the message
   */
  byte[] seal(long message, String place, Packed content) {
    byte[] bytes = content.bytes();
    mayWrite();
    if (bytes.length == 0) {
      return bytes;
    }
    if (current == 0) {
      return bytes[0] == SEALED || bytes[0] == PLAIN ? joined(new byte[] {PLAIN}, bytes) : bytes;
    }
    byte[] head = {
      SEALED, (byte) (content.deflated() ? 1 : 0), (byte) (current >> 8), (byte) current
    };
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    byte[] sealed = encrypted(keyOf(current, message), nonce, head, place, bytes);
    return ByteBuffer.allocate(HEAD + NONCE + sealed.length)
        .put(head)
        .put(nonce)
        .put(sealed)
        .array();
  }

  String sealText(long message, String place, String text) {
    return sealText(message, place, packed(text));
  }

  String sealText(long message, String place, Packed text) {
    mayWrite();
    if (text.bytes().length == 0) {
      return "";
    }
    if (current != 0) {
      return SEALED_TEXT + written(seal(message, place, text));
    }
    if (text.deflated()) {
      return DEFLATED_TEXT + written(text.bytes());
    }
    String plain = new String(text.bytes(), StandardCharsets.UTF_8);
    return isMarked(plain) ? PLAIN_TEXT + plain : plain;
  }

  private static boolean isMarked(String text) {
    return text.startsWith(SEALED_TEXT)
        || text.startsWith(PLAIN_TEXT)
        || text.startsWith(DEFLATED_TEXT);
  }

  private static String written(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * @throws JournalException if its key is missing, or it does not belong there
   */
  byte[] open(long message, String place, byte[] stored) {
    if (stored.length == 0 || (stored[0] != SEALED && stored[0] != PLAIN)) {
      return stored;
    }
    if (stored[0] == PLAIN) {
      return Arrays.copyOfRange(stored, 1, stored.length);
    }
    if (stored.length < HEAD + NONCE + TAG_BITS / 8) {
      throw damaged(message);
    }
    try {
      byte[] bytes = decrypted(keyOf(number(stored), message), place, stored);
      return stored[1] == 1 ? inflated(message, bytes) : bytes;
    } catch (AEADBadTagException notOurs) {
      throw damaged(message);
    }
  }

  String openText(long message, String place, String stored) {
    if (stored.startsWith(SEALED_TEXT)) {
      byte[] sealed = decoded(message, stored, SEALED_TEXT);
      return new String(open(message, place, sealed), StandardCharsets.UTF_8);
    }
    if (stored.startsWith(DEFLATED_TEXT)) {
      return new String(
          inflated(message, decoded(message, stored, DEFLATED_TEXT)), StandardCharsets.UTF_8);
    }
    return stored.startsWith(PLAIN_TEXT) ? stored.substring(PLAIN_TEXT.length()) : stored;
  }

  /** Whether this is what {@link #seal} would make of it now, as far as its key goes. */
  boolean isCurrent(byte[] stored) {
    return stored.length == 0 || (stored[0] == SEALED && number(stored) == current);
  }

  boolean isCurrent(String stored) {
    return stored.isEmpty()
        || (stored.startsWith(SEALED_TEXT) && isCurrent(decoded(0, stored, SEALED_TEXT)));
  }

  /** Whether a text is under a key, whichever. */
  static boolean isSealed(String stored) {
    return stored.startsWith(SEALED_TEXT);
  }

  private static byte[] decoded(long message, String stored, String mark) {
    try {
      return Base64.getUrlDecoder().decode(stored.substring(mark.length()));
    } catch (IllegalArgumentException notBase64) {
      throw damaged(message);
    }
  }

  private static int number(byte[] stored) {
    return stored.length < HEAD ? -1 : (stored[2] & 0xff) << 8 | (stored[3] & 0xff);
  }

  private void mayWrite() {
    if (!locked.isEmpty()) {
      throw new JournalException(locked);
    }
  }

  private byte[] keyOf(int number, long message) {
    byte[] key = keys.get(number);
    if (key == null) {
      throw new JournalException(
          locked.isEmpty()
              ? "a content of message " + message + " is encrypted with a key that was not given"
              : locked);
    }
    return KeyedHash.derived(key, "message " + message);
  }

  private static byte[] encrypted(
      byte[] key, byte[] nonce, byte[] head, String place, byte[] bytes) {
    try {
      return ready(Cipher.ENCRYPT_MODE, key, nonce, head, place).doFinal(bytes);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-GCM encrypts whatever it is given", impossible);
    }
  }

  private static byte[] decrypted(byte[] key, String place, byte[] stored)
      throws AEADBadTagException {
    byte[] head = Arrays.copyOf(stored, HEAD);
    byte[] nonce = Arrays.copyOfRange(stored, HEAD, HEAD + NONCE);
    int from = HEAD + NONCE;
    try {
      return ready(Cipher.DECRYPT_MODE, key, nonce, head, place)
          .doFinal(stored, from, stored.length - from);
    } catch (AEADBadTagException notOurs) {
      throw notOurs;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-GCM fails by its tag only", impossible);
    }
  }

  /** The head is authenticated too: nobody can turn a flag or name another key. */
  private static Cipher ready(int mode, byte[] key, byte[] nonce, byte[] head, String place)
      throws GeneralSecurityException {
    Cipher cipher = CIPHER.get();
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(head);
    cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static JournalException damaged(long message) {
    return new DamagedContentException(message);
  }

  private static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has AES-GCM", impossible);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static byte[] deflated(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    ByteArrayOutputStream small = new ByteArrayOutputStream(content.length / 2);
    try (DeflaterOutputStream out = new DeflaterOutputStream(small, deflater, 8192)) {
      out.write(content);
    } catch (IOException impossible) {
      throw new IllegalStateException("memory can be written", impossible);
    } finally {
      deflater.end();
    }
    return small.toByteArray();
  }

  private static byte[] inflated(long message, byte[] small) {
    Inflater inflater = new Inflater(true);
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(small), inflater, 8192)) {
      return in.readAllBytes();
    } catch (IOException notDeflated) {
      throw damaged(message);
    } finally {
      inflater.end();
    }
  }
}
