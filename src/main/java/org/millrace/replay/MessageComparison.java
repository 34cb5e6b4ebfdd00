package org.millrace.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/**
 * Compares messages as messages: segment by segment, field by field, text after decoding. What the
 * engine makes anew each time only has to be there: MSH-10, ERR-7, DSC-1.
 */
final class MessageComparison {
  private static final Set<String> MADE_ANEW = Set.of("MSH-10", "ERR-7", "DSC-1");

  private final RunTimes times;
  private final List<Difference> differences = new ArrayList<>();

  private MessageComparison(RunTimes times) {
    this.times = times;
  }

  static List<Difference> compare(String place, byte[] expected, byte[] actual, RunTimes times) {
    MessageComparison comparison = new MessageComparison(times);
    try {
      comparison.messages(place, V2Message.read(expected), V2Message.read(actual));
    } catch (V2FormatException e) {
      return List.of(
          new Difference(place, "a message", "something that is none: " + e.getMessage()));
    }
    return comparison.differences;
  }

  private void messages(String place, V2Message expected, V2Message actual) {
    List<String> wanted = expected.segments().stream().map(V2Segment::name).toList();
    List<String> got = actual.segments().stream().map(V2Segment::name).toList();
    if (!wanted.equals(got)) {
      differences.add(
          new Difference(place + " segments", String.join(" ", wanted), String.join(" ", got)));
      return;
    }
    for (int i = 0; i < wanted.size(); i++) {
      segments(place, expected.segments().get(i), actual.segments().get(i));
    }
  }

  private void segments(String place, V2Segment expected, V2Segment actual) {
    int fields = Math.max(expected.fieldCount(), actual.fieldCount());
    for (int field = 1; field <= fields; field++) {
      String path = expected.name() + "-" + field;
      String wanted = expected.field(field).raw();
      String got = actual.field(field).raw();
      boolean same =
          MADE_ANEW.contains(path)
              ? wanted.isEmpty() == got.isEmpty()
              : wanted.equals(got) || same(decoded(expected, field), decoded(actual, field));
      if (!same) {
        String which = expected.sequence() == 1 ? "" : "[" + expected.sequence() + "]";
        differences.add(
            new Difference(place + " " + expected.name() + which + "-" + field, wanted, got));
      }
    }
  }

  private boolean same(Map<String, String> wanted, Map<String, String> got) {
    return wanted.keySet().equals(got.keySet())
        && wanted.entrySet().stream()
            .allMatch(
                leaf -> {
                  String other = got.getOrDefault(leaf.getKey(), "");
                  return leaf.getValue().equals(other) || times.same(leaf.getValue(), other);
                });
  }

  /** Every leaf by its place, so that other ways to escape the same text compare equal. */
  private static Map<String, String> decoded(V2Segment segment, int field) {
    Map<String, String> leaves = new LinkedHashMap<>();
    List<V2Value> repetitions = segment.repetitions(field);
    for (int r = 0; r < repetitions.size(); r++) {
      List<V2Value> components = repetitions.get(r).components();
      for (int c = 0; c < components.size(); c++) {
        leaves.put(r + "." + c, components.get(c).whole());
      }
    }
    return leaves;
  }
}
