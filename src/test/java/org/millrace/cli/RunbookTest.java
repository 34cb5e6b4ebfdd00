package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.millrace.cerner.FaultCode;
import org.millrace.rest.RefusalReason;
import picocli.CommandLine;

/** Each published code has its steps, and what the steps name is there. */
final class RunbookTest {
  private static final Pattern SECTION =
      Pattern.compile("(?m)^### ([a-z-]+)\\n\\n((?:(?!^#).*\\n?)*)");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");
  private static final Pattern COMMAND = Pattern.compile("\\./millrace ([^`\\n]+)");
  private static final Pattern SETTING = Pattern.compile("MILLRACE_[A-Z_]+");
  private static final Pattern PAGE = Pattern.compile("`(/[a-z]+)(?:/NUMBER)?`");

  /** The parts of docs/errors.md whose codes stop or delay something. */
  private static final List<String> PARTS =
      List.of(
          "### Held: finding patient and visit",
          "### Held: the content",
          "### Held: delivery",
          "### Queued\n",
          "### Refused",
          "### Filtered",
          "### Discarded",
          "## Faults of Cerner",
          "## What HTTP callers are told");

  /** What the engine serves that is no page of the console. */
  private static final Set<String> SERVED = Set.of("/actions", "/hl7");

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.UTF_8);
  }

  private static Map<String, String> sections() throws IOException {
    Map<String, String> sections = new LinkedHashMap<>();
    Matcher section = SECTION.matcher(read("docs/runbook.md"));
    while (section.find()) {
      assertThat(sections.put(section.group(1), section.group(2))).as(section.group(1)).isNull();
    }
    return sections;
  }

  private static Set<String> published() throws IOException {
    Set<String> codes = new TreeSet<>(Set.of("looking-for-outcome"));
    Arrays.stream(FaultCode.values()).map(FaultCode::label).forEach(codes::add);
    Arrays.stream(RefusalReason.values()).map(RefusalReason::code).forEach(codes::add);
    String page = read("docs/errors.md");
    for (String part : PARTS) {
      int from = page.indexOf(part);
      assertThat(from).as(part).isNotNegative();
      int to = page.indexOf("\n#", from + part.length());
      Matcher row = ROW.matcher(page.substring(from, to < 0 ? page.length() : to));
      while (row.find()) {
        codes.add(row.group(1));
      }
    }
    return codes;
  }

  @Test
  void eachCodeHasItsStepsAndNoOtherHas() throws Exception {
    Map<String, String> sections = sections();

    assertThat(sections.keySet()).containsExactlyInAnyOrderElementsOf(published());
    assertThat(sections).allSatisfy((code, text) -> assertThat(text).as(code).startsWith("1. "));
  }

  /** What a person must do for a message is done by a command, or seen by one. */
  @Test
  void whereAPersonMustLookACommandIsNamed() throws Exception {
    Map<String, String> sections = sections();
    String page = read("docs/errors.md");
    int from = page.indexOf(PARTS.get(0));
    Matcher held = ROW.matcher(page.substring(from, page.indexOf("### Filtered")));

    int checked = 0;
    while (held.find()) {
      assertThat(sections.get(held.group(1))).as(held.group(1)).contains("./millrace ");
      checked++;
    }
    assertThat(checked).isGreaterThan(40);
  }

  @Test
  void theCommandsOfTheStepsAreThereWithTheirOptions() throws Exception {
    Matcher command = COMMAND.matcher(read("docs/runbook.md"));
    int checked = 0;
    while (command.find()) {
      List<String> words = new ArrayList<>(List.of(command.group(1).split(" ")));
      CommandLine at = Millrace.commandLine();
      while (!words.isEmpty() && at.getSubcommands().containsKey(words.get(0))) {
        at = at.getSubcommands().get(words.remove(0));
      }
      assertThat(at.getParent()).as(command.group()).isNotNull();
      for (String word : words) {
        if (word.startsWith("--")) {
          assertThat(at.getCommandSpec().findOption(word)).as(command.group()).isNotNull();
        } else if (!at.getSubcommands().isEmpty()) {
          assertThat(word).as(command.group()).isUpperCase();
        }
      }
      checked++;
    }
    assertThat(checked).isGreaterThan(80);
  }

  @Test
  void theSettingsOfTheStepsAreThere() throws Exception {
    String settings = read("docs/settings.md");
    Matcher setting = SETTING.matcher(read("docs/runbook.md"));
    int checked = 0;
    while (setting.find()) {
      assertThat(settings).contains("\n### " + setting.group() + "\n");
      checked++;
    }
    assertThat(checked).isGreaterThan(10);
  }

  @Test
  void thePagesOfTheStepsAreThere() throws Exception {
    String described = read("docs/how-it-works.md");
    Matcher page = PAGE.matcher(read("docs/runbook.md"));
    int checked = 0;
    while (page.find()) {
      assertThat(
              SERVED.contains(page.group(1)) || described.contains("| `" + page.group(1) + "` |"))
          .as(page.group())
          .isTrue();
      checked++;
    }
    assertThat(checked).isGreaterThan(5);
  }
}
