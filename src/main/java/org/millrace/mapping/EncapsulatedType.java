package org.millrace.mapping;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an encapsulated document is, as far as Cerner is concerned: one of the seven content types
 * it takes, an image, something it does not take, or nothing that is said.
 *
 * <p>Senders label ED values carelessly, so a type is found twice, in the label and in the first
 * bytes. Sources: HL7 v2.5.1 tables 0191 and 0291; Cerner Millennium R4, DocumentReference, Create.
 */
enum EncapsulatedType {
  PDF("application/pdf", "PDF"),
  PLAIN("text/plain;charset=utf-8", "plain text"),
  RICHTEXT("text/richtext;charset=utf-8", "rich text"),
  RTF("text/rtf;charset=utf-8", "RTF"),
  HTML("text/html;charset=utf-8", "HTML"),
  XML("application/xml;charset=utf-8", "XML"),
  XHTML("application/xhtml+xml;charset=utf-8", "XHTML"),
  /** Taken as PDF, on whose pages it is put. */
  IMAGE("application/pdf", "an image"),
  NOT_TAKEN("", "a type that Cerner does not take"),
  UNSAID("", "no type");

  /** How far into the bytes a reader of PDF looks for its mark: mail gateways put lines first. */
  private static final int PDF_MARK_WITHIN = 1024;

  private static final int HEAD = 4096;

  private static final Map<String, EncapsulatedType> BY_WORD =
      Map.ofEntries(
          Map.entry("pdf", PDF),
          Map.entry("x-pdf", PDF),
          Map.entry("plain", PLAIN),
          Map.entry("text", PLAIN),
          Map.entry("txt", PLAIN),
          Map.entry("tx", PLAIN),
          Map.entry("ft", PLAIN),
          Map.entry("richtext", RICHTEXT),
          Map.entry("enriched", RICHTEXT),
          Map.entry("rtf", RTF),
          Map.entry("x-rtf", RTF),
          Map.entry("html", HTML),
          Map.entry("htm", HTML),
          Map.entry("xhtml", XHTML),
          Map.entry("xhtml+xml", XHTML),
          Map.entry("xml", XML),
          Map.entry("cda", XML),
          Map.entry("cda+xml", XML),
          Map.entry("x-hl7-cda-level-one", XML));

  /** Words that leave it to the bytes: the types of table 0191 that say nothing of the format. */
  private static final List<String> SAYS_NOTHING =
      List.of("", "ap", "application", "ns", "sd", "si", "binary", "octet-stream");

