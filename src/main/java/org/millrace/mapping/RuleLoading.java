package org.millrace.mapping;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compiles the files of all, with those of a tenant and of a sender laid over them.
 *
 * @param log for whatever is wrong in them
 */
record RuleLoading(RuleLayers layers, FaultLog log, V2Dictionary dictionary, FhirModel model) {
  RuleLoading with(FaultLog other) {
    return new RuleLoading(layers, other, dictionary, model);
  }

  /** One set; with {@link RuleLayers.Layer#NONE} in the place of what is not laid over. */
  RuleSet compile(RuleLayers.Layer tenant, RuleLayers.Layer sender) {
    TableFiles tables = new TableFiles(log);
    Map<String, RuleText> yaml = new LinkedHashMap<>();
    for (RuleLayers.Layer layer : List.of(layers.all(), tenant, sender)) {
      int folder = layer.folder().length();
      layer
          .texts()
          .forEach((file, content) -> read(file, content, tables, file.substring(folder), yaml));
    }
    RuleSet rules = new RuleSet(tables.tables(), tables.verdicts(), tables.namespaces());
    Compiler compiler = new Compiler(dictionary, model, rules);
    new MappingFiles(compiler, yaml).compile();
    Unreachable unreachable = new Unreachable(compiler, log);
    unreachable.rules();
    sender.texts().keySet().stream()
        .filter(
            file ->
                file.startsWith(sender.folder() + TargetFiles.FOLDER)
                    || file.startsWith(sender.folder() + CallFiles.FOLDER))
        .forEach(
            file -> log.fault(file, 1, "What a target takes holds for all senders; see targets/."));
    if (sender.texts().isEmpty()) {
      unreachable.segments();
      rules.targets().putAll(new TargetFiles(compiler).compile(yaml));
      rules.calls().putAll(new CallFiles(compiler).read(yaml));
      ActionFiles.checkParameters(yaml, rules.calls().values());
      unused(compiler, rules, tenant.texts().isEmpty() ? layers.all() : tenant);
    }
    return rules;
  }

  private void read(
      String file, String content, TableFiles tables, String name, Map<String, RuleText> yaml) {
    if (file.endsWith(".csv")) {
      if (name.startsWith("tables/")) {
        tables.read(file, content);
      }
      return;
    }
    Optional<RuleText> text = RuleText.read(file, content, log);
    if (text.isEmpty()) {
      return;
    }
    if (text.get().has("extends")) {
      String extended = text.get().text("extends");
      RuleText under = yaml.get(extended);
      if (under == null || !extended.equals(name)) {
        text.get()
            .get("extends")
            .orElseThrow()
            .fault("Write the path of the file that this one changes: " + name + ".");
        return;
      }
      Unreachable.laidOver(under, text.get());
      yaml.put(name, under.overlaid(text.get()));
    } else {
      yaml.put(name, text.get());
    }
  }

  /** A file that extends a table may have another name. */
  private static boolean isThere(RuleSet rules, String table) {
    return rules.tables().containsKey(table) || rules.verdicts().containsKey(table);
  }

  private static boolean isKept(RuleSet rules, String table) {
    CodeTable found = rules.tables().get(table);
    return found != null && !found.head().keptFor().isEmpty();
  }

  private void unused(Compiler compiler, RuleSet rules, RuleLayers.Layer layer) {
    Set<String> standing = Set.of("namespaces", "HL70396");
    for (String file : layer.texts().keySet()) {
      String name = file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.csv$", "");
      boolean table = file.startsWith(layer.folder() + "tables/") && file.endsWith(".csv");
      boolean kept = table && isKept(rules, name);
      if (!layer.folder().isEmpty() && (kept || !isThere(rules, name))) {
        continue;
      }
      if (kept && compiler.isUsed(name)) {
        log.warning(file, 1, "A rule names this table: take out kept-for.");
      } else if (table && !kept && !compiler.isUsed(name) && !standing.contains(name)) {
        log.warning(file, 1, "No rule names this table, and no kept-for says what it is here for.");
      }
    }
  }
}
