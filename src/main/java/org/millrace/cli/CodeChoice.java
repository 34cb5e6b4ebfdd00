package org.millrace.cli;

import java.util.Optional;
import org.millrace.journal.CodeFilter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --table}, {@code --code} and {@code --sender}: which unknown codes are meant. */
final class CodeChoice {
  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Only codes of this table, by its file name without .csv.")
  private Optional<String> table = Optional.empty();

  @Option(names = "--code", paramLabel = "CODE", description = "Only this code, as received.")
  private Optional<String> code = Optional.empty();

  @Mixin private SenderOption from = new SenderOption();

  CodeFilter filter() {
    return new CodeFilter(table.filter(text -> !text.isEmpty()), code, from.sender());
  }
}
