package org.millrace.cli;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;

/** What the code says of itself, as Markdown pages: its commands, metrics and settings. */
final class ReferencePages {
  /** Tells pages that may be replaced from those that people wrote. */
  static final String FIRST_LINE =
      "<!-- Written by ./millrace docs from the code; do not edit. -->\n\n";

  private ReferencePages() {}

  /**
   * Every page by its path under the folder, {@code cli.md}.
   *
   * @param millrace the command that all others stand under
   */
  static Map<String, String> pages(CommandSpec millrace) {
    Map<String, String> pages = new TreeMap<>();
    pages.put("cli.md", new CommandsReference(millrace).text());
    pages.put("metrics.md", new MetricsReference().text());
    pages.put("settings.md", new SettingsReference().text());
    pages.replaceAll((path, text) -> FIRST_LINE + text.stripTrailing() + "\n");
    return pages;
  }
}
