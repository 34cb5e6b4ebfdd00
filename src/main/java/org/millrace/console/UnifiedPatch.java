package org.millrace.console;

import java.util.ArrayList;
import java.util.List;

/**
 * What was changed in a file, as {@code patch -p1} and {@code git apply} take it. Line ends and a
 * byte order mark, which a browser does not keep, stay as they are in the file.
 */
final class UnifiedPatch {
  private static final int AROUND = 3;

  /** Cells of the table by which the fewest changes are found; beyond it, a block is replaced. */
  private static final long MOST_CELLS = 4_000_000;

  private static final String NO_END = "\\ No newline at end of file\n";

  private final List<Line> before;
  private final List<Line> after;

  /**
   * A line.
   *
   * @param text as it is compared
   * @param whole as it stands in the file, without LF
   * @param ended whether LF follows
   */
  private record Line(String text, String whole, boolean ended) {
    boolean same(Line other) {
      return text.equals(other.text) && ended == other.ended;
    }
  }

  /** A line of the patch: its mark, and how many lines of either file came before it. */
  private record Step(char mark, Line line, int old, int now) {}

  private UnifiedPatch(List<Line> before, List<Line> after) {
    this.before = before;
    this.after = after;
  }

  /**
   * The patch; empty if nothing is different.
   *
   * @param path with which the file is named: {@code mappings/segments/PID.yaml}
   * @param original as it is on disk
   * @param edited as a browser sends it
   */
  static String of(String path, String original, String edited) {
    return of("a/" + path, path, original, edited);
  }

  /** The patch that makes a file which is not there; empty without a text. */
  static String ofNew(String path, String text) {
    return of("/dev/null", path, "", text);
  }

  private static String of(String from, String path, String original, String edited) {
    boolean carriage = original.contains("\r\n");
    UnifiedPatch patch = new UnifiedPatch(lines(original, false), lines(plain(edited), carriage));
    List<Step> steps = patch.steps();
    if (steps.stream().allMatch(step -> step.mark() == ' ')) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    // A name with blanks is read up to a tab.
    String end = path.indexOf(' ') < 0 ? "\n" : "\t\n";
    text.append("--- ").append(from).append(end).append("+++ b/").append(path).append(end);
    hunks(steps, text);
    return text.toString();
  }

  /** Whether a text is another one than the file's, whatever a browser made of its line ends. */
  static boolean different(String original, String edited) {
    return !plain(original).equals(plain(edited));
  }

  /** As it is shown and edited. */
  static String plain(String text) {
    String lines = text.replace("\r\n", "\n");
    return lines.startsWith("\ufeff") ? lines.substring(1) : lines;
  }

  private static List<Line> lines(String text, boolean carriage) {
    List<Line> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      boolean ended = end >= 0;
      String whole = text.substring(start, ended ? end : text.length());
      String compared = whole.endsWith("\r") ? whole.substring(0, whole.length() - 1) : whole;
      lines.add(
          new Line(
              start == 0 ? plain(compared) : compared,
              carriage && ended ? whole + "\r" : whole,
              ended));
      start += whole.length() + 1;
    }
    return lines;
  }

  /** Lines kept, taken out and put in, in order. */
  private List<Step> steps() {
    int head = 0;
    while (head < Math.min(before.size(), after.size()) && before.get(head).same(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(before.size(), after.size()) - head
        && before.get(before.size() - 1 - tail).same(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < head; i++) {
      steps.add(new Step(' ', before.get(i), i, i));
    }
    middle(head, before.size() - tail, after.size() - tail, steps);
    for (int i = tail; i > 0; i--) {
      int old = before.size() - i;
      steps.add(new Step(' ', before.get(old), old, after.size() - i));
    }
    return steps;
  }

  /** The longest common subsequence of what lies between equal beginnings and ends. */
  private void middle(int from, int oldEnd, int newEnd, List<Step> steps) {
    int rows = oldEnd - from;
    int columns = newEnd - from;
    boolean small = (long) rows * columns <= MOST_CELLS;
    int[][] common = new int[small ? rows + 1 : 1][small ? columns + 1 : 1];
    for (int row = small ? rows - 1 : -1; row >= 0; row--) {
      for (int column = columns - 1; column >= 0; column--) {
        common[row][column] =
            before.get(from + row).same(after.get(from + column))
                ? common[row + 1][column + 1] + 1
                : Math.max(common[row + 1][column], common[row][column + 1]);
      }
    }
    int row = 0;
    int column = 0;
    while (row < rows || column < columns) {
      int old = from + row;
      int now = from + column;
      if (small && row < rows && column < columns && before.get(old).same(after.get(now))) {
        steps.add(new Step(' ', before.get(old), old, now));
        row++;
        column++;
      } else if (column == columns
          || row < rows && (!small || common[row + 1][column] >= common[row][column + 1])) {
        steps.add(new Step('-', before.get(old), old, now));
        row++;
      } else {
        steps.add(new Step('+', after.get(now), old, now));
        column++;
      }
    }
  }

  private static void hunks(List<Step> steps, StringBuilder text) {
    int at = 0;
    while (at < steps.size()) {
      int first = at;
      while (first < steps.size() && steps.get(first).mark() == ' ') {
        first++;
      }
      if (first == steps.size()) {
        return;
      }
      int begin = Math.max(at, first - AROUND);
      int end = end(steps, first);
      hunk(steps.subList(begin, end), text);
      at = end;
    }
  }

  /** Changes with few lines between them are one hunk. */
  private static int end(List<Step> steps, int first) {
    int last = first;
    for (int i = first; i < steps.size() && i - last <= 2 * AROUND; i++) {
      last = steps.get(i).mark() == ' ' ? last : i;
    }
    return Math.min(steps.size(), last + 1 + AROUND);
  }

  private static void hunk(List<Step> steps, StringBuilder text) {
    long old = steps.stream().filter(step -> step.mark() != '+').count();
    long now = steps.stream().filter(step -> step.mark() != '-').count();
    Step first = steps.get(0);
    text.append("@@ -")
        .append(range(first.old(), old))
        .append(" +")
        .append(range(first.now(), now))
        .append(" @@\n");
    for (Step step : steps) {
      text.append(step.mark()).append(step.line().whole()).append('\n');
      if (!step.line().ended()) {
        text.append(NO_END);
      }
    }
  }

  /** A range without lines names the line before it. */
  private static String range(int before, long length) {
    return (length == 0 ? before : before + 1) + "," + length;
  }
}
