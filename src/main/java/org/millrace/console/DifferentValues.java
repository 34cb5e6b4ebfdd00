package org.millrace.console;

import java.util.List;
import org.millrace.mapping.RunDifference;

/** Differences of what a message becomes, as lines of a table. */
final class DifferentValues {
  /** More than that is read by nobody. */
  static final int MOST = 500;

  private static final int LONGEST = 400;
  private static final String VERDICT = " verdict";

  private DifferentValues() {}

  /**
   * A value that is another one than before.
   *
   * @param target names its line in the resource; empty if it has none
   */
  record Line(Mark mark, String path, String target, String before, String after) {}

  /** The first of them. */
  static List<Line> of(List<RunDifference.Change> changes, Cover cover) {
    return changes.stream().limit(MOST).map(each -> line(each, cover)).toList();
  }

  private static Line line(RunDifference.Change change, Cover cover) {
    boolean verdict = change.path().endsWith(VERDICT);
    boolean gone = change.kind() == RunDifference.Kind.VANISHED;
    return new Line(
        mark(change.kind()),
        change.path(),
        verdict || gone ? "" : Ways.id("t", change.path()),
        verdict ? change.before() : shown(change.before(), cover),
        verdict ? change.after() : shown(change.after(), cover));
  }

  private static String shown(String value, Cover cover) {
    String text = cover.of(value);
    return text.length() > LONGEST
        ? text.substring(0, LONGEST) + "… (" + text.length() + " characters)"
        : text;
  }

  static Mark mark(RunDifference.Kind kind) {
    return switch (kind) {
      case APPEARED -> new Mark("appeared", Mark.Tone.GOOD);
      case VANISHED -> new Mark("vanished", Mark.Tone.BAD);
      case CHANGED -> new Mark("changed", Mark.Tone.HELD);
    };
  }
}
