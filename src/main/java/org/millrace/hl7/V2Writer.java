package org.millrace.hl7;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a message of ours, segment by segment, escaping each value on the way; nothing raw leaves
 * inside a field. Not thread-safe.
 *
 * <p><b>Characters the charset cannot hold.</b> They have no escape either ({@code \Xhh\} holds
 * bytes of that same charset), and a name with a {@code ?} in it is a wrong name. The whole message
 * is then written in UTF-8 and its MSH-18 says {@code UNICODE UTF-8}, so that the receiver can read
 * it right or refuse it, and never files another name; {@link #switchesToUtf8()} tells. An unpaired
 * surrogate, which is no character at all, becomes U+FFFD.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.7 (escape sequences), ch. 2.14.9.18 (MSH-18).
 */
public final class V2Writer {
  private static final int CHARACTER_SET = 18;

  private final Separators separators;
  private final Charset charset;
  private final List<Part> parts = new ArrayList<>();
  private @Nullable SegmentDraft current;

  /** One segment to be written. */
  private interface Part {
    String text();

    byte[] bytes(Charset in);
  }

  /** Fields of our own. */
  private record Own(SegmentDraft draft) implements Part {
    @Override
    public String text() {
      return draft.text();
    }

    @Override
    public byte[] bytes(Charset in) {
      return wellFormed(draft.text()).getBytes(in);
    }
  }

  /** A segment as received; {@code text} is the same decoded and made safe. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Echo(byte[] received, Charset charset, String text, boolean verbatim)
      implements Part {
    @Override
    public byte[] bytes(Charset in) {
      return verbatim && in.equals(charset) ? received : wellFormed(text).getBytes(in);
    }
  }

  /**
   * @param separators used throughout; where they lack a subcomponent delimiter one is added, since
   *     what we write may need it
   * @param charset what {@link #bytes()} encodes with; a character it cannot hold makes the whole
   *     message UTF-8 and is never written as {@code ?}
   */
  public V2Writer(Separators separators, Charset charset) {
    this.separators = separators.complete();
    this.charset = charset;
  }

  /** Starts a segment; fields set from now on are its own. MSH-1 and MSH-2 are written here. */
  public V2Writer segment(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("\"" + name + "\" is no segment name");
    }
    SegmentDraft draft = new SegmentDraft(name, separators);
    current = draft;
    parts.add(new Own(draft));
    return this;
  }

  static boolean isName(String name) {
    boolean named = name.length() == 3;
    for (int at = 0; named && at < 3; at++) {
      char each = name.charAt(at);
      named = (each >= 'A' && each <= 'Z') || (at > 0 && each >= '0' && each <= '9');
    }
    return named;
  }

  private SegmentDraft current() {
    SegmentDraft open = current;
    if (open == null) {
      throw new IllegalStateException("no segment has been started");
    }
    return open;
  }

  /**
   * Sets a whole field's first repetition, component and subcomponent to this text, escaped here.
   * Empty text sets nothing.
   */
  public V2Writer set(int field, String text) {
    return set(field, 1, 1, 1, text);
  }

  /** Sets a component of the first repetition. */
  public V2Writer set(int field, int component, String text) {
    return set(field, 1, component, 1, text);
  }

  /**
   * Sets one place, all 1-based. Line ends in the text are kept, as {@code \X0D\} and {@code
   * \X0A\}.
   */
  public V2Writer set(int field, int repetition, int component, int subcomponent, String text) {
    if (!text.isEmpty()) {
      String encoded = Escapes.encode(text, separators, false);
      current().place(field, repetition, component, subcomponent, encoded);
    }
    return this;
  }

  /** Sets one place of type FT: line ends become {@code \.br\}. */
  public V2Writer setFormatted(
      int field, int repetition, int component, int subcomponent, String text) {
    if (!text.isEmpty()) {
      String encoded = Escapes.encode(text, separators, true);
      current().place(field, repetition, component, subcomponent, encoded);
    }
    return this;
  }

  /**
   * Sets a whole field to text that is already encoded with these separators (an echo of what was
   * received). Field separators and control characters in it are escaped all the same. Empty text
   * sets nothing.
   */
  public V2Writer setRaw(int field, String encoded) {
    if (!encoded.isEmpty()) {
      current().whole(field, Escapes.guard(encoded, separators));
    }
    return this;
  }

  /**
   * Adds a segment byte for byte as received (QRD, QRF), tabs and other control characters
   * included; only where it holds framing characters or line ends are control characters escaped.
   * Its characters are kept if the message has to become UTF-8.
   *
   * @param segment in this writer's charset, without its end
   */
  public V2Writer echo(byte[] segment) {
    String text = new String(segment, charset);
    boolean verbatim = text.chars().noneMatch(V2Writer::endsSegmentOrFrame);
    String safe = verbatim ? text : Escapes.guardSegment(text, separators);
    parts.add(new Echo(segment.clone(), charset, safe, verbatim));
    current = null;
    return this;
  }

  private static boolean endsSegmentOrFrame(int character) {
    return character == '\r' || character == '\n' || character == 0x0B || character == 0x1C;
  }

  /** True if the message holds a character that the charset given cannot, and so will be UTF-8. */
  public boolean switchesToUtf8() {
    if (charset.equals(StandardCharsets.UTF_8)) {
      return false;
    }
    CharsetEncoder encoder = charset.newEncoder();
    return parts.stream().anyMatch(part -> !encoder.canEncode(wellFormed(part.text())));
  }

  /** The message, each segment ended by CR; trailing empty fields and components left out. */
  public byte[] bytes() {
    Charset used = charset;
    if (switchesToUtf8()) {
      used = StandardCharsets.UTF_8;
      parts.forEach(V2Writer::declareUtf8);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    for (Part part : parts) {
      out.writeBytes(part.bytes(used));
      out.write('\r');
    }
    return out.toByteArray();
  }

  private static void declareUtf8(Part part) {
    if (part instanceof Own own && own.draft().name().equals("MSH")) {
      own.draft().whole(CHARACTER_SET, "UNICODE UTF-8");
    }
  }

  private static String wellFormed(String text) {
    int at = 0;
    while (at < text.length() && !Character.isSurrogate(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    return text.codePoints()
        .map(each -> each >= 0xD800 && each <= 0xDFFF ? 0xFFFD : each)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
