package org.millrace.cli;

import java.util.Optional;
import org.millrace.journal.CodeFilter;
import picocli.CommandLine.Option;

/** {@code --table}, {@code --code} and {@code --sender}: which unknown codes are meant. */
final class CodeChoice {
  @Option(
      names = "--table",
      paramLabel = "TABLE",
      defaultValue = "",
      description = "Only codes of this table, by its file name without .csv.")
  private String table = "";

  @Option(names = "--code", paramLabel = "CODE", description = "Only this code, as received.")
  private Optional<String> code = Optional.empty();

  @Option(
      names = "--sender",
      paramLabel = "APP@FACILITY",
      defaultValue = "",
      description = "Only of this sender: MSH-3@MSH-4.")
  private String sender = "";

  CodeFilter filter() {
    return new CodeFilter(text(table), code, text(sender));
  }

  private static Optional<String> text(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
