package org.millrace.hl7;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One segment as received beside itself as written anew, field by field. */
final class SegmentComparison {
  private static final int DELIMITERS = 2;
  private static final int CHARACTER_SET = 18;

  private final V2Segment before;
  private final V2Segment after;
  private final List<WrittenAnew.Difference> into;

  SegmentComparison(V2Segment before, V2Segment after, List<WrittenAnew.Difference> into) {
    this.before = before;
    this.after = after;
    this.into = into;
  }

  /** A value with nothing below it, and where in its field it stands. */
  private record Leaf(int repetition, int component, int subcomponent, V2Value value) {}

  void run() {
    int found = into.size();
    int last = Math.max(before.fieldCount(), after.fieldCount());
    for (int number = 1; number <= last; number++) {
      String received = before.field(number).raw();
      String written = after.field(number).raw();
      if (!received.equals(written)) {
        WrittenAnew.Kind kind = kind(number);
        List<String> lost =
            kind == WrittenAnew.Kind.DELIMITERS ? List.of() : lost(before.field(number));
        into.add(difference(kind, number, received, written, lost));
      }
    }
    if (before.fieldCount() > after.fieldCount()) {
      emptyEnd();
    }
    if (into.size() == found && !Arrays.equals(before.rawBytes(), after.rawBytes())) {
      into.add(difference(WrittenAnew.Kind.CHARSET, 0, before.raw(), after.raw(), List.of()));
    }
  }

  /** Separators behind the last field that holds anything. */
  private void emptyEnd() {
    int count = 0;
    while (before.fieldCount() - count > after.fieldCount()
        && !before.has(before.fieldCount() - count)) {
      count++;
    }
    if (count > 0) {
      String separators = before.raw().substring(before.raw().length() - count);
      into.add(difference(WrittenAnew.Kind.SEPARATORS, 0, separators, "", List.of()));
    }
  }

  private WrittenAnew.Difference difference(
      WrittenAnew.Kind kind, int number, String received, String written, List<String> lost) {
    String place = WrittenAnew.place(before) + (number == 0 ? "" : "-" + number);
    return new WrittenAnew.Difference(kind, before.name(), place, number, received, written, lost);
  }

  private WrittenAnew.Kind kind(int number) {
    if (Msh.declaresDelimiters(before.name()) && number <= DELIMITERS) {
      return WrittenAnew.Kind.DELIMITERS;
    }
    if (before.name().equals("MSH")
        && number == CHARACTER_SET
        && !before.field(number).text().equals(after.field(number).text())) {
      return WrittenAnew.Kind.CHARSET;
    }
    List<Leaf> received = leaves(before.field(number));
    List<Leaf> written = leaves(after.field(number));
    if (!same(received, written, false) || !lost(before.field(number)).isEmpty()) {
      return WrittenAnew.Kind.TEXT;
    }
    return same(received, written, true) ? WrittenAnew.Kind.SEPARATORS : WrittenAnew.Kind.ESCAPES;
  }

  private static List<String> lost(V2Field field) {
    return field.repetitions().stream().flatMap(each -> each.unreadEscapes().stream()).toList();
  }

  private static List<Leaf> leaves(V2Field field) {
    List<Leaf> leaves = new ArrayList<>();
    List<V2Value> repetitions = field.repetitions();
    for (int r = 0; r < repetitions.size(); r++) {
      List<V2Value> components = repetitions.get(r).components();
      for (int c = 0; c < components.size(); c++) {
        List<V2Value> parts = components.get(c).subcomponents();
        for (int s = 0; s < parts.size(); s++) {
          // An escape that has no text leaves nothing, as if nothing stood there.
          if (!parts.get(s).text().isEmpty()) {
            leaves.add(new Leaf(r, c, s, parts.get(s)));
          }
        }
      }
    }
    return leaves;
  }

  private static boolean same(List<Leaf> one, List<Leaf> other, boolean asWritten) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      Leaf left = one.get(i);
      Leaf right = other.get(i);
      boolean sameValue =
          asWritten
              ? left.value().raw().equals(right.value().raw())
              : left.value().text().equals(right.value().text());
      if (!sameValue
          || left.repetition() != right.repetition()
          || left.component() != right.component()
          || left.subcomponent() != right.subcomponent()) {
        return false;
      }
    }
    return true;
  }
}
