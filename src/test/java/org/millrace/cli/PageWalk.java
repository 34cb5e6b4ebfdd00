package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A page of docs/ that can be walked: its fenced blocks, and the commands in them. */
final class PageWalk {
  private static final String COMMAND = "$ ./millrace ";

  /** A fenced block and the line of text before it. */
  record Block(String head, List<String> lines) {
    /** Its commands, in their order. */
    List<Step> steps() {
      List<Step> steps = new ArrayList<>();
      for (String line : lines) {
        if (line.startsWith(COMMAND)) {
          steps.add(new Step(line.substring(COMMAND.length()), new ArrayList<>()));
        } else if (!steps.isEmpty()) {
          steps.get(steps.size() - 1).shown().add(line);
        }
      }
      return steps;
    }
  }

  /** A command and what the page shows of its output. */
  record Step(String command, List<String> shown) {
    /** What is shown must be there in that order; other lines may stand between. */
    void isShownBy(String out) {
      List<String> lines = out.lines().map(PageWalk::spaced).toList();
      int from = 0;
      for (String line : shown) {
        Pattern expected = pattern(line);
        int found = from;
        while (found < lines.size() && !expected.matcher(lines.get(found)).matches()) {
          found++;
        }
        assertThat(found)
            .as("'" + line + "' of " + command + " in\n" + String.join("\n", lines))
            .isLessThan(lines.size());
        from = found + 1;
      }
    }
  }

  private PageWalk() {}

  static List<Block> blocks(Path file) throws IOException {
    List<String> page = Files.readAllLines(file, StandardCharsets.UTF_8);
    List<Block> blocks = new ArrayList<>();
    String head = "";
    for (int at = 0; at < page.size(); at++) {
      String line = page.get(at);
      if (line.startsWith("```")) {
        int end = at + 1;
        while (!page.get(end).equals("```")) {
          end++;
        }
        blocks.add(new Block(head, page.subList(at + 1, end)));
        at = end;
        head = "";
      } else if (!line.isBlank()) {
        head = line;
      }
    }
    return blocks;
  }

  /** Lays a file of the page where the page says; the page adds files and changes none. */
  static void lay(Path file, List<String> lines) throws IOException {
    assertThat(file).as("the page adds files and changes none").doesNotExist();
    Files.createDirectories(file.resolveSibling(""));
    Files.write(file, lines, StandardCharsets.UTF_8);
  }

  private static String spaced(String line) {
    return line.strip().replaceAll(" +", " ");
  }

  /** Three dots stand for anything: line numbers, counts, times. */
  private static Pattern pattern(String shown) {
    StringBuilder pattern = new StringBuilder();
    for (String part : spaced(shown).split("…", -1)) {
      pattern
          .append(pattern.isEmpty() ? "" : ".*")
          .append(part.isEmpty() ? "" : Pattern.quote(part));
    }
    return Pattern.compile(spaced(shown).startsWith("…") ? ".*" + pattern : pattern.toString());
  }
}
