package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.WrittenAnew;

/**
 * A message as received beside itself as the engine's own writer writes it: what of it is read, and
 * what is kept of how it was written.
 *
 * @param same whether it is the same, byte for byte
 * @param summary of the numbers
 * @param remarks on what belongs to no field
 * @param lines the first of the differences
 * @param more how many there are besides; empty if none
 */
record RewrittenView(
    boolean same, String summary, List<String> remarks, List<Line> lines, String more) {
  static final String TAB = "re-encoded";

  private static final int LONGEST = 400;
  private static final int BEFORE = 60;

  /**
   * A place.
   *
   * @param href where the field stands among the others
   * @param lost what could not be read in it
   */
  record Line(
      Mark mark,
      String place,
      String href,
      String name,
      String before,
      String after,
      String lost) {}

  boolean hasLines() {
    return !lines.isEmpty();
  }

  static RewrittenView of(V2Message message, FieldNames names, Cover cover, String here) {
    WrittenAnew anew =
        WrittenAnew.of(message, (segment, field) -> formatted(segment, field, names));
    List<Line> lines = new ArrayList<>();
    for (WrittenAnew.Difference each : anew.differences()) {
      if (lines.size() < DifferentValues.MOST) {
        lines.add(line(each, names, cover, delimiters(message), here));
      }
    }
    int more = anew.differences().size() - lines.size();
    return new RewrittenView(
        anew.same(),
        Count.text(message.bytes().length)
            + " bytes received, "
            + Count.text(anew.bytes().length)
            + " written anew",
        anew.remarks(),
        lines,
        more == 0 ? "" : Count.text(more));
  }

  private static boolean formatted(V2Segment segment, int field, FieldNames names) {
    String type =
        segment.name().equals("OBX") && field == 5
            ? segment.text(2)
            : names.type(segment.name(), field);
    return type.equals("FT");
  }

  private static String delimiters(V2Message message) {
    Separators by = message.separators();
    return "" + by.field() + by.component() + by.repetition() + by.escape() + by.subcomponent();
  }

  private static Line line(
      WrittenAnew.Difference each, FieldNames names, Cover cover, String delimiters, String here) {
    boolean open = each.segment().equals("MSH");
    int start = start(each.before(), each.after());
    return new Line(
        mark(each.kind()),
        each.place(),
        here + "?tab=fields" + (each.field() == 0 ? "" : "#" + Ways.id("f", each.place())),
        each.field() == 0 ? "" : names.field(each.segment(), each.field()),
        shown(each.before(), start, open, cover, delimiters),
        shown(each.after(), start, open, cover, delimiters),
        each.lost().isEmpty()
            ? ""
            : each.lost().size() == 1
                ? "an escape sequence has no text: " + cover.of(each.lost().get(0))
                : each.lost().size() + " escape sequences have no text");
  }

  /** A document may be megabytes long, and other at its end: what is other is shown. */
  private static int start(String before, String after) {
    int same = 0;
    int most = Math.min(before.length(), after.length());
    while (same < most && before.charAt(same) == after.charAt(same)) {
      same++;
    }
    return same > LONGEST / 2 ? same - BEFORE : 0;
  }

  private static String shown(
      String value, int start, boolean open, Cover cover, String delimiters) {
    int end = Math.min(value.length(), start + LONGEST);
    String part = value.substring(Math.min(start, end), end);
    String text = open ? part : cover.ofSegment("", part, delimiters);
    return (start > 0 ? "… " : "") + text + (end < value.length() ? " …" : "");
  }

  private static Mark mark(WrittenAnew.Kind kind) {
    return switch (kind) {
      case SEPARATORS -> new Mark("empty end left out", Mark.Tone.QUIET);
      case ESCAPES -> new Mark("escaped otherwise", Mark.Tone.QUIET);
      case DELIMITERS -> new Mark("delimiters", Mark.Tone.QUIET);
      case CHARSET -> new Mark("other bytes", Mark.Tone.MOVING);
      case TEXT -> new Mark("other text", Mark.Tone.BAD);
      case NOT_WRITTEN -> new Mark("not read as a segment", Mark.Tone.HELD);
    };
  }
}
