package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goes the walk of docs/add-a-message.md: its files are laid into a copy of the repository's, its
 * commands are run there, and what it shows of their output must be there in that order.
 */
final class AddAMessageTest {
  private static final Path PAGE = Path.of("docs/add-a-message.md");
  private static final String HOME = "millrace.home";
  private static final Pattern FILE = Pattern.compile("`((?:mappings|routes|samples)/[^`]+)`");
  private static final String COMMAND = "$ ./millrace ";

  @TempDir Path home;
  private Optional<String> before = Optional.empty();

  /** A fenced block and the line of text before it. */
  private record Block(String head, List<String> lines) {}

  /** A command and what the page shows of its output. */
  private record Step(String command, List<String> shown) {}

  @BeforeEach
  void copyTheRepository() throws IOException {
    before = Optional.ofNullable(System.getProperty(HOME));
    System.setProperty(HOME, home.toString());
    for (String part : List.of("mappings", "routes", "samples")) {
      Copies.copy(Path.of(part), home.resolve(part));
    }
  }

  @AfterEach
  void backHome() {
    before.ifPresentOrElse(old -> System.setProperty(HOME, old), () -> System.clearProperty(HOME));
  }

  @Test
  void theWalkOfThePageGoesAsItSays() throws Exception {
    int files = 0;
    int commands = 0;
    for (Block block : blocks(Files.readAllLines(PAGE, StandardCharsets.UTF_8))) {
      Matcher file = FILE.matcher(block.head());
      if (file.matches()) {
        lay(file.group(1), block.lines());
        files++;
      }
      for (Step step : steps(block)) {
        run(step);
        commands++;
      }
    }
    assertThat(files).as("files of the page").isGreaterThanOrEqualTo(8);
    assertThat(commands).as("commands of the page").isGreaterThanOrEqualTo(7);
    for (String written : List.of("2-requests.json", "3-reply.hl7")) {
      assertThat(home.resolve("samples/ORU_R30/glucose").resolve(written)).isNotEmptyFile();
    }
    assertThat(Files.readString(home.resolve("samples/ORU_R30/glucose/2-requests.json")))
        .contains("11502-2")
        .contains("2026-11-20T08:32:00-06:00");
  }

  private static List<Block> blocks(List<String> page) {
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

  private void lay(String name, List<String> lines) throws IOException {
    Path file = home.resolve(name);
    assertThat(file).as("the page adds files and changes none").doesNotExist();
    Files.createDirectories(file.resolveSibling(""));
    Files.write(file, lines, StandardCharsets.UTF_8);
  }

  private static List<Step> steps(Block block) {
    List<Step> steps = new ArrayList<>();
    for (String line : block.lines()) {
      if (line.startsWith(COMMAND)) {
        steps.add(new Step(line.substring(COMMAND.length()), new ArrayList<>()));
      } else if (!steps.isEmpty()) {
        steps.get(steps.size() - 1).shown().add(line);
      }
    }
    return steps;
  }

  /** Paths stand in the copy; all else of the command is as the page says. */
  private void run(Step step) {
    List<String> arguments = new ArrayList<>();
    for (String word : step.command().split(" ")) {
      arguments.add(word.startsWith("samples/") ? home.resolve(word).toString() : word);
    }
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    int exitCode =
        Millrace.commandLine()
            .setOut(printer)
            .setErr(printer)
            .execute(arguments.toArray(String[]::new));
    printer.flush();
    assertThat(exitCode).as(step.command() + "\n" + out).isZero();
    List<String> lines = out.toString().lines().map(AddAMessageTest::spaced).toList();
    int from = 0;
    for (String shown : step.shown()) {
      Pattern expected = pattern(shown);
      int found = from;
      while (found < lines.size() && !expected.matcher(lines.get(found)).matches()) {
        found++;
      }
      assertThat(found)
          .as("'" + shown + "' of " + step.command() + " in\n" + String.join("\n", lines))
          .isLessThan(lines.size());
      from = found + 1;
    }
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
