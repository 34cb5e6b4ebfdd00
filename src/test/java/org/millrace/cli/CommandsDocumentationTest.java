package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every command that a document shows is one that there is, and every one is shown somewhere. */
final class CommandsDocumentationTest {
  private static final Pattern COMMAND =
      Pattern.compile("\\./millrace +([a-z][a-z-]*)(?: +([a-z][a-z-]*)\\b(?![./]))?");

  private static final String TEST = "test";

  /** Carried out by the launcher. */
  private static final Set<String> LAUNCHER = Set.of(TEST, "bench");

  private static List<Path> documents() throws IOException {
    List<Path> documents =
        new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
    try (Stream<Path> files = Files.walk(Path.of("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents;
  }

  @Test
  void theCommandsOfTheDocumentsAreThere() throws Exception {
    CommandLine millrace = Millrace.commandLine();
    Set<String> shown = new TreeSet<>();
    for (Path document : documents()) {
      Matcher command = COMMAND.matcher(Files.readString(document, StandardCharsets.UTF_8));
      while (command.find()) {
        shown.add(command.group(1));
        checkSubcommand(document, millrace, command);
      }
    }
    Set<String> known = new TreeSet<>(millrace.getSubcommands().keySet());
    known.addAll(LAUNCHER);
    assertThat(known).containsAll(shown);
    assertThat(shown).contains("serve", "demo", "messages", "check", TEST);
  }

  private static void checkSubcommand(Path document, CommandLine millrace, Matcher command) {
    Map<String, CommandLine> below =
        Optional.ofNullable(millrace.getSubcommands().get(command.group(1)))
            .map(CommandLine::getSubcommands)
            .orElse(Map.of());
    if (!below.isEmpty() && command.group(2) != null) {
      assertThat(below).as(document + ": " + command.group()).containsKey(command.group(2));
    }
  }

  @Test
  void eachSubcommandForOperatorsIsShownToThem() throws Exception {
    String page = Files.readString(Path.of("docs/how-it-works.md"), StandardCharsets.UTF_8);
    Map<String, CommandLine> commands = Millrace.commandLine().getSubcommands();

    for (String command :
        List.of("messages", "codes", "feeds", "lanes", "callers", "users", "audit")) {
      assertThat(commands).containsKey(command);
      assertThat(commands.getOrDefault(command, Millrace.commandLine()).getSubcommands().keySet())
          .isNotEmpty()
          .allSatisfy(name -> assertThat(page).contains("./millrace " + command + " " + name));
    }
  }
}
