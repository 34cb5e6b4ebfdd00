package org.millrace.console;

import java.util.List;
import org.millrace.delivery.DryRun;
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
  record Line(Mark mark, String path, String target, String before, String after) {

    /** On a page that does not show the resource. */
    Line leadingNowhere() {
      return new Line(mark, path, "", before, after);
    }
  }

  /** The first of them. */
  static List<Line> of(List<RunDifference.Change> changes, Cover cover) {
    return changes.stream().limit(MOST).map(each -> line(each, cover)).toList();
  }

  /** What is different in one document from what was sent of it; none if that is not on record. */
  static List<RunDifference.Change> sinceSent(DryRun.Document document) {
    if (document.compared() != DryRun.Compared.DIFFERENT
        || document.now().isEmpty()
        || document.sent().isEmpty()) {
      return List.of();
    }
    String head = document.anchor() + " " + document.now().get().path("resourceType").asText();
    return RunDifference.between(head, document.sent().get(), document.now().get());
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
