package org.millrace.mapping;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.mapping.Conformance.Group;
import org.millrace.mapping.Conformance.MessageFile;
import org.millrace.mapping.Conformance.RuleFile;
import org.millrace.mapping.Conformance.TargetEntry;
import org.millrace.mapping.Conformance.TargetFile;
import org.millrace.mapping.Conformance.TargetRule;

/**
 * Reads files that have been checked for what they say. It reads their text, not the compiled
 * rules, so that a page quotes the file.
 */
final class ConformanceReader {
  private static final String END = ".yaml";
  private static final Set<String> PLACES_AND_WAYS =
      Set.of("v2", "fhir", "resource", "direction", "when", "as", "table", "function", "parts");
  private final Map<String, RuleText> files = new LinkedHashMap<>();

  ConformanceReader(Path folder) {
    FaultLog log = new FaultLog();
    RuleFiles.read(folder)
        .texts()
        .forEach(
            (file, text) -> {
              if (file.endsWith(END)) {
                RuleText.read(file, RuleFiles.withoutMark(text), log)
                    .ifPresent(read -> files.put(file, read));
              }
            });
  }

  Conformance read() {
    List<MessageFile> messages = new ArrayList<>();
    folder("messages/").forEach((name, text) -> messages.add(message(name, text)));
    return new Conformance(
        messages,
        files("segments/", "segment", "resource"),
        files("datatypes/", "datatype", "fhir"),
        targets());
  }

  private List<TargetFile> targets() {
    List<TargetFile> targets = new ArrayList<>();
    folder("targets/")
        .forEach(
            (name, text) -> {
              List<TargetEntry> entries = new ArrayList<>();
              text.items("resources").forEach(entry -> entries.add(target(entry)));
              targets.add(new TargetFile(name, text.text("title"), entries));
            });
    return targets;
  }

  private static TargetEntry target(RuleText entry) {
    List<TargetRule> rules = new ArrayList<>();
    for (RuleText rule : entry.items("rules")) {
      Map<String, String> says = new LinkedHashMap<>();
      rule.entries().keySet().forEach(key -> says.put(key, String.join(", ", rule.texts(key))));
      List<String> places =
          rule.texts("fhir").stream().map(path -> place(path, rule.text("each"))).toList();
      rules.add(new TargetRule(places, says));
    }
    return new TargetEntry(
        entry.texts("resource"),
        entry.texts("interaction"),
        entry.texts("takes"),
        rules,
        scalars(entry));
  }

  private Map<String, RuleText> folder(String prefix) {
    Map<String, RuleText> found = new LinkedHashMap<>();
    files.forEach(
        (file, text) -> {
          if (file.startsWith(prefix)) {
            found.put(file.substring(prefix.length(), file.length() - END.length()), text);
          }
        });
    return found;
  }

  private List<RuleFile> files(String prefix, String v2Key, String fhirKey) {
    List<RuleFile> found = new ArrayList<>();
    folder(prefix)
        .forEach(
            (name, text) -> {
              String fhir = text.text(fhirKey);
              List<RuleLine> rules = new ArrayList<>();
              for (RuleText rule : text.items("rules")) {
                rules.addAll(lines(rule, fhir, text.text("each")));
              }
              found.add(new RuleFile(name, text.text(v2Key), fhir, text.text("source"), rules));
            });
    return found;
  }

  private MessageFile message(String name, RuleText text) {
    RuleText content = files.getOrDefault(text.text("like"), text);
    List<String> types = new ArrayList<>(List.of(text.text("message")));
    types.addAll(text.texts("also"));
    List<RuleLine> rules = new ArrayList<>();
    content.items("used-for").forEach(rule -> rules.addAll(lines(rule, "", "")));
    List<Group> groups = new ArrayList<>();
    content.items("groups").forEach(group -> groups.add(group(group)));
    return new MessageFile(name, types, scalars(text), groups, rules);
  }

