package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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

  @TempDir Path home;
  private Optional<String> before = Optional.empty();

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
    for (PageWalk.Block block : PageWalk.blocks(PAGE)) {
      Matcher file = FILE.matcher(block.head());
      if (file.matches()) {
        PageWalk.lay(home.resolve(file.group(1)), block.lines());
        files++;
      }
      for (PageWalk.Step step : block.steps()) {
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

  /** Paths stand in the copy; all else of the command is as the page says. */
  private void run(PageWalk.Step step) {
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
    step.isShownBy(out.toString());
  }
}
