package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Patches as {@code patch} and {@code git apply} read them. */
final class UnifiedPatchTest {
  private static final Pattern RANGES = Pattern.compile("@@ -(\\d+),(\\d+) \\+(\\d+),(\\d+) @@");

  @Test
  void oneChangedLineIsShownWithThreeAroundIt() {
    String before = lines(1, 10);

    assertThat(UnifiedPatch.of("m/a.yaml", before, before.replace("line 5\n", "other\n")))
        .isEqualTo(
            "--- a/m/a.yaml\n+++ b/m/a.yaml\n@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n"
                + "+other\n line 6\n line 7\n line 8\n");
  }

  @Test
  void aFileWithoutAnEndOfItsLastLineIsToldAsSuch() {
    assertThat(UnifiedPatch.of("a", "x\ny", "x\ny\n"))
        .isEqualTo("--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n x\n-y\n\\ No newline at end of file\n+y\n");
    assertThat(UnifiedPatch.of("a", "x\n", ""))
        .isEqualTo("--- a/a\n+++ b/a\n@@ -1,1 +0,0 @@\n-x\n");
  }

  @Test
  void lineEndsAndByteOrderMarkOfTheFileStay() {
    String before = "\ufeffa\r\nb\r\nc\r\n";

    assertThat(UnifiedPatch.different(before, "a\nb\nc\n")).isFalse();
    assertThat(UnifiedPatch.of("t.csv", before, "a\r\nb\r\nc\r\n")).isEmpty();
    assertThat(UnifiedPatch.of("t.csv", before, "a\nx\nc\n"))
        .isEqualTo("--- a/t.csv\n+++ b/t.csv\n@@ -1,3 +1,3 @@\n \ufeffa\r\n-b\r\n+x\r\n c\r\n");
  }

  @Test
  void aPatchMakesOneTextOfTheOther() {
    Random random = new Random(20261126);
    for (int i = 0; i < 300; i++) {
      String before = text(random);
      String after = changed(before, random);
      String patch = UnifiedPatch.of("f", before, after);
      assertThat(applied(before, patch)).as("%s", i).isEqualTo(after);
    }
  }

  @Test
  void aFileThatIsNotThereIsMade() {
    assertThat(UnifiedPatch.ofNew("m/a.csv", "x\r\ny\r\n"))
        .isEqualTo("--- /dev/null\n+++ b/m/a.csv\n@@ -0,0 +1,2 @@\n+x\n+y\n");
    assertThat(UnifiedPatch.ofNew("m/a.csv", "")).isEmpty();
    // A sender may be called so; patch reads a name with blanks up to a tab.
    assertThat(UnifiedPatch.ofNew("m/LAB SYS@A B/a.csv", "x\n"))
        .isEqualTo("--- /dev/null\t\n+++ b/m/LAB SYS@A B/a.csv\t\n@@ -0,0 +1,1 @@\n+x\n");
  }

  private static String lines(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(each -> "line " + each + "\n")
        .collect(Collectors.joining());
  }

  private static String text(Random random) {
    String all =
        IntStream.range(0, random.nextInt(40))
            .mapToObj(any -> "line " + random.nextInt(12) + "\n")
            .collect(Collectors.joining());
    return random.nextInt(5) == 0 ? all + "end" : all;
  }

  private static String changed(String before, Random random) {
    List<String> lines = new ArrayList<>(Arrays.asList(before.split("(?<=\n)")));
    lines.remove("");
    for (int i = random.nextInt(5); i > 0; i--) {
      int at = random.nextInt(lines.size() + 1);
      if (at < lines.size() && random.nextBoolean()) {
        lines.remove(at);
      } else if (at == 0 || lines.get(at - 1).endsWith("\n")) {
        lines.add(at, "new " + random.nextInt(3) + "\n");
      }
    }
    return String.join("", lines);
  }

  /** Does what a patch says, line by line, and fails where it does not fit. */
  static String applied(String before, String patch) {
    if (patch.isEmpty()) {
      return before;
    }
    List<String> old = new ArrayList<>(Arrays.asList(before.split("(?<=\n)")));
    old.remove("");
    StringBuilder now = new StringBuilder();
    int at = 0;
    String[] lines = patch.split("(?<=\n)");
    for (int i = 2; i < lines.length; i++) {
      Matcher ranges = RANGES.matcher(lines[i].strip());
      boolean cut = i + 1 < lines.length && lines[i + 1].startsWith("\\");
      String text = cut ? lines[i].substring(1).stripTrailing() : lines[i].substring(1);
      if (ranges.matches()) {
        int from = Integer.parseInt(ranges.group(1)) - (ranges.group(2).equals("0") ? 0 : 1);
        for (; at < from; at++) {
          now.append(old.get(at));
        }
      } else if (lines[i].startsWith("+")) {
        now.append(text);
      } else if (!lines[i].startsWith("\\")) {
        assertThat(old.get(at)).isEqualTo(text);
        now.append(lines[i].startsWith(" ") ? text : "");
        at++;
      }
    }
    old.subList(at, old.size()).forEach(now::append);
    return now.toString();
  }
}