  private static Group group(RuleText text) {
    List<Map<String, String>> entries = new ArrayList<>();
    List<RuleLine> rules = new ArrayList<>();
    for (RuleText entry : text.items("segments")) {
      entries.add(scalars(entry));
      entry.items("otherwise").forEach(rule -> rules.addAll(lines(rule, "", "")));
    }
    text.items("rules").forEach(rule -> rules.addAll(lines(rule, text.text("resource"), "")));
    text.get("verdict")
        .ifPresent(
            verdict -> {
              for (String key : List.of("v2", "each", "content")) {
                verdict.get(key).ifPresent(at -> rules.add(used(at, "the verdict")));
              }
            });
    text.get("keys")
        .ifPresent(
            keys ->
                keys.entries()
                    .forEach(
                        (key, at) -> rules.add(used(at, "the " + key + "'s number, kept beside"))));
    return new Group(text.text("group"), scalars(text), entries, rules);
  }

  private static RuleLine used(RuleText at, String what) {
    return new RuleLine(
        at.where(),
        List.of(at.scalar()),
        "",
        "",
        RuleLine.How.USED,
        "",
        List.of(),
        Map.of("used-for", what));
  }

  /** A rule, and one line more for the places of its parts. */
  private static List<RuleLine> lines(RuleText rule, String root, String each) {
    List<RuleLine> lines = new ArrayList<>();
    String resource = rule.has("resource") ? rule.text("resource") : root;
    String fhir = place(rule.text("fhir"), rule.has("resource") ? "" : each);
    lines.add(line(rule, rule.texts("v2"), fhir, resource));
    List<String> parts = new ArrayList<>();
    rule.items("parts").forEach(part -> parts.addAll(part.texts("v2")));
    if (!parts.isEmpty()) {
      lines.add(line(rule, parts, fhir, resource));
    }
    return lines;
  }

  private static String place(String path, String each) {
    if (path.isEmpty() || each.isEmpty()) {
      return path;
    }
    return path.equals("$this") ? each : each + "." + path;
  }

  private static RuleLine line(RuleText rule, List<String> v2, String fhir, String resource) {
    List<String> through = new ArrayList<>();
    for (String key : List.of("as", "function", "table")) {
      if (rule.has(key)) {
        through.add(rule.text(key));
      }
    }
    Map<String, String> says = scalars(rule);
    rule.get("set")
        .ifPresent(set -> set.entries().forEach((key, at) -> says.put("set " + key, at.scalar())));
    says.keySet().removeAll(PLACES_AND_WAYS);
    return new RuleLine(
        rule.where(),
        v2,
        fhir,
        fhir.isEmpty() ? "" : resource,
        how(rule),
        String.join(", ", through),
        rule.texts("when"),
        says);
  }

  private static RuleLine.How how(RuleText rule) {
    if (rule.has("used-for")) {
      return RuleLine.How.USED;
    }
    if (!rule.has("fhir")) {
      return rule.has("loss") ? RuleLine.How.LOST : RuleLine.How.TO_V2;
    }
    boolean reads = rule.has("v2") || rule.has("parts");
    if (!reads) {
      return rule.has("loss") ? RuleLine.How.LOST : RuleLine.How.TO_FHIR;
    }
    String direction = rule.has("resource") ? "fhir-to-v2" : rule.text("direction");
    if (direction.equals("fhir-to-v2")) {
      return RuleLine.How.TO_V2;
    }
    if (rule.has("loss")) {
      return RuleLine.How.KEPT;
    }
    return direction.equals("v2-to-fhir") || rule.has("parts")
        ? RuleLine.How.TO_FHIR
        : RuleLine.How.BOTH_WAYS;
  }

  private static Map<String, String> scalars(RuleText text) {
    Map<String, String> found = new LinkedHashMap<>();
    text.entries()
        .forEach(
            (key, value) -> {
              if (value.isScalar()) {
                found.put(key, value.scalar());
              }
            });
    return found;
  }
}
