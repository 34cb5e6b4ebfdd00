package org.millrace.mapping;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings text-like documents into UTF-8, since every text type that Cerner takes says {@code
 * charset=utf-8}: a document in another charset under that label shows wrong letters to its reader.
 *
 * <p>Source: Cerner Millennium R4, DocumentReference, Create (content types).
 */
final class EncapsulatedText {

  private static final int DECLARATION_WITHIN = 4096;

  private static final Pattern XML_ENCODING =
      Pattern.compile("^(\\s*<\\?xml[^>]*?\\sencoding\\s*=\\s*[\"'])([A-Za-z0-9._:-]+)([\"'])");

  private static final Pattern META_CHARSET =
      Pattern.compile(
          "(<meta[^>]*?charset\\s*=\\s*[\"']?)([A-Za-z0-9._:-]+)", Pattern.CASE_INSENSITIVE);

  private EncapsulatedText() {}

  /**
   * A document in UTF-8.
   *
   * @param data UTF-8
   * @param repair what was done, as a sentence; empty if nothing was
   */
  record InUtf8(byte[] data, String repair) {}

  /** A document says of itself that it is written in a charset nobody knows. */
  static final class UnknownCharsetException extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownCharsetException(String sentence) {
      super(sentence);
    }
  }

  /**
   * Brings a document into UTF-8 and lets its own declaration say so.
   *
   * @param data the document as decoded from the ED; UTF-8 already if {@code characters}
   * @param characters true if the sender sent characters (encoding A), so that what the document
   *     says of its charset was true only before it entered the message
   * @param otherwise the charset to read by if the document names none and is not UTF-8
   */
  static InUtf8 of(EncapsulatedType type, byte[] data, boolean characters, Charset otherwise)
      throws UnknownCharsetException {
    return switch (type) {
      case XML, XHTML, HTML -> markup(type, data, characters, otherwise);
      case RTF -> rtf(data);
      case PLAIN, RICHTEXT -> plain(data, otherwise);
      case PDF, IMAGE, NOT_TAKEN, UNSAID -> new InUtf8(data, "");
    };
  }

  private static InUtf8 plain(byte[] data, Charset otherwise) {
    if (markedUtf16(data)) {
      return new InUtf8(
          withoutMark(new String(data, StandardCharsets.UTF_16)).getBytes(StandardCharsets.UTF_8),
          "the text was UTF-16 and was brought into UTF-8");
    }
    if (isUtf8(data)) {
      return new InUtf8(data, "");
    }
    return new InUtf8(
        new String(data, otherwise).getBytes(StandardCharsets.UTF_8),
        "the text is not UTF-8; it was read as " + otherwise.name() + " and brought into UTF-8");
  }

  private static InUtf8 markup(
      EncapsulatedType type, byte[] data, boolean characters, Charset otherwise)
      throws UnknownCharsetException {
    Pattern declaration = type == EncapsulatedType.HTML ? META_CHARSET : XML_ENCODING;
    Matcher declared = declaration.matcher(head(data, DECLARATION_WITHIN));
    boolean utf16 = markedUtf16(data) || unmarkedUtf16(data).isPresent();
    String name = declared.find() ? declared.group(2) : "";
    boolean utf8 = !utf16 && isUtf8(data);
    if (utf8 && (name.isEmpty() || saysUtf8(name))) {
      return new InUtf8(data, "");
    }
    Charset from;
    if (characters || (utf8 && type == EncapsulatedType.HTML)) {
      from = StandardCharsets.UTF_8;
    } else if (utf16) {
      from = unmarkedUtf16(data).orElse(StandardCharsets.UTF_16);
    } else if (name.isEmpty() || saysUtf8(name)) {
      from = otherwise;
    } else {
      from = charset(name);
    }
    String text = declareUtf8(withoutMark(new String(data, from)), type);
    String was = from.equals(StandardCharsets.UTF_8) ? "said to be " + name : from.name();
    return new InUtf8(
        text.getBytes(StandardCharsets.UTF_8),
        "the document was " + was + "; it and its declaration are UTF-8 now");
  }

  /** Lets the declarations near the start say UTF-8; the rest is not searched. */
  private static String declareUtf8(String text, EncapsulatedType type) {
    int near = Math.min(text.length(), DECLARATION_WITHIN);
    String head = text.substring(0, near);
    String said = XML_ENCODING.matcher(head).replaceFirst("$1UTF-8$3");
    if (type != EncapsulatedType.XML) {
      said = META_CHARSET.matcher(said).replaceAll("$1utf-8");
    }
    return said.equals(head) ? text : said + text.substring(near);
  }

  /**
   * RTF is a 7-bit format: what stands above is rewritten as RTF's own escapes, which name the same
   * characters whatever charset the file is labelled with.
   */
  private static InUtf8 rtf(byte[] data) {
    if (isAscii(data) || new String(data, StandardCharsets.ISO_8859_1).contains("\\bin")) {
      return new InUtf8(data, "");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 1024);
    Optional<CharSequence> text = readStrictly(data, StandardCharsets.UTF_8);
    if (text.isPresent()) {
      text.get().chars().forEach(c -> escape(out, c, "\\u" + (short) c + "?"));
    } else {
      for (byte b : data) {
        escape(out, b & 0xff, "\\'" + HEX[(b >> 4) & 0xf] + HEX[b & 0xf]);
      }
    }
    return new InUtf8(out.toByteArray(), "RTF holds 7-bit characters only; others were escaped");
  }

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private static void escape(ByteArrayOutputStream out, int character, String escape) {
    if (character < 0x80) {
      out.write(character);
    } else {
      out.writeBytes(escape.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static Charset charset(String name) throws UnknownCharsetException {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new UnknownCharsetException("the document names a charset that is not known");
    }
  }

  private static boolean saysUtf8(String name) {
    return name.equalsIgnoreCase("utf-8") || name.equalsIgnoreCase("utf8");
  }

  /** Whether the bytes are UTF-8 from end to end. */
  static boolean isUtf8(byte[] data) {
    return readStrictly(data, StandardCharsets.UTF_8).isPresent();
  }

  private static boolean isAscii(byte[] data) {
    for (byte b : data) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static Optional<CharSequence> readStrictly(byte[] data, Charset charset) {
    try {
      CharBuffer read = charset.newDecoder().decode(ByteBuffer.wrap(data));
      return Optional.of(read);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The first characters, read well enough to find marks and declarations, which are ASCII. */
  static String head(byte[] data, int length) {
    int end = Math.min(data.length, length);
    if (markedUtf16(data)) {
      return withoutMark(new String(data, 0, end, StandardCharsets.UTF_16));
    }
    Optional<Charset> utf16 = unmarkedUtf16(data);
    if (utf16.isPresent()) {
      return new String(data, 0, end, utf16.get());
    }
    int start =
        data.length >= 3
                && data[0] == (byte) 0xef
                && data[1] == (byte) 0xbb
                && data[2] == (byte) 0xbf
            ? 3
            : 0;
    return new String(data, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /** Whether the bytes begin with the byte order mark of UTF-16. */
  static boolean markedUtf16(byte[] data) {
    return data.length >= 2
        && ((data[0] == (byte) 0xfe && data[1] == (byte) 0xff)
            || (data[0] == (byte) 0xff && data[1] == (byte) 0xfe));
  }

  /** XML may come as UTF-16 without a mark; its first character tells the byte order. */
  private static Optional<Charset> unmarkedUtf16(byte[] data) {
    if (data.length >= 4 && data[0] == '<' && data[1] == 0) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    if (data.length >= 4 && data[0] == 0 && data[1] == '<') {
      return Optional.of(StandardCharsets.UTF_16BE);
    }
    return Optional.empty();
  }

  private static String withoutMark(String text) {
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }
}
