package org.millrace.mapping;

import java.util.List;
import org.millrace.hl7.V2Segment;

/**
 * Makes documents' contents of one OBR with its OBX and NTE: the function {@code report-content} of
 * message files. Stateless.
 *
 * <p>Text comes in five shapes (one OBX a line; repetitions; FT with {@code \.br\}; line feeds as
 * {@code \X0A\}; NTE after OBX or OBR); each ED repetition is a document of its own and the
 * remaining text one more.
 */
public final class ReportContent {

  private ReportContent() {}

  /**
   * @param group the OBR and all that follows it up to the next OBR (or ORC before it), in message
   *     order
   */
  public static List<ReportPart> parts(List<V2Segment> group) {
    throw new UnsupportedOperationException("not built yet");
  }
}
