package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Warns of rules that can never matter: behind a fixed value for the same place, under a condition
 * that never holds, in a file that no message names. Used at load only.
 */
final class Unreachable {
  private final Compiler compiler;
  private final FaultLog log;

  Unreachable(Compiler compiler, FaultLog log) {
    this.compiler = compiler;
    this.log = log;
  }

  /** Warns of rules in any file. */
  void rules() {
    RuleSet rules = compiler.rules();
    rules.segments().values().forEach(map -> file(map.rules()));
    compiler.datatypes().values().forEach(map -> file(map.rules()));
    for (MessageMap message : rules.messages().values()) {
      message.usedFor().forEach(this::conditions);
      for (MessageMap.Group group : message.groups()) {
        group.document().ifPresent(document -> file(document.rules()));
      }
    }
  }

  /** Warns of segment files that no message file names. */
  void segments() {
    for (SegmentMap map : compiler.rules().segments().values()) {
      if (!compiler.isUsed(map.key())) {
        warn(map.where(), "No message file names this segment and resource.");
      }
    }
  }

  /** Warns of a sender's or tenant's file that says what the file under it says already. */
  static void laidOver(RuleText under, RuleText over) {
    List<String> before = under.items("rules").stream().map(RuleText::said).toList();
    if (over.items("rules").stream().map(RuleText::said).allMatch(before::contains)) {
      over.warning("This file changes nothing.");
    }
  }

  private void file(List<Rule> rules) {
    Map<String, Rule> forward = new HashMap<>();
    Map<String, Rule> backward = new HashMap<>();
    for (Rule rule : rules) {
      conditions(rule);
      if (rule.isFixed() && rule.extras().has("default")) {
        warn(rule.where(), "The rule is fixed, so its default is never put in.");
      }
      filled(rule).ifPresent(place -> behind(rule, place, forward, rule.way().whenV2()));
      written(rule).ifPresent(place -> behind(rule, place, backward, rule.way().whenFhir()));
    }
  }

  /** The one element that a rule fills on the way to FHIR; a later value for it is left out. */
  private static Optional<String> filled(Rule rule) {
    boolean fills = rule.way().forward() && rule.extras().usedFor().isEmpty();
    return rule.ends()
        .fhir()
        .filter(place -> fills && isSingle(place) && !rule.isLink())
        .filter(place -> !rule.ends().v2().isEmpty() || makes(rule))
        .map(place -> rule.ends().resource() + " " + place);
  }

  private static boolean makes(Rule rule) {
    return !rule.extras().values().isEmpty() || !rule.extras().parts().isEmpty();
  }

  /** The one field that a rule writes on the way to v2. */
  private static Optional<String> written(Rule rule) {
    boolean writes =
        rule.way().backward()
            && rule.extras().usedFor().isEmpty()
            && !rule.ends().v2Repeats()
            && (rule.ends().fhir().isPresent() || makes(rule));
    return rule.ends().v2().stream().filter(place -> writes).map(V2Place::toString).findFirst();
  }

  private void behind(
      Rule rule, String place, Map<String, Rule> fixed, Optional<Condition> condition) {
    Rule before = fixed.get(place);
    if (before != null) {
      String at = place.strip();
      warn(rule.where(), before.where() + " always fills " + at + "; this rule comes too late.");
    } else if (rule.isFixed() && condition.isEmpty()) {
      fixed.put(place, rule);
    }
  }

  private void conditions(Rule rule) {
    List<Condition> conditions = new ArrayList<>();
    rule.way().whenV2().ifPresent(conditions::add);
    rule.way().whenFhir().ifPresent(conditions::add);
    rule.extras().parts().forEach(part -> part.when().ifPresent(conditions::add));
    for (Condition condition : conditions) {
      Contradiction.in(condition, this::isSingle)
          .ifPresent(
              place ->
                  warn(
                      rule.where(),
                      "The condition never holds: it says two things of " + place + "."));
    }
  }

  private boolean isSingle(Condition.Term term) {
    if (term.v2().isPresent()) {
      return compiler.dictionary().find(term.v2().get()) instanceof V2Dictionary.Found found
          && !found.repeats();
    }
    return term.fhir().map(Unreachable::isSingle).orElse(true);
  }

  private static boolean isSingle(FhirPlace place) {
    return place.steps().stream()
        .allMatch(
            step -> !step.list() || (step.span().from() != FhirPlace.ANY && !step.span().rest()));
  }

  private void warn(String where, String sentence) {
    int colon = where.lastIndexOf(':');
    log.warning(where.substring(0, colon), Integer.parseInt(where.substring(colon + 1)), sentence);
  }
}
