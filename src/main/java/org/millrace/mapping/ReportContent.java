package org.millrace.mapping;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/**
 * Makes documents' contents of one OBR with its OBX and NTE: the function {@code report-content} of
 * message files. Stateless.
 *
 * <p>Text comes in five shapes (one OBX a line; repetitions; FT with {@code \.br\}; line feeds as
 * {@code \X0A\}; NTE after OBX or OBR); each ED repetition is a document of its own and the
 * remaining text one more, last. How text is laid out is said at {@link ReportText}.
 *
 * <p>Sources: HL7 v2.5.1 ch. 7 (ORU, OBX), ch. 2A (ED, RP); Cerner Millennium R4,
 * DocumentReference, Create.
 */
public final class ReportContent {

  /** How text that is not UTF-8 and names no charset is read where the message says no other. */
  private static final Charset WESTERN = Charset.forName("windows-1252");

  private final String order;
  private final Charset otherwise;
  private final ReportText text;
  private final List<ReportPart> parts = new ArrayList<>();

  private ReportContent(String order, Charset otherwise) {
    this.order = order;
    this.otherwise = otherwise;
    this.text = new ReportText(order);
  }

  /**
   * The documents of a report whose message is not at hand: delimiters but the field separator are
   * the recommended ones, and documents that are not UTF-8 and name no charset are windows-1252.
   *
   * @param group as in {@link #parts(V2Message, List)}
   */
  public static List<ReportPart> parts(List<V2Segment> group) {
    Separators standard = Separators.STANDARD;
    return parts(group, new ReportLines(standard, WESTERN), WESTERN);
  }

  /**
   * The documents of a report.
   *
   * @param message the message the group is of: its delimiters and charset
   * @param group the OBR and all that follows it up to the next OBR (or ORC before it), in message
   *     order; an ORC before the OBR may be in it. Segments other than OBX and NTE add nothing
   * @return encapsulated documents in message order, then the text; empty if the group holds
   *     neither, which is for the caller to report
   */
  public static List<ReportPart> parts(V2Message message, List<V2Segment> group) {
    ReportLines lines = new ReportLines(message.separators(), message.charset().charset());
    return parts(group, lines, otherwise(message));
  }

  /** How text inside documents is read that is not UTF-8 and names no charset. */
  static Charset otherwise(V2Message message) {
    Charset charset = message.charset().charset();
    boolean unicode = charset.name().startsWith("UTF") || charset.name().equals("US-ASCII");
    return unicode ? WESTERN : charset;
  }

  private static List<ReportPart> parts(
      List<V2Segment> group, ReportLines lines, Charset otherwise) {
    ReportContent content = new ReportContent(anchor(group), otherwise);
    for (ReportLines.Line line : lines.of(group)) {
      content.read(line, true);
    }
    content.text.part().ifPresent(content.parts::add);
    return List.copyOf(content.parts);
  }

  /** The text of a report alone; its documents are not decoded. */
  static Optional<ReportPart> text(V2Message message, List<V2Segment> group) {
    ReportContent content = new ReportContent(anchor(group), otherwise(message));
    for (ReportLines.Line line :
        new ReportLines(message.separators(), message.charset().charset()).of(group)) {
      content.read(line, false);
    }
    return content.text.part();
  }

  /** {@code OBR[2]}; a group without one is named by the segment it begins with. */
  static String anchor(List<V2Segment> group) {
    return group.stream()
        .filter(segment -> segment.name().equals("OBR"))
        .findFirst()
        .or(() -> group.stream().findFirst())
        .map(segment -> segment.name() + "[" + segment.sequence() + "]")
        .orElse("OBR[0]");
  }

  private void read(ReportLines.Line line, boolean withDocuments) {
    if (line.segment().name().equals("NTE")) {
      text.note(line);
      return;
    }
    if (!line.segment().name().equals("OBX")) {
      if (line.mended() > 0) {
        text.remark(
            new CoverageNote(
                CoverageNote.Kind.UNREAD,
                line.place(),
                "lines that are no segment follow it; they were not read"));
      }
      return;
    }
    ReportObservation observation = new ReportObservation(line);
    switch (observation.holds()) {
      case DOCUMENT, POINTER -> {
        if (withDocuments) {
          documents(observation);
        }
      }
      case TEXT, RESULT -> text.observation(observation);
    }
  }

  private void documents(ReportObservation observation) {
    List<V2Value> all = observation.repetitions();
    if (all.stream().allMatch(V2Value::isEmpty)) {
      document(observation, "", Optional.empty());
      return;
    }
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).isEmpty()) {
        String repetition = all.size() > 1 ? "[" + (i + 1) + "]" : "";
        document(observation, repetition, Optional.of(all.get(i)));
      }
    }
  }

  private void document(ReportObservation observation, String repetition, Optional<V2Value> value) {
    String place = repetition.isEmpty() ? "" : "-5" + repetition;
    EncapsulatedDocument document =
        new EncapsulatedDocument(
            order + "/" + observation.place() + place,
            observation.path(5) + repetition,
            otherwise,
            observation.notes());
    parts.add(
        observation
            .refusal(value.isPresent())
            .map(document::unfiled)
            .orElseGet(
                () ->
                    observation.holds() == ReportObservation.Holds.POINTER
                        ? document.pointer()
                        : value.map(document::of).orElseGet(document::ofNothing)));
  }
}
