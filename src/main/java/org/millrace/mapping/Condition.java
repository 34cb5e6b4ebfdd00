package org.millrace.mapping;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millrace.hl7.V2Time;

/**
 * A condition of a rule, read once at load. It speaks of one side only, v2 or FHIR, and guards the
 * direction that reads that side.
 */
sealed interface Condition {
  /** Digits are bounded: what a sender writes is compared. */
  Pattern NUMBER = Pattern.compile("[+-]?\\d{1,30}(\\.\\d{1,30})?");

  /** Where a condition finds its values while a rule runs. */
  interface Facts {
    /** Every value at a place; empty if nothing stands there. */
    List<Fact> values(Term term);

    /** Nothing stands at a place. */
    default boolean isEmpty(Term term) {
      return values(term).isEmpty();
    }

    /** A value the caller gave, the empty string if it gave none. */
    String given(String name);
  }

  /** One value; {@code read} tells that a rule has used it. */
  record Fact(String text, Runnable read) {}

  /** Which side a condition reads. */
  enum Side {
    V2,
    FHIR,
    NEITHER
  }

  /** One place a condition asks: exactly one of the three is set. */
  record Term(
      Optional<V2Place> v2, Optional<FhirPlace> fhir, String given, Optional<CodeTable> table) {
    Side side() {
      if (v2.isPresent()) {
        return Side.V2;
      }
      return fhir.isPresent() ? Side.FHIR : Side.NEITHER;
    }
  }

  /** A text to compare with, or the name of a value the caller gives. */
  record Literal(String text, boolean given) {}

  /** How a place is tested. */
  enum Operator {
    EMPTY,
    EQUALS,
    STARTS_WITH,
    ENDS_WITH,
    LONGER_THAN,
    LESS,
    AT_MOST,
    MORE,
    AT_LEAST,
    IS_TIME
  }

  record And(List<Condition> parts) implements Condition {}

  record Or(List<Condition> parts) implements Condition {}

  record Not(Condition part) implements Condition {}

  /** True if the whole of any value at the place is of this form; long values are of none. */
  record Matches(Term term, Pattern form) implements Condition {
    /** Keeps a form from walking over a document of many megabytes. */
    private static final int LONGEST = 1_000;

    private boolean passes(Facts facts) {
      boolean passed = false;
      for (Fact value : facts.values(term)) {
        if (value.text.length() <= LONGEST
            && form.matcher(new Interruptible(value.text)).matches()) {
          value.read.run();
          passed = true;
        }
      }
      return passed;
    }
  }

  /** True if any value at the place passes against any of the literals. */
  record Test(Term term, Operator operator, List<Literal> literals) implements Condition {}

  default boolean holds(Facts facts) {
    if (this instanceof And and) {
      for (Condition part : and.parts) {
        if (!part.holds(facts)) {
          return false;
        }
      }
      return true;
    }
    if (this instanceof Or or) {
      for (Condition part : or.parts) {
        if (part.holds(facts)) {
          return true;
        }
      }
      return false;
    }
    if (this instanceof Not not) {
      return !not.part.holds(facts);
    }
    if (this instanceof Matches matches) {
      return matches.passes(facts);
    }
    Test test = (Test) this;
    if (test.operator == Operator.EMPTY) {
      return facts.isEmpty(test.term);
    }
    boolean passed = false;
    for (Fact value : facts.values(test.term)) {
      if (passes(value.text, test, facts)) {
        value.read.run();
        passed = true;
      }
    }
    return passed;
  }

  private static boolean passes(String value, Test test, Facts facts) {
    if (test.operator == Operator.IS_TIME) {
      return V2Time.parse(value).isPresent();
    }
    for (Literal literal : test.literals) {
      String other = literal.given ? facts.given(literal.text) : literal.text;
      if (literal.given && other.isEmpty()) {
        continue;
      }
      boolean passes =
          switch (test.operator) {
            case EQUALS -> value.equals(other);
            case STARTS_WITH -> value.startsWith(other);
            case ENDS_WITH -> value.endsWith(other);
            case LONGER_THAN -> value.length() > Integer.parseInt(other);
            case LESS -> compare(value, other) < 0;
            case AT_MOST -> compare(value, other) <= 0;
            case MORE -> compare(value, other) > 0;
            case AT_LEAST -> compare(value, other) >= 0;
            case EMPTY, IS_TIME -> false;
          };
      if (passes) {
        return true;
      }
    }
    return false;
  }

  /** Numbers as numbers, everything else (dates of one form, say) by its characters. */
  private static int compare(String one, String other) {
    if (NUMBER.matcher(one).matches() && NUMBER.matcher(other).matches()) {
      return new BigDecimal(one).compareTo(new BigDecimal(other));
    }
    return one.compareTo(other);
  }

  /** Which side the places of this condition are on; empty if they are mixed. */
  default Optional<Side> side() {
    if (this instanceof Test test) {
      return Optional.of(test.term.side());
    }
    if (this instanceof Matches matches) {
      return Optional.of(matches.term.side());
    }
    List<Condition> parts =
        this instanceof And and
            ? and.parts
            : this instanceof Or or ? or.parts : List.of(((Not) this).part);
    Side found = Side.NEITHER;
    for (Condition part : parts) {
      Optional<Side> side = part.side();
      if (side.isEmpty()
          || (found != Side.NEITHER && side.get() != Side.NEITHER && side.get() != found)) {
        return Optional.empty();
      }
      found = found == Side.NEITHER ? side.get() : found;
    }
    return Optional.of(found);
  }

  /**
   * The equalities that must hold for this condition to hold: what a new element is given so that
   * the rule finds it again on the way back.
   */
  default List<Test> equalities() {
    if (this instanceof And and) {
      return and.parts.stream().flatMap(part -> part.equalities().stream()).toList();
    }
    if (this instanceof Test test
        && test.operator == Operator.EQUALS
        && test.literals.size() == 1
        && !test.literals.get(0).given) {
      return List.of(test);
    }
    return List.of();
  }
}
