package org.millrace.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The page of the command line: each command as its own help has it. */
final class CommandsReference {
  private static final Pattern SETTING = Pattern.compile("MILLRACE_[A-Z_]+");

  /** As the help sorts them, but for every locale alike. */
  private static final Comparator<OptionSpec> FLAGS_FIRST =
      Comparator.<OptionSpec>comparingInt(each -> Math.min(1, each.arity().max()))
          .thenComparing(OptionSpec::longestName);

  private final CommandSpec millrace;

  CommandsReference(CommandSpec millrace) {
    this.millrace = millrace;
  }

  /** The page as Markdown, without its first line. */
  String text() {
    StringBuilder page = new StringBuilder("# The command line\n\n");
    page.append(
        "`./millrace docs` writes this page from the code. Each command tells the same by"
            + " `--help`; `--version` prints the version.\n\n");
    PageTable commands = new PageTable("Command", "What it does");
    all().forEach(each -> commands.row(linked(each), first(each)));
    page.append(commands);
    page.append("## Exit codes\n\n").append(exitCodes(millrace));
    page.append("A command that says nothing of 1 does not end with it.\n\n");
    page.append("## Beside the commands\n\n```\n")
        .append(String.join("\n", millrace.usageMessage().footer()).strip())
        .append("\n```\n\n");
    all().forEach(each -> page.append(section(each)));
    return page.toString();
  }

  /** Each command, and behind it what stands below it. */
  private List<CommandSpec> all() {
    return below(millrace).toList();
  }

  private static Stream<CommandSpec> below(CommandSpec command) {
    return command.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .distinct()
        .flatMap(each -> Stream.concat(Stream.of(each), below(each)));
  }

  private static String linked(CommandSpec command) {
    String name = command.qualifiedName();
    return "[`" + name.replaceFirst("^millrace ", "") + "`](#" + name.replace(' ', '-') + ")";
  }

  private static String first(CommandSpec command) {
    return plain(command.usageMessage().description()[0]);
  }

  private static String section(CommandSpec command) {
    StringBuilder section = new StringBuilder("## ").append(command.qualifiedName()).append("\n\n");
    section
        .append(plain(String.join(" ", command.usageMessage().description())))
        .append("\n\n```\n")
        .append(synopsis(command))
        .append("\n```\n\n");
    PageTable arguments = new PageTable("Argument", "What it is", "Default");
    command.positionalParameters().stream()
        .filter(each -> !each.hidden())
        .forEach(each -> arguments.row(name(each), what(each), PageTable.code(standard(each))));
    command.options().stream()
        .filter(each -> !each.hidden() && !each.usageHelp() && !each.versionHelp())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .forEach(each -> arguments.row(name(each), what(each), PageTable.code(standard(each))));
    if (!arguments.isEmpty()) {
      section.append(arguments);
    }
    if (!command.usageMessage().exitCodeList().isEmpty()) {
      section.append(exitCodes(command));
    }
    return section.toString();
  }

  private static String synopsis(CommandSpec command) {
    Help help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
    return help.detailedSynopsis(0, FLAGS_FIRST, true).replace("\r\n", "\n").strip();
  }

  private static PageTable exitCodes(CommandSpec command) {
    PageTable codes = new PageTable("Exit code", "What happened");
    for (Map.Entry<String, String> each : command.usageMessage().exitCodeList().entrySet()) {
      codes.row(each.getKey().strip(), plain(each.getValue()));
    }
    return codes;
  }

  private static String name(PositionalParamSpec parameter) {
    return PageTable.code(parameter.paramLabel());
  }

  private static String name(OptionSpec option) {
    List<String> names = new ArrayList<>(List.of(option.names()));
    if (option.arity().max() > 0) {
      int last = names.size() - 1;
      names.set(last, names.get(last) + "=" + option.paramLabel());
    }
    return String.join(", ", names.stream().map(PageTable::code).toList());
  }

  private static String what(ArgSpec argument) {
    String text = plain(String.join(" ", argument.description()));
    String standard = standard(argument);
    if (!standard.isEmpty()) {
      text = text.replace("; default " + standard + ".", ".");
    }
    boolean must = argument.required() && argument.isOption();
    return must ? "Must be given. " + text : text;
  }

  private static String standard(ArgSpec argument) {
    String value = argument.defaultValue();
    return value == null ? "" : value;
  }

  /** Text that Markdown takes as it is, with the settings that it names linked to their page. */
  private static String plain(String text) {
    return SETTING
        .matcher(text.replace("<", "&lt;").replace("*", "\\*"))
        .replaceAll(
            name ->
                "[`"
                    + name.group()
                    + "`](../settings.md#"
                    + name.group().toLowerCase(Locale.ROOT)
                    + ")");
  }
}
