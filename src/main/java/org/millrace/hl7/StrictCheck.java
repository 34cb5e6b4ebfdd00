package org.millrace.hl7;

import ca.uhn.hl7v2.validation.PrimitiveTypeRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.hl7.StrictShapes.Shape;

/**
 * Holds a message against HL7 v2.5.1: required fields of the segments it has, the type that OBX-2
 * names, and the form of each value by HAPI's default validation. Thread-safe.
 *
 * <p>The message is walked with our own reader, a segment at a time: HAPI's parser takes time out
 * of all proportion for segments out of place. What the version does not have (Z segments, fields
 * of later versions) is passed over; whether the segments stand in order is not asked.
 */
public final class StrictCheck {
  /** A message of nonsense must not become a reply of the same size. */
  private static final int MOST_FAULTS = 20;

  private static final int MOST_SEGMENTS = 10_000;
  private static final int MOST_REPETITIONS = 1_000;
  private static final int MOST_BLANKS = 50;

  private final StrictShapes shapes = new StrictShapes();

  /** What is wrong, in order, at most twenty faults; sentences hold nothing of the message. */
  public List<V2Fault> check(V2Message message) {
    Faults faults = new Faults();
    if (message.segments().size() > MOST_SEGMENTS) {
      faults.add(
          V2Location.segment("MSH", 1),
          ErrorCode.SEGMENT_SEQUENCE,
          "The message has more than " + MOST_SEGMENTS + " segments, too many to be checked.");
      return faults.found;
    }
    for (V2Segment segment : message.segments()) {
      if (faults.full()) {
        break;
      }
      check(segment, faults);
    }
    return faults.found;
  }

  private void check(V2Segment segment, Faults faults) {
    List<Shape> fields = shapes.fields(segment.name());
    boolean header = segment.name().equals("MSH");
    // MSH-1 and MSH-2 are the delimiters themselves: that they can be used was seen while reading.
    for (int number = header ? 3 : 1; number <= fields.size() && !faults.full(); number++) {
      Shape shape = fields.get(number - 1);
      V2Location place = V2Location.field(segment.name(), segment.sequence(), number);
      if (!segment.has(number)) {
        if (shape.required()) {
          faults.add(
              place,
              ErrorCode.REQUIRED_FIELD_MISSING,
              named(segment, number) + " is empty, and required.");
        }
      } else {
        Optional<Shape> known = shape.varies() ? told(segment, number, faults) : Optional.of(shape);
        if (known.isPresent()) {
          repetitions(segment, number, known.get(), faults);
        }
      }
    }
  }

  /** What OBX-2 says of OBX-5; other fields that vary are passed over. */
  private Optional<Shape> told(V2Segment segment, int number, Faults faults) {
    if (!segment.name().equals("OBX") || number != 5) {
      return Optional.empty();
    }
    V2Location place = V2Location.field("OBX", segment.sequence(), 2);
    String type = segment.text(2).strip();
    Optional<Shape> shape = type.isEmpty() ? Optional.empty() : shapes.type(type);
    if (type.isEmpty()) {
      faults.add(
          place, ErrorCode.REQUIRED_FIELD_MISSING, "OBX-2 is empty, and OBX-5 holds a value.");
    } else if (shape.isEmpty()) {
      faults.add(place, ErrorCode.TABLE_VALUE_NOT_FOUND, "OBX-2 names no data type.");
    }
    return shape;
  }

  private static void repetitions(V2Segment segment, int number, Shape shape, Faults faults) {
    List<V2Value> all = segment.field(number).repetitions();
    if (all.size() > MOST_REPETITIONS) {
      faults.add(
          V2Location.field(segment.name(), segment.sequence(), number),
          ErrorCode.DATA_TYPE,
          named(segment, number) + " has more than " + MOST_REPETITIONS + " repetitions.");
      return;
    }
    for (int repetition = 1; repetition <= all.size(); repetition++) {
      V2Location at =
          new V2Location(
              segment.name(), segment.sequence(), number, all.size() > 1 ? repetition : 0, 0, 0);
      value(all.get(repetition - 1), shape, at, faults);
    }
  }

  private static void value(V2Value value, Shape shape, V2Location at, Faults faults) {
    if (value.isEmpty() || value.isNull() || faults.full()) {
      return;
    }
    if (shape.parts().isEmpty()) {
      primitive(value, shape, at, faults);
      return;
    }
    boolean component = at.component() > 0;
    for (int part = 1; part <= shape.parts().size(); part++) {
      V2Location below =
          new V2Location(
              at.segment(),
              at.sequence(),
              at.field(),
              Math.max(1, at.repetition()),
              component ? at.component() : part,
              component ? part : 0);
      value(
          component ? value.subcomponent(part) : value.component(part),
          shape.parts().get(part - 1),
          below,
          faults);
    }
  }

  private static void primitive(V2Value value, Shape shape, V2Location at, Faults faults) {
    if (shape.rules().isEmpty()) {
      return;
    }
    String text = value.whole();
    // HAPI trims by a pattern that takes the square of the time for a row of blanks in the middle.
    boolean trimmedHere = longestRowOfBlanks(text) > MOST_BLANKS;
    for (PrimitiveTypeRule rule : shape.rules()) {
      String corrected = trimmedHere ? text.strip() : rule.correct(text);
      if (rule.apply(corrected).length > 0) {
        faults.add(
            at,
            ErrorCode.DATA_TYPE,
            at.segment() + "-" + at.field() + " holds no value of type " + shape.type() + ".");
        return;
      }
    }
  }

  private static int longestRowOfBlanks(String text) {
    int longest = 0;
    int row = 0;
    for (int at = 0; at < text.length(); at++) {
      row = text.charAt(at) <= ' ' ? row + 1 : 0;
      longest = Math.max(longest, row);
    }
    return longest;
  }

  private static String named(V2Segment segment, int number) {
    return segment.name() + "-" + number;
  }

  /** What was found so far. */
  private static final class Faults {
    private final List<V2Fault> found = new ArrayList<>();

    boolean full() {
      return found.size() >= MOST_FAULTS;
    }

    void add(V2Location place, ErrorCode code, String sentence) {
      found.add(V2Fault.at(place, code, sentence));
    }
  }
}
