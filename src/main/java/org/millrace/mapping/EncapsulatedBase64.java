package org.millrace.mapping;

import java.util.Arrays;
import java.util.Optional;

/**
 * Base64 and hexadecimal as they come in ED: wrapped in lines, without the closing {@code =}, but
 * never with a character of another alphabet, which would be damage.
 *
 * <p>One pass from the text to one array: documents of 20 MB are ordinary, and a copy stripped of
 * its blanks would cost as much again. Source: RFC 4648 §4; HL7 v2.5.1 ch. 2A (ED).
 */
final class EncapsulatedBase64 {

  private static final byte[] SIXBITS = new byte[128];

  static {
    Arrays.fill(SIXBITS, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      SIXBITS[alphabet.charAt(i)] = (byte) i;
    }
  }

  private EncapsulatedBase64() {}

  /** The bytes that Base64 text stands for; empty if it holds anything else or is cut. */
  static Optional<byte[]> base64(CharSequence text) {
    byte[] out = new byte[(int) (text.length() * 3L / 4) + 3];
    int length = 0;
    int bits = 0;
    int count = 0;
    boolean padded = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isBlank(c)) {
        continue;
      }
      if (c == '=') {
        padded = true;
        continue;
      }
      int six = c < 128 ? SIXBITS[c] : -1;
      if (six < 0 || padded) {
        return Optional.empty();
      }
      bits = bits << 6 | six;
      if (++count % 4 == 0) {
        out[length++] = (byte) (bits >> 16);
        out[length++] = (byte) (bits >> 8);
        out[length++] = (byte) bits;
      }
    }
    // One character alone holds six bits and no byte: the text was cut inside a group.
    switch (count % 4) {
      case 1 -> {
        return Optional.empty();
      }
      case 2 -> out[length++] = (byte) (bits >> 4);
      case 3 -> {
        out[length++] = (byte) (bits >> 10);
        out[length++] = (byte) (bits >> 2);
      }
      default -> {
        // whole groups only
      }
    }
    return Optional.of(Arrays.copyOf(out, length));
  }

  /** The bytes that hexadecimal text stands for, two digits a byte; empty if it is none. */
  static Optional<byte[]> hex(CharSequence text) {
    byte[] out = new byte[text.length() / 2 + 1];
    int length = 0;
    int high = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isBlank(c)) {
        continue;
      }
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return Optional.empty();
      }
      if (high < 0) {
        high = digit;
      } else {
        out[length++] = (byte) (high << 4 | digit);
        high = -1;
      }
    }
    return high < 0 ? Optional.of(Arrays.copyOf(out, length)) : Optional.empty();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\r' || c == '\n' || c == '\t';
  }
}
