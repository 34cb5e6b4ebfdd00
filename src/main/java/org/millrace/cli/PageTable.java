package org.millrace.cli;

import java.util.ArrayList;
import java.util.List;

/** A table of a Markdown page. */
final class PageTable {
  private final List<String> lines = new ArrayList<>();

  PageTable(String... columns) {
    row(columns);
    lines.add("|" + "---|".repeat(columns.length));
  }

  /** Cells as Markdown; a bar inside one would end it. */
  PageTable row(String... cells) {
    StringBuilder line = new StringBuilder("|");
    for (String cell : cells) {
      String text = cell.replace("|", "\\|").replace("\n", " ");
      line.append(text.isEmpty() ? " |" : " " + text + " |");
    }
    lines.add(line.toString());
    return this;
  }

  boolean isEmpty() {
    return lines.size() == 2;
  }

  /** The table with an empty line after it. */
  @Override
  public String toString() {
    return String.join("\n", lines) + "\n\n";
  }

  /** Text as code, and nothing where there is none. */
  static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }
}
