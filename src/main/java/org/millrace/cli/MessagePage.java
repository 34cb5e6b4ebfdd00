package org.millrace.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.millrace.mapping.Conformance;
import org.millrace.mapping.RuleLine;

/** The page of one message file: its groups, their segments, resources and actions. */
final class MessagePage {
  /** Told in the table of the group, or in the head of the page. */
  private static final Set<String> TOLD =
      Set.of("group", "message", "source", "segment", "resource");

  private final Conformance.MessageFile message;

  MessagePage(Conformance.MessageFile message) {
    this.message = message;
  }

  /** The types, and the variant if the file is one. */
  static String title(Conformance.MessageFile message) {
    String types = String.join(", ", message.types());
    String variant = message.says().getOrDefault("variant", "");
    return variant.isEmpty() ? types : types + " (" + variant + ")";
  }

  /** The page as Markdown, without its first line. */
  String text() {
    StringBuilder page = new StringBuilder("# " + title(message) + "\n\n");
    page.append("`messages/").append(message.name()).append(".yaml`");
    String more = others(message.says());
    page.append(more.isEmpty() ? "" : " (" + more + ")").append(": ");
    page.append(message.says().getOrDefault("source", "")).append("\n\n");
    for (Conformance.Group group : message.groups()) {
      page.append(group(group));
    }
    if (!message.rules().isEmpty()) {
      page.append("## Read for the message as a whole\n\n").append(rules(message.rules()));
    }
    return page.toString();
  }

  private static String group(Conformance.Group group) {
    StringBuilder text = new StringBuilder("## " + group.name() + "\n\n");
    String resource = group.says().getOrDefault("resource", "");
    String more = others(group.says());
    text.append(resource.isEmpty() ? "" : "Becomes " + resource + ". ");
    text.append(more).append("\n\n");
    PageTable entries = new PageTable("Segment", "Resource", "");
    for (Map<String, String> entry : group.entries()) {
      String segment = entry.getOrDefault("segment", "");
      entries.row(
          "[" + segment + "](../segments/" + segment + ".md)",
          entry.getOrDefault("resource", ""),
          others(entry));
    }
    text.append(entries.isEmpty() ? "" : entries.toString());
    PageTable rules = rules(group.rules());
    return text.append(rules.isEmpty() ? "" : rules.toString()).toString();
  }

  private static String others(Map<String, String> says) {
    return new TreeMap<>(says)
        .entrySet().stream()
            .filter(entry -> !TOLD.contains(entry.getKey()))
            .map(entry -> entry.getKey() + ": `" + entry.getValue() + "`")
            .collect(Collectors.joining(", "));
  }

  private static PageTable rules(List<RuleLine> rules) {
    PageTable table = new PageTable("v2", "What becomes of it", "FHIR place", "When", "Rule");
    for (RuleLine rule : rules) {
      table.row(
          String.join(", ", rule.v2()),
          FieldPage.what(rule),
          PageTable.code(rule.fhir()),
          rule.when().stream().map(PageTable::code).collect(Collectors.joining("; ")),
          PageTable.code(rule.where()));
    }
    return table;
  }
}
