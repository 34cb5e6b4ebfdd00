package org.millrace.mapping;

import java.util.List;

/**
 * One document's worth of content of a report.
 *
 * @param anchor {@code OBR[2]} for the text, {@code OBR[2]/OBX[5]} for an encapsulated document
 * @param contentType as Cerner takes it: {@code application/pdf}, {@code text/plain;charset=utf-8}
 *     …
 * @param data the content, already of that type (text is UTF-8); empty where the verdict is not
 *     FILE
 * @param sources the v2 paths the content came from
 * @param notes what was repaired, assumed or left out
 */
public record ReportPart(
    String anchor,
    String contentType,
    byte[] data,
    Verdict verdict,
    List<String> sources,
    List<CoverageNote> notes) {

  /** Anchor and type only. */
  @Override
  public String toString() {
    return anchor + " " + contentType + " " + verdict;
  }
}
