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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The pages under docs/reference. */
final class ReferencePagesTest {
  private static final Path COMMITTED = Path.of("docs/reference");

  @TempDir Path folder;
  private String commands = "";

  @BeforeEach
  void pages() throws IOException {
    StringWriter out = new StringWriter();
    int exitCode =
        Millrace.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute("docs", "--to", folder.toString(), "--mappings", "mappings");
    assertThat(exitCode).as(out.toString()).isZero();
    commands = read(folder.resolve("reference/cli.md"));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  @Test
  void theCommittedPagesAreThoseOfTheCode() throws Exception {
    List<String> names = List.of("cli.md", "metrics.md", "settings.md");
    for (Path pages : List.of(COMMITTED, folder.resolve("reference"))) {
      try (Stream<Path> files = Files.list(pages)) {
        assertThat(files.map(each -> each.getFileName().toString()))
            .containsExactlyInAnyOrderElementsOf(names);
      }
    }
    for (String name : names) {
      assertThat(read(COMMITTED.resolve(name)))
          .as("The code has changed: run ./millrace docs and commit docs/reference")
          .isEqualTo(read(folder.resolve("reference").resolve(name)));
    }
  }

  private static List<CommandSpec> all(CommandLine command) {
    List<CommandSpec> all = new ArrayList<>();
    for (CommandLine each : command.getSubcommands().values()) {
      all.add(each.getCommandSpec());
      all.addAll(all(each));
    }
    return all;
  }

  /** From its heading to the next one. */
  private String section(CommandSpec command) {
    int from = commands.indexOf("\n## " + command.qualifiedName() + "\n");
    assertThat(from).as(command.qualifiedName()).isNotNegative();
    int to = commands.indexOf("\n## ", from + 1);
    return commands.substring(from, to < 0 ? commands.length() : to);
  }

  @Test
  void eachCommandHasItsSectionWithAllThatItTakesAndEachDefault() {
    List<CommandSpec> all = all(Millrace.commandLine());

    assertThat(all).hasSizeGreaterThan(50);
    for (CommandSpec command : all) {
      String section = section(command);
      assertThat(section).contains("```\n" + command.qualifiedName() + " [-hV]");
      for (OptionSpec option : command.options()) {
        boolean ofAll = option.usageHelp() || option.versionHelp();
        assertThat(section.contains("`" + option.longestName())).isNotEqualTo(ofAll);
      }
      for (ArgSpec argument : command.args()) {
        assertThat(argument.description())
            .as(command.qualifiedName() + " " + argument.paramLabel())
            .isNotEmpty();
        String value = argument.defaultValue();
        if (value != null && !value.isEmpty()) {
          assertThat(section).contains("| `" + value + "` |");
        }
      }
    }
    assertThat(commands).doesNotContain("${", "; default", "\u001b");
  }

  @Test
  void exitCodesAreToldOfAllAndOfThoseThatComeOutBadly() {
    assertThat(commands).contains("| 0 | All went well. |", "| 2 | The arguments are wrong. |");
    assertThat(section(named("messages retry"))).contains("| 1 | The engine refused one of them;");
    assertThat(section(named("doctor"))).contains("| 1 | Something is bad. |");
    assertThat(section(named("serve"))).doesNotContain("| 1 |");
  }

  private static CommandSpec named(String words) {
    return all(Millrace.commandLine()).stream()
        .filter(each -> each.qualifiedName().equals("millrace " + words))
        .findFirst()
        .orElseThrow(() -> new AssertionError(words));
  }

  /** A command that ends with 1 says when. */
  @Test
  void whoeverEndsWithOneSaysSo() throws Exception {
    List<String> silent = new ArrayList<>();
    int found = 0;
    for (CommandSpec command : all(Millrace.commandLine())) {
      // A command that is a method has its code in the class of the one above it.
      boolean says =
          Stream.concat(Stream.of(command), all(command.commandLine()).stream())
              .anyMatch(each -> each.usageMessage().exitCodeList().containsKey("1"));
      if (mayFail(command.userObject().getClass())) {
        found++;
        if (!says) {
          silent.add(command.qualifiedName());
        }
      }
    }
    assertThat(found).isGreaterThan(15);
    assertThat(silent).isEmpty();
  }

  /** By the source of the class and of those that it extends, or asks the engine by. */
  private static boolean mayFail(Class<?> type) throws IOException {
    Path source = Path.of("src/main/java/org/millrace/cli", type.getSimpleName() + ".java");
    boolean own = Files.exists(source) && endsWithOne(read(source));
    Class<?> above = type.getSuperclass();
    return own || (above != null && mayFail(above));
  }

  private static boolean endsWithOne(String source) {
    return source.contains("Millrace.FAILED") || source.contains(".askOne(");
  }

  @Test
  void thePageOfMetricsTellsNameTypeUnitLabelsAndMeaning() throws Exception {
    assertThat(read(folder.resolve("reference/metrics.md")))
        .contains(
            "| `millrace_paused` | gauge | pauses | `kind`: feed, lane |"
                + " Feeds and lanes that operators have paused. |\n")
        .contains("| `millrace_queue_oldest_age_seconds` | gauge | seconds | | How long")
        .contains("1, 2, 5, 10, 20, 50, 100, 200, 500 ms, 1, 2, 5 s |\n");
  }
}
