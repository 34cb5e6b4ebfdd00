package org.millrace.mapping;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one FHIR server takes, compiled from a file under {@code targets/}. Immutable and
 * thread-safe.
 *
 * @param name as settings name it: {@code cerner}
 * @param title as sentences name it: {@code Cerner}
 * @param checks by resource and interaction
 */
record TargetProfile(String name, String title, Map<Key, Checks> checks) {
  /** Actions that make something new; every other one changes what is there. */
  private static final Set<String> MAKING = Set.of("create", "book");

  /** What is done with a resource. */
  enum Interaction {
    CREATE,
    UPDATE;

    /** By an action's name: {@code create-document}, {@code patch-encounter}. */
    static Interaction of(String action) {
      int dash = action.indexOf('-');
      return MAKING.contains(dash < 0 ? action : action.substring(0, dash)) ? CREATE : UPDATE;
    }
  }

  /** What a set of checks is for. */
  record Key(String resource, Interaction interaction) {}

  /**
   * The checks of one resource in one interaction.
   *
   * @param never why the target does not do this at all
   * @param rules in file order
   * @param takes the elements it takes; without it, all
   * @param others what becomes of the elements it does not take
   */
  record Checks(
      Optional<String> never,
      List<TargetRule> rules,
      Optional<TargetTakes> takes,
      TargetRule.Outcome others) {}

  /** Whether a new resource of this type needs what a site supplies by this name. */
  boolean wants(String resource, String supplied) {
    return checks(resource, Interaction.CREATE).stream()
        .flatMap(each -> each.rules().stream())
        .anyMatch(rule -> rule.supplied().equals(supplied));
  }

  Optional<Checks> checks(String resource, Interaction interaction) {
    return Optional.ofNullable(checks.get(new Key(resource, interaction)));
  }
}
