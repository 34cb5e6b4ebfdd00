package org.millrace.mapping;

import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which parameters of a search stand together.
 *
 * @param when the rule holds where one of these stands; empty: always
 * @param of the parameters it counts
 * @param beside of {@link Bound#ALONE}: what may stand there all the same
 */
public record SearchRule(List<String> when, Bound bound, List<String> of, List<String> beside) {

  public SearchRule {
    when = List.copyOf(when);
    of = List.copyOf(of);
    beside = List.copyOf(beside);
  }

  /** How many of them. */
  public enum Bound {
    AT_LEAST_ONE("at-least-one-of"),
    EXACTLY_ONE("exactly-one-of"),
    AT_MOST_ONE("at-most-one-of"),
    /** Where one of them stands, nothing else does. */
    ALONE("alone");

    private final String key;

    Bound(String key) {
      this.key = key;
    }

    /** As the files write it. */
    String key() {
      return key;
    }
  }

  /**
   * Whether a search keeps it.
   *
   * @param names of its parameters, without modifiers, each once
   */
  public boolean holds(Collection<String> names) {
    if (!when.isEmpty() && when.stream().noneMatch(names::contains)) {
      return true;
    }
    long found = of.stream().filter(names::contains).count();
    return switch (bound) {
      case AT_LEAST_ONE -> found > 0;
      case EXACTLY_ONE -> found == 1;
      case AT_MOST_ONE -> found < 2;
      case ALONE ->
          found == 0 || names.stream().allMatch(name -> of.contains(name) || beside.contains(name));
    };
  }

  /** In words, with the parameters by their names. */
  public String sentence() {
    return sentence(UnaryOperator.identity());
  }

  /**
   * In words: "a search by patient needs exactly one of date or period".
   *
   * @param called what a parameter is called by the one who is told; empty if it is not known there
   */
  public String sentence(UnaryOperator<String> called) {
    String which = either(of, called);
    String where = "a search " + (when.isEmpty() ? "" : "by " + either(when, called) + " ");
    return switch (bound) {
      case AT_LEAST_ONE -> where + "needs " + which;
      case EXACTLY_ONE -> where + "needs exactly one of " + which;
      case AT_MOST_ONE -> where + "takes at most one of " + which;
      case ALONE -> {
        String more = either(beside, called);
        yield where
            + "by "
            + which
            + " takes nothing else"
            + (more.isEmpty() ? "" : " but " + more);
      }
    };
  }

  private static String either(List<String> parameters, UnaryOperator<String> called) {
    List<String> names =
        parameters.stream().map(called).filter(name -> !name.isEmpty()).distinct().toList();
    if (names.size() < 2) {
      return String.join("", names);
    }
    return String.join(", ", names.subList(0, names.size() - 1))
        + " or "
        + names.get(names.size() - 1);
  }
}
