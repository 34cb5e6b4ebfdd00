package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.millrace.hl7.V2Field;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Value;

/** A message as a tree: segments, fields, components, each with its name and its ways. */
final class FieldLines {
  private static final int LONGEST = 400;

  /** A message may have a hundred thousand fields, which no page can hold. */
  private static final int MOST = 4_000;

  private final FieldNames names;
  private final Ways ways;
  private final Cover cover;
  private final List<Segment> segments = new ArrayList<>();
  private int lines;

  /**
   * A segment.
   *
   * @param path {@code OBR[2]}
   */
  record Segment(String path, List<Line> lines) {}

  /**
   * A field, repetition or component.
   *
   * @param id by which other places of the page name it
   * @param depth 0 for a field
   */
  record Line(
      String id,
      int depth,
      String path,
      String name,
      String value,
      List<Ways.Way> ways,
      List<Ways.Loss> losses) {

    /** What its parts are called where they are not shown for themselves. */
    List<String> aliases() {
      return Stream.concat(
              ways.stream().map(Ways.Way::source), losses.stream().map(Ways.Loss::source))
          .filter(each -> !each.equals(id))
          .distinct()
          .toList();
    }
  }

  private FieldLines(FieldNames names, Ways ways, Cover cover) {
    this.names = names;
    this.ways = ways;
    this.cover = cover;
  }

  /**
   * The tree.
   *
   * @param whole false if it was cut, since the message is very long
   */
  record Tree(List<Segment> segments, boolean whole) {}

  static Tree of(V2Message message, FieldNames names, Ways ways, Cover cover) {
    FieldLines all = new FieldLines(names, ways, cover);
    for (V2Segment segment : message.segments()) {
      if (all.lines >= MOST) {
        return new Tree(all.segments, false);
      }
      all.add(segment, message.all(segment.name()).size() > 1);
    }
    return new Tree(all.segments, true);
  }

  private void add(V2Segment segment, boolean several) {
    String name = segment.name().isEmpty() ? "(no segment)" : segment.name();
    String path = several ? name + "[" + segment.sequence() + "]" : name;
    String key = name + "[" + segment.sequence() + "]";
    boolean open = name.equals("MSH");
    List<Line> into = new ArrayList<>();
    for (int number = 1; number <= segment.fieldCount() && lines < MOST; number++) {
      if (segment.has(number)) {
        field(segment, number, path + "-" + number, key + "-" + number, open, into);
      }
    }
    segments.add(new Segment(path, into));
  }

  private void field(
      V2Segment segment, int number, String path, String key, boolean open, List<Line> into) {
    V2Field field = segment.field(number);
    List<V2Value> repetitions = field.repetitions();
    String name = names.field(segment.name(), number);
    String type = type(segment, number);
    boolean simple = repetitions.size() == 1 && repetitions.get(0).components().size() <= 1;
    line(key, 0, path, name, simple ? field.text() : "", open, simple, into);
    if (simple || segment.name().equals("MSH") && number <= 2) {
      return;
    }
    for (int i = 1; i <= repetitions.size() && lines < MOST; i++) {
      boolean several = repetitions.size() > 1;
      V2Value repetition = repetitions.get(i - 1);
      String below = key + "[" + i + "]";
      String shown = path + (several ? "[" + i + "]" : "");
      List<V2Value> components = repetition.components();
      if (several) {
        boolean plain = components.size() <= 1;
        line(below, 1, shown, "", plain ? repetition.text() : "", open, plain, into);
      }
      for (int c = 1; components.size() > 1 && c <= components.size(); c++) {
        component(components.get(c - 1), type, c, below, shown, open, into);
      }
    }
  }

  private void component(
      V2Value component,
      String type,
      int number,
      String key,
      String path,
      boolean open,
      List<Line> into) {
    if (!component.isEmpty()) {
      line(
          key + "." + number,
          2,
          path + "." + number,
          names.component(type, number),
          component.whole(),
          open,
          true,
          into);
    }
  }

  /** OBX-5 is of the type that OBX-2 names. */
  private String type(V2Segment segment, int number) {
    return segment.name().equals("OBX") && number == 5
        ? segment.text(2)
        : names.type(segment.name(), number);
  }

  private void line(
      String key,
      int depth,
      String path,
      String name,
      String value,
      boolean open,
      boolean last,
      List<Line> into) {
    lines++;
    String shown = open ? value : cover.of(value);
    into.add(
        new Line(
            Ways.id("f", key),
            depth,
            path,
            name,
            shown.length() > LONGEST
                ? shown.substring(0, LONGEST) + "… (" + shown.length() + " characters)"
                : shown,
            ways.from(key, last),
            ways.lost(key, last)));
  }
}
