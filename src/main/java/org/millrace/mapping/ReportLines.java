package org.millrace.mapping;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/**
 * The segments of a report, with those put together again that a sender broke over lines.
 *
 * <p>A line feed inside OBX-5 or NTE-3 ends the segment for every reader of HL7; what follows has
 * no segment name. Text editors' reports and Base64 wrapped at 76 characters come like that, and
 * taking the first line for the whole would file half a report. Source: HL7 v2.5.1 ch. 2.5 and 2.7.
 */
final class ReportLines {

  /** Segments of ORU_R01 that some senders write without any field. */
  private static final Set<String> WITHOUT_FIELDS =
      Set.of(
          "CTD", "CTI", "DSC", "FT1", "NK1", "NTE", "OBR", "OBX", "ORC", "PD1", "PID", "PV1", "PV2",
          "SPM", "TQ1", "TQ2");

  private final Separators separators;
  private final Charset charset;

  ReportLines(Separators separators, Charset charset) {
    this.separators = separators;
    this.charset = charset;
  }

  /**
   * One segment of the report.
   *
   * @param segment as received or, if mended, put together
   * @param sequence of the segment as received
   * @param mended how many lines without a segment name follow it; to OBX and NTE they were added
   */
  record Line(V2Segment segment, int sequence, int mended) {

    /** {@code OBX[3]}. */
    String place() {
      return segment.name() + "[" + sequence + "]";
    }

    /** {@code OBX[3]-5}. */
    String path(int field) {
      return place() + "-" + field;
    }

    /** What is told of the mending; empty if there was none. */
    Optional<CoverageNote> note(int field) {
      return mended == 0
          ? Optional.empty()
          : Optional.of(
              new CoverageNote(
                  CoverageNote.Kind.DEFAULTED,
                  path(field),
                  "the sender broke the segment over lines; "
                      + mended
                      + " were put to it again, blank ones among them are lost"));
    }
  }

  /** The segments of a group in order, lines without a segment name put to the one before. */
  List<Line> of(List<V2Segment> group) {
    List<Line> lines = new ArrayList<>();
    int at = 0;
    while (at < group.size()) {
      V2Segment segment = group.get(at);
      int end = at + 1;
      while (end < group.size() && isRest(group.get(end))) {
        end++;
      }
      List<V2Segment> broken = group.subList(at + 1, end);
      boolean text = segment.name().equals("OBX") || segment.name().equals("NTE");
      lines.add(
          broken.isEmpty() || !text
              ? new Line(segment, segment.sequence(), broken.size())
              : new Line(mended(segment, broken), segment.sequence(), broken.size()));
      at = end;
    }
    return lines;
  }

  /**
   * Whether a line is the rest of the one before: it has no segment name, or its first three
   * characters only happen to look like one, as the last line of wrapped Base64 may.
   */
  private static boolean isRest(V2Segment line) {
    String name = line.name();
    boolean upperCase = name.equals(name.toUpperCase(Locale.ROOT));
    return name.isEmpty()
        || !upperCase
        || (line.fieldCount() == 0 && !WITHOUT_FIELDS.contains(name));
  }

  /** Reads the segment and its further lines as one, each line end a formatting escape. */
  private V2Segment mended(V2Segment first, List<V2Segment> broken) {
    int name = first.name().length();
    char field = first.raw().length() > name ? first.raw().charAt(name) : separators.field();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("MSH" + field + separators.encodingCharacters() + "\r"));
    out.writeBytes(first.rawBytes());
    for (V2Segment line : broken) {
      out.writeBytes(ascii(separators.escape() + ".br" + separators.escape()));
      out.writeBytes(line.rawBytes());
    }
    try {
      return V2Message.read(out.toByteArray(), Optional.of(charset)).segments().get(1);
    } catch (V2FormatException e) {
      throw new IllegalStateException("delimiters that were read once cannot be read again", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
