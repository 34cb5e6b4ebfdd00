package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import org.millrace.mapping.RuleFiles;

/**
 * The site's mapping files, which may be others by now than those that the engine compiled.
 * Thread-safe.
 */
final class RulesOnDisk {
  private final ConsoleRules rules;
  private final RuleFiles atStart;

  RulesOnDisk(ConsoleRules rules) {
    this.rules = rules;
    this.atStart = now();
  }

  /** As the engine compiled them. */
  RuleFiles atStart() {
    return atStart;
  }

  /** As they are. */
  RuleFiles now() {
    return RuleFiles.read(rules.folder());
  }

  /**
   * Files that somebody changed since the engine compiled them, which are in force after a start;
   * empty for none.
   */
  String stale(RuleFiles now) {
    List<String> stale = new ArrayList<>();
    now.texts()
        .forEach(
            (name, text) -> {
              if (!text.equals(atStart.texts().get(name))) {
                stale.add(name);
              }
            });
    atStart.texts().keySet().stream()
        .filter(name -> !now.texts().containsKey(name))
        .forEach(stale::add);
    return String.join(", ", stale);
  }
}