  private record Mark(int offset, byte[] bytes, EncapsulatedType type, String name) {
    boolean standsIn(byte[] data) {
      if (data.length < offset + bytes.length) {
        return false;
      }
      for (int i = 0; i < bytes.length; i++) {
        if (data[offset + i] != bytes[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Mark> MARKS =
      List.of(
          mark("%PDF", PDF, "PDF"),
          mark("{\\rtf", RTF, "RTF"),
          mark("\u00ff\u00d8\u00ff", IMAGE, "a JPEG image"),
          mark("\u0089PNG", IMAGE, "a PNG image"),
          mark("GIF8", IMAGE, "a GIF image"),
          mark("II*\0", IMAGE, "a TIFF image"),
          mark("MM\0*", IMAGE, "a TIFF image"),
          mark("PK\u0003\u0004", NOT_TAKEN, "a ZIP or Office file"),
          mark("\u00d0\u00cf\u0011\u00e0", NOT_TAKEN, "an Office file"),
          mark("\u001f\u008b", NOT_TAKEN, "a gzip file"),
          mark("%!PS", NOT_TAKEN, "PostScript"),
          new Mark(128, latin1("DICM"), NOT_TAKEN, "a DICOM object"));

  private final String contentType;
  private final String words;

  EncapsulatedType(String contentType, String words) {
    this.contentType = contentType;
    this.words = words;
  }

  /** The exact content type that Cerner takes; empty for {@link #NOT_TAKEN} and {@link #UNSAID}. */
  String contentType() {
    return contentType;
  }

  /** For a sentence: {@code PDF}, {@code plain text}. */
  String words() {
    return words;
  }

  /**
   * The type a label names, compared case-blind.
   *
   * @param type ED.2, for example {@code TEXT}, {@code AP}, {@code application/pdf}
   * @param subtype ED.3, for example {@code PDF}, {@code text/rtf;charset=UTF8}
   */
  static EncapsulatedType declared(String type, String subtype) {
    String of = word(type);
    String sub = word(subtype);
    // A whole MIME type in ED.2 with nothing in ED.3 is as common as one in ED.3.
    String decisive = sub.isEmpty() && !SAYS_NOTHING.contains(of) ? of : sub;
    EncapsulatedType named = BY_WORD.get(decisive);
    if (named != null) {
      return of.equals("multipart") ? NOT_TAKEN : named;
    }
    return SAYS_NOTHING.contains(decisive) && !of.equals("im") ? UNSAID : NOT_TAKEN;
  }

  /**
   * {@code Text/XML; charset=x} to {@code xml}: what stands after the slash, without parameters.
   */
  private static String word(String label) {
    String word = label.toLowerCase(Locale.ROOT);
    int parameters = word.indexOf(';');
    if (parameters >= 0) {
      word = word.substring(0, parameters);
    }
    return word.substring(word.lastIndexOf('/') + 1).strip();
  }

  /** The type that the first bytes show; {@link #UNSAID} if they show none. */
  static EncapsulatedType shownBy(byte[] data) {
    for (Mark mark : MARKS) {
      if (mark.standsIn(data)) {
        return mark.type();
      }
    }
    String head = head(data);
    if (head.startsWith("<?xml")) {
      return rootIsHtml(head) ? XHTML : XML;
    }
    if (head.startsWith("<html") || head.startsWith("<!doctype html")) {
      return head.contains("http://www.w3.org/1999/xhtml") ? XHTML : HTML;
    }
    return UNSAID;
  }

  /** What a file is that Cerner does not take as it is, for a sentence: {@code a JPEG image}. */
  static String nameOf(byte[] data) {
    for (Mark mark : MARKS) {
      if (mark.standsIn(data)) {
        return mark.name();
      }
    }
    return NOT_TAKEN.words;
  }

  /** Whether bytes without a mark of their own can be what the label says. */
  boolean canBe(byte[] data) {
    return switch (this) {
      case PDF -> pdfMarkWithin(data);
      case RTF -> false;
      case XML, XHTML -> head(data).startsWith("<");
      case PLAIN, RICHTEXT, HTML -> looksLikeText(data);
      case IMAGE, NOT_TAKEN, UNSAID -> false;
    };
  }

  private static boolean pdfMarkWithin(byte[] data) {
    int length = Math.min(data.length, PDF_MARK_WITHIN);
    return new String(data, 0, length, StandardCharsets.ISO_8859_1).contains("%PDF");
  }

  /** Whether the end mark of PDF stands near the end; a file cut at a sender's limit has none. */
  static boolean endsLikePdf(byte[] data) {
    int length = Math.min(data.length, PDF_MARK_WITHIN);
    return new String(data, data.length - length, length, StandardCharsets.ISO_8859_1)
        .contains("%%EOF");
  }

  /** No control characters but those of text; UTF-16 with its byte order mark is text as well. */
  static boolean looksLikeText(byte[] data) {
    if (EncapsulatedText.markedUtf16(data)) {
      return true;
    }
    for (byte b : data) {
      if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b) {
        return false;
      }
    }
    return true;
  }

  /** The first characters in lower case, without byte order mark and leading blanks. */
  private static String head(byte[] data) {
    return EncapsulatedText.head(data, HEAD).strip().toLowerCase(Locale.ROOT);
  }

  private static boolean rootIsHtml(String head) {
    int at = 0;
    while (at >= 0 && at < head.length()) {
      at = head.indexOf('<', at);
      if (at < 0 || head.startsWith("<html", at)) {
        return at >= 0;
      }
      if (head.startsWith("<!--", at)) {
        at = head.indexOf("-->", at);
      } else if (head.startsWith("<?", at) || head.startsWith("<!", at)) {
        at = head.indexOf('>', at);
      } else {
        return false;
      }
    }
    return false;
  }

  private static Mark mark(String start, EncapsulatedType type, String name) {
    return new Mark(0, latin1(start), type, name);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
