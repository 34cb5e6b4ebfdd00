package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds conditions that never hold: what must hold together says two things of one place. Only what
 * is joined by {@code and} is looked at, so that nothing is told that could hold after all. Used at
 * load only.
 */
final class Contradiction {
  private final Predicate<Condition.Term> single;
  private final Map<String, Said> places = new HashMap<>();

  /** What is said of one place. */
  private static final class Said {
    private final Map<String, Set<String>> allowed = new HashMap<>();
    private final Map<String, Set<String>> forbidden = new HashMap<>();
    private boolean empty;
    private boolean valued;
  }

  /**
   * @param single whether a place can hold one value only: of several, one that passes is enough
   */
  private Contradiction(Predicate<Condition.Term> single) {
    this.single = single;
  }

  /** The place that makes the condition impossible; empty if it can hold. */
  static Optional<String> in(Condition condition, Predicate<Condition.Term> single) {
    Contradiction looked = new Contradiction(single);
    List<Condition.Test> wanted = new ArrayList<>();
    List<Condition.Test> unwanted = new ArrayList<>();
    gather(condition, false, wanted, unwanted);
    wanted.forEach(looked::wants);
    unwanted.forEach(looked::forbids);
    return looked.places.entrySet().stream()
        .filter(place -> impossible(place.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static void gather(
      Condition condition,
      boolean negated,
      List<Condition.Test> wanted,
      List<Condition.Test> unwanted) {
    if (condition instanceof Condition.And and && !negated) {
      and.parts().forEach(part -> gather(part, false, wanted, unwanted));
    } else if (condition instanceof Condition.Or or && negated) {
      or.parts().forEach(part -> gather(part, true, wanted, unwanted));
    } else if (condition instanceof Condition.Not not) {
      gather(not.part(), !negated, wanted, unwanted);
    } else if (condition instanceof Condition.Test test) {
      (negated ? unwanted : wanted).add(test);
    }
  }

  private Said of(Condition.Term term) {
    return places.computeIfAbsent(name(term), key -> new Said());
  }

  private static String name(Condition.Term term) {
    return term.v2()
        .map(V2Place::toString)
        .or(() -> term.fhir().map(FhirPlace::toString))
        .orElse("given:" + term.given());
  }

  /** A code and what a table makes of it are two values of one place. */
  private static String table(Condition.Term term) {
    return term.table().map(CodeTable::name).orElse("");
  }

  private void wants(Condition.Test test) {
    Said said = of(test.term());
    if (test.operator() == Condition.Operator.EMPTY) {
      said.empty = true;
      return;
    }
    said.valued = true;
    boolean known = test.literals().stream().noneMatch(Condition.Literal::given);
    if (test.operator() == Condition.Operator.EQUALS && known) {
      Set<String> texts = texts(test);
      Set<String> before = said.allowed.putIfAbsent(table(test.term()), new HashSet<>(texts));
      // Of a place that repeats, one value may pass the one test and another the other.
      if (before != null && single.test(test.term())) {
        before.retainAll(texts);
      } else if (before != null) {
        before.addAll(texts);
      }
    }
  }

  private void forbids(Condition.Test test) {
    Said said = of(test.term());
    boolean known = test.literals().stream().noneMatch(Condition.Literal::given);
    if (test.operator() == Condition.Operator.EMPTY) {
      said.valued = true;
    } else if (test.operator() == Condition.Operator.EQUALS && known) {
      said.forbidden
          .computeIfAbsent(table(test.term()), key -> new HashSet<>())
          .addAll(texts(test));
    }
  }

  private static Set<String> texts(Condition.Test test) {
    Set<String> texts = new HashSet<>();
    test.literals().forEach(literal -> texts.add(literal.text()));
    return texts;
  }

  private static boolean impossible(Said said) {
    boolean noneLeft =
        said.allowed.entrySet().stream()
            .anyMatch(
                each ->
                    said.forbidden
                        .getOrDefault(each.getKey(), Set.of())
                        .containsAll(each.getValue()));
    return (said.empty && said.valued) || noneLeft;
  }
}
