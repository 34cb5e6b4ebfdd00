package org.millrace.mapping;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a rule of a target looks for at its places; compiled once at load. */
sealed interface TargetCriterion {

  /** Anything that stands there. */
  record Present() implements TargetCriterion {}

  /** Nothing stands there. */
  record Missing() implements TargetCriterion {}

  /** Elements after the first so many. */
  record AtMost(int number) implements TargetCriterion {}

  /** More elements than this, or fewer. */
  record Exactly(int number) implements TargetCriterion {}

  /** A text of more characters. */
  record Longer(int characters) implements TargetCriterion {}

  /** A value that is none of these. */
  record NoneOf(Set<String> values) implements TargetCriterion {}

  /** A text that does not match as a whole. */
  record NotLike(Pattern pattern) implements TargetCriterion {}

  /**
   * Codings of the target's own systems and others in one concept, or two of its own.
   *
   * @param own what the names of its own systems begin with
   */
  record MixedFamilies(String own) implements TargetCriterion {}

  /**
   * Codings of other systems, and concepts that then hold none.
   *
   * @param systems as in code tables; one that begins with {@code *} ends so
   * @param orText a concept with a text needs no coding
   */
  record OtherSystems(List<String> systems, boolean orText) implements TargetCriterion {
    boolean isTaken(String system) {
      for (String taken : systems) {
        boolean own = taken.startsWith("*");
        if (own ? system.endsWith(taken.substring(1)) : system.equals(taken)) {
          return true;
        }
      }
      return false;
    }
  }

  /** What the target would take instead, as the end of a sentence; empty if the rule says it. */
  default String takes() {
    if (this instanceof AtMost most) {
      return "it takes at most " + most.number;
    }
    if (this instanceof Exactly exactly) {
      return "it takes exactly " + exactly.number;
    }
    if (this instanceof Longer longer) {
      return "it takes " + longer.characters + " characters";
    }
    if (this instanceof NoneOf none) {
      return "it takes " + String.join(", ", none.values);
    }
    if (this instanceof MixedFamilies) {
      return "it takes standard codes or one of its own in one place, never both";
    }
    return this instanceof OtherSystems other
        ? "it takes codes of " + String.join(", ", other.systems)
        : "";
  }
}
