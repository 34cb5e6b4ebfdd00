package org.millrace.hl7;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The charset a message was read with, and why.
 *
 * @param name what MSH-18 said, as received; empty if it said nothing
 * @param unfit what is set for the sender or its feed, where it cannot hold the bytes
 */
public record V2Charset(Charset charset, Reason reason, String name, Optional<Charset> unfit) {

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  /** How the charset was found, first that applies. */
  public enum Reason {
    /** A setting of the sender, or of its feed. */
    SENDER,
    /** MSH-18. */
    DECLARED,
    /** MSH-18 absent, unknown or plainly wrong; the bytes are ASCII, the same in any charset. */
    PLAIN,
    /** MSH-18 absent, unknown or plainly wrong; the bytes are valid UTF-8. */
    VALID_UTF8,
    /** None of these: windows-1252, or ISO-8859-1 where a byte has no meaning in windows-1252. */
    FALLBACK
  }

  /** One for which nothing unfit was set. */
  V2Charset(Charset charset, Reason reason, String name) {
    this(charset, reason, name, Optional.empty());
  }

  /**
   * Finds the charset of a message so that no byte of it is replaced: the sender's setting, else
   * MSH-18 (HL7 v2.5.1 table 0211, and the names met in practice), else UTF-8, else windows-1252. A
   * charset that cannot hold the bytes is passed over, whoever named it. So is a declared {@code
   * 8859/1} where bytes 80 to 9F stand in the message: these are control characters there, and what
   * the sender means is UTF-8 or windows-1252.
   *
   * @param message the bytes as received; need not be readable
   * @param override the charset set for the sender
   */
  public static V2Charset choose(byte[] message, Optional<Charset> override) {
    String name = Msh.characterSet(message);
    boolean ascii = ByteScan.ascii(message);
    if (override.isPresent() && (ascii || holds(override.get(), message))) {
      return new V2Charset(override.get(), Reason.SENDER, name);
    }
    Optional<Charset> declared = CharacterSets.named(name, message);
    if (declared.isPresent() && believable(declared.get(), message, ascii)) {
      return new V2Charset(declared.get(), Reason.DECLARED, name, override);
    }
    if (ascii) {
      return new V2Charset(StandardCharsets.UTF_8, Reason.PLAIN, name, override);
    }
    return holds(StandardCharsets.UTF_8, message)
        ? new V2Charset(StandardCharsets.UTF_8, Reason.VALID_UTF8, name, override)
        : new V2Charset(singleByte(message), Reason.FALLBACK, name, override);
  }

  /** Whether what was set or declared was passed over, or the charset was found by trying. */
  public boolean doubtful() {
    return unfit.isPresent() || reason == Reason.VALID_UTF8 || reason == Reason.FALLBACK;
  }

  /**
   * The charset and why, for a report: {@code UTF-8: MSH-18 is empty, and the bytes are UTF-8}.
   * What MSH-18 says is quoted only where it is a name that is known.
   */
  public String words() {
    String passedOver = unfit.map(set -> " (" + set.name() + ", as is set, cannot be)").orElse("");
    return charset.name()
        + passedOver
        + switch (reason) {
          case SENDER -> ", as is set for the sender or its feed";
          case DECLARED -> ", as MSH-18 says";
          case PLAIN -> ": it holds ASCII only, and " + ofHeader();
          case VALID_UTF8 -> ": " + ofHeader() + ", and all of it is valid UTF-8";
          case FALLBACK -> ": " + ofHeader() + ", and it is no UTF-8";
        };
  }

  private String ofHeader() {
    if (name.isBlank()) {
      return "MSH-18 is empty";
    }
    return named(name)
        .map(declared -> "it cannot be " + declared.name() + ", as MSH-18 says")
        .orElse("MSH-18 names no charset that is known");
  }

  /**
   * The charset that a name stands for, as in MSH-18; empty if it stands for none that can be read.
   */
  public static Optional<Charset> named(String name) {
    return CharacterSets.named(name, new byte[0]);
  }

  private static boolean believable(Charset declared, byte[] message, boolean ascii) {
    if (declared.equals(StandardCharsets.ISO_8859_1)) {
      return ascii || !holdsC1Controls(message);
    }
    return (ascii && declared.equals(StandardCharsets.UTF_8)) || holds(declared, message);
  }

  private static boolean holdsC1Controls(byte[] message) {
    for (byte each : message) {
      if (each < (byte) 0xA0) {
        return true;
      }
    }
    return false;
  }

  /** Text of bytes that carry no statement about their charset; nothing is replaced. */
  static String decode(byte[] bytes, Charset charset) {
    if (holds(charset, bytes)) {
      return new String(bytes, charset);
    }
    return new String(bytes, singleByte(bytes));
  }

  private static Charset singleByte(byte[] bytes) {
    return holds(WINDOWS_1252, bytes) ? WINDOWS_1252 : StandardCharsets.ISO_8859_1;
  }

  /** True when the bytes decode without an error; works in a small buffer, whatever the size. */
  private static boolean holds(Charset charset, byte[] bytes) {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(Math.min(8192, bytes.length + 16));
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      out.clear();
      result = decoder.decode(in, out, true);
    }
    return !result.isError();
  }
}
