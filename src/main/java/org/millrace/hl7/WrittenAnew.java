package org.millrace.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A message that was read and written again: every value decoded by the reader and put in its place
 * by {@link V2Writer}, so that one sees what of the bytes the engine keeps, and what it would write
 * otherwise.
 *
 * <p>Source: HL7 v2.5.1 ch. 2.5.3 (trailing delimiters), ch. 2.7 (escape sequences).
 *
 * @param bytes as written, each segment ended by CR
 * @param same whether these are the bytes as received
 * @param differences place by place, in message order
 * @param remarks on what belongs to no field: line ends, what stands before and behind
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WrittenAnew(
    byte[] bytes, boolean same, List<Difference> differences, List<String> remarks) {

  /** The writer counts no further. */
  private static final int MOST_PLACES = 100_000;

  public WrittenAnew {
    differences = List.copyOf(differences);
    remarks = List.copyOf(remarks);
  }

  /** What is different. */
  public enum Kind {
    /** Empty places at an end are not written. */
    SEPARATORS,
    /** The same text, escaped otherwise. */
    ESCAPES,
    /** Another text: something in it could not be read. */
    TEXT,
    /** MSH-2 says it otherwise. */
    DELIMITERS,
    /** The same characters as other bytes, or another charset in MSH-18. */
    CHARSET,
    /** The line is no segment that could be written, and is left out. */
    NOT_WRITTEN
  }

  /**
   * One place.
   *
   * @param segment its name; empty for a line that is no segment
   * @param place {@code OBX[2]-5}; without field for a whole segment
   * @param field 0 for a whole segment
   * @param before as received, escapes untouched
   * @param after as written
   * @param lost escape sequences in it that have no text, as {@code Z01}
   */
  public record Difference(
      Kind kind,
      String segment,
      String place,
      int field,
      String before,
      String after,
      List<String> lost) {
    public Difference {
      lost = List.copyOf(lost);
    }

    /** Kind and place: values are a patient's. */
    @Override
    public String toString() {
      return kind + " " + place;
    }
  }

  /** Says where line ends are formatting: in values of type FT. */
  @FunctionalInterface
  public interface Formatted {
    boolean is(V2Segment segment, int field);
  }

  /** Writes a message anew and compares. */
  public static WrittenAnew of(V2Message message, Formatted formatted) {
    Charset charset = message.charset().charset();
    V2Writer writer = new V2Writer(message.separators(), charset);
    List<V2Segment> written = new ArrayList<>();
    for (V2Segment segment : message.segments()) {
      if (V2Writer.isName(segment.name()) && countable(segment)) {
        writer.segment(segment.name());
        write(segment, formatted, writer);
        written.add(segment);
      }
    }
    byte[] bytes = writer.bytes();
    boolean switched = writer.switchesToUtf8();
    V2Message anew = read(bytes, switched ? StandardCharsets.UTF_8 : charset);
    List<Difference> differences = new ArrayList<>();
    int at = 0;
    for (V2Segment segment : message.segments()) {
      if (at < written.size() && written.get(at) == segment) {
        new SegmentComparison(segment, anew.segments().get(at), differences).run();
        at++;
      } else {
        differences.add(notWritten(segment));
      }
    }
    boolean same = Arrays.equals(bytes, message.bytes());
    return new WrittenAnew(bytes, same, differences, remarks(message, differences, switched, same));
  }

  private static V2Message read(byte[] bytes, Charset charset) {
    try {
      return V2Message.read(bytes, Optional.of(charset));
    } catch (V2FormatException e) {
      throw new IllegalStateException("what was just written cannot be read", e);
    }
  }

  private static boolean countable(V2Segment segment) {
    if (segment.fieldCount() > MOST_PLACES) {
      return false;
    }
    for (int number = 1; number <= segment.fieldCount(); number++) {
      for (V2Value repetition : segment.field(number).repetitions()) {
        boolean few =
            repetition.components().size() <= MOST_PLACES
                && repetition.components().stream()
                    .allMatch(each -> each.subcomponents().size() <= MOST_PLACES);
        if (!few) {
          return false;
        }
      }
      if (segment.field(number).repetitions().size() > MOST_PLACES) {
        return false;
      }
    }
    return true;
  }

  private static void write(V2Segment segment, Formatted formatted, V2Writer writer) {
    int first = Msh.declaresDelimiters(segment.name()) ? 3 : 1;
    for (int number = first; number <= segment.fieldCount(); number++) {
      boolean lines = formatted.is(segment, number);
      List<V2Value> repetitions = segment.field(number).repetitions();
      for (int r = 0; r < repetitions.size(); r++) {
        List<V2Value> components = repetitions.get(r).components();
        for (int c = 0; c < components.size(); c++) {
          List<V2Value> parts = components.get(c).subcomponents();
          for (int s = 0; s < parts.size(); s++) {
            String text = parts.get(s).text();
            if (lines) {
              writer.setFormatted(number, r + 1, c + 1, s + 1, text);
            } else {
              writer.set(number, r + 1, c + 1, s + 1, text);
            }
          }
        }
      }
    }
  }

  private static Difference notWritten(V2Segment segment) {
    String name = segment.name();
    String place = name.isEmpty() ? "line " + (segment.position() + 1) : place(segment);
    return new Difference(Kind.NOT_WRITTEN, name, place, 0, segment.raw(), "", List.of());
  }

  static String place(V2Segment segment) {
    return segment.name() + "[" + segment.sequence() + "]";
  }

  private static List<String> remarks(
      V2Message message, List<Difference> differences, boolean switched, boolean same) {
    List<String> remarks = new ArrayList<>();
    if (same) {
      return remarks;
    }
    byte[] received = message.bytes();
    if (switched) {
      remarks.add(
          "It holds characters that "
              + message.charset().charset().name()
              + " cannot; it is written in UTF-8 and MSH-18 says so.");
    }
    if (message.asRead().departures().contains(Tolerance.LINE_ENDS)) {
      remarks.add("Its segments end with a line feed; they are ended by a carriage return.");
    }
    if (message.asRead().departures().contains(Tolerance.BEFORE_HEADER)) {
      remarks.add("What stands before MSH is left out.");
    }
    byte last = received[received.length - 1];
    if (last != '\r' && last != '\n') {
      remarks.add(
          last == 0x1C || last == 0x1A || last == 0
              ? "What follows the last segment is left out: framing or padding."
              : "The last segment is not ended; it is written with its end.");
    }
    if (remarks.isEmpty() && differences.isEmpty()) {
      remarks.add("Blank lines between or behind its segments are left out.");
    }
    return remarks;
  }

  /** Numbers only: the rest is a patient's. */
  @Override
  public String toString() {
    return (same ? "the same, " : "not the same, ") + differences.size() + " differences";
  }
}
