package org.millrace.mapping;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * One document's worth of content of a report.
 *
 * @param anchor {@code OBR[2]} for the text, {@code OBR[2]/OBX[5]} for an encapsulated document,
 *     {@code OBR[2]/OBX[5]-5[3]} where OBX-5 holds several; numbers count segments of that name in
 *     the message
 * @param contentType as Cerner takes it: {@code application/pdf}, {@code text/plain;charset=utf-8}
 *     …; empty where the verdict is not FILE
 * @param data the content, already of that type (text is UTF-8); empty where the verdict is not
 *     FILE. The array is kept, not copied, and not to be changed
 * @param verdict FILE {@code content}; HOLD {@code ed-damaged}, {@code content-type-not-taken},
 *     {@code reference-pointer}, {@code deleted}, {@code wrong}; FILTER {@code cancelled}
 * @param sources the v2 paths the content came from
 * @param notes what was repaired, assumed or left out
 */
@SuppressWarnings("ArrayRecordComponent") // parts are read, never compared
public record ReportPart(
    String anchor,
    String contentType,
    byte[] data,
    Verdict verdict,
    List<String> sources,
    List<CoverageNote> notes) {

  /**
   * The same document with a line put first for its reader, for example {@code PRELIMINARY}: into
   * plain text as a line of its own, into HTML and XHTML as a bold paragraph at the start of the
   * body. Other types stay as they are; there only the title can say it.
   *
   * @param line plain text without line feeds
   */
  public ReportPart startingWith(String line) {
    if (contentType.equals(EncapsulatedType.PLAIN.contentType())) {
      return with(line + "\n" + text());
    }
    if (contentType.equals(EncapsulatedType.HTML.contentType())
        || contentType.equals(EncapsulatedType.XHTML.contentType())) {
      String html = text();
      int at = startOfBody(html);
      return with(
          html.substring(0, at) + "<p><b>" + escaped(line) + "</b></p>" + html.substring(at));
    }
    return this;
  }

  private String text() {
    return new String(data, StandardCharsets.UTF_8);
  }

  private ReportPart with(String text) {
    byte[] changed = text.getBytes(StandardCharsets.UTF_8);
    return new ReportPart(anchor, contentType, changed, verdict, sources, notes);
  }

  /** After {@code <body …>}, or after what else must come first; a fragment begins with itself. */
  private static int startOfBody(String html) {
    String lower = html.toLowerCase(Locale.ROOT);
    for (String tag : List.of("<body", "<html", "<!doctype", "<?xml")) {
      int start = lower.indexOf(tag);
      int end = start < 0 ? -1 : html.indexOf('>', start);
      if (end >= 0) {
        return end + 1;
      }
    }
    return 0;
  }

  private static String escaped(String line) {
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Anchor and type only. */
  @Override
  public String toString() {
    return anchor + " " + contentType + " " + verdict;
  }
}
