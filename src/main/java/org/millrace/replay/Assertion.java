package org.millrace.replay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence about what happened, in HL7 notation: {@code MSA-1 = AA}, {@code MSA-2 =
 * received.MSH-10}, {@code reply[2].QAK-2 = NF}, {@code reply.PID.count() = 2}, {@code
 * requests.count() = 2}, {@code requests[1].body.docStatus = final}, {@code messages.HELD = 1},
 * {@code reasons.no-such-patient = 1}, {@code status = 201}, {@code body.resourceId is not empty}.
 *
 * @param text as written
 * @param right a literal, or a place that begins with {@code received.}, {@code reply} or {@code
 *     requests}
 */
record Assertion(String text, String left, Operator operator, String right) {

  enum Operator {
    EQUAL,
    UNEQUAL,
    CONTAINS,
    MATCHES,
    EMPTY,
    NOT_EMPTY
  }

  private static final Pattern BINARY =
      Pattern.compile("(\\S+)\\s+(=|!=|contains|matches)\\s+(.*)", Pattern.DOTALL);
  private static final Pattern UNARY = Pattern.compile("(\\S+)\\s+is\\s+(not\\s+)?empty");

  /**
   * @throws IllegalArgumentException if it is no assertion, with a sentence that quotes it
   */
  static Assertion parse(String text) {
    Matcher unary = UNARY.matcher(text.strip());
    if (unary.matches()) {
      Operator operator = unary.group(2) == null ? Operator.EMPTY : Operator.NOT_EMPTY;
      return new Assertion(text, unary.group(1), operator, "");
    }
    Matcher binary = BINARY.matcher(text.strip());
    if (!binary.matches()) {
      throw new IllegalArgumentException(
          "no assertion: '"
              + text
              + "'; write PLACE = VALUE, !=, contains, matches, or PLACE is empty");
    }
    Operator operator =
        switch (binary.group(2)) {
          case "=" -> Operator.EQUAL;
          case "!=" -> Operator.UNEQUAL;
          case "contains" -> Operator.CONTAINS;
          default -> Operator.MATCHES;
        };
    return new Assertion(text, binary.group(1), operator, binary.group(3).strip());
  }

  /** Whether it holds of what the two sides came to. */
  boolean holds(String actual, String wanted) {
    return switch (operator) {
      case EQUAL -> actual.equals(wanted);
      case UNEQUAL -> !actual.equals(wanted);
      case CONTAINS -> actual.contains(wanted);
      case MATCHES -> actual.matches(wanted);
      case EMPTY -> actual.isEmpty();
      case NOT_EMPTY -> !actual.isEmpty();
    };
  }
}
