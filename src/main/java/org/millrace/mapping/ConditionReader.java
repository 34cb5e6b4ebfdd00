package org.millrace.mapping;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads conditions: {@code PID-29 is empty}, {@code XTN.3 in ('Internet', 'X.400') and not (XTN.4
 * is empty)}, {@code use = 'work'}, {@code type as participant-type = 'ATND'}, {@code system =
 * given:mrn-system}.
 */
final class ConditionReader {
  private static final Map<String, Condition.Operator> SIGNS = signs();
  private final PlaceReader places;
  private final Function<String, Optional<CodeTable>> tables;
  private final Function<String, Optional<String>> systems;

  /** Reads the places of one file: v2 paths and FHIR paths from the file's own root. */
  interface PlaceReader {
    V2Place v2(V2Place place) throws Scanner.Unreadable;

    FhirPlace fhir(String text) throws Scanner.Unreadable;
  }

  ConditionReader(
      PlaceReader places,
      Function<String, Optional<CodeTable>> tables,
      Function<String, Optional<String>> systems) {
    this.places = places;
    this.tables = tables;
    this.systems = systems;
  }

  /** The longer sign first: {@code <=} begins like {@code <}. */
  private static Map<String, Condition.Operator> signs() {
    Map<String, Condition.Operator> signs = new LinkedHashMap<>();
    signs.put("<=", Condition.Operator.AT_MOST);
    signs.put("<", Condition.Operator.LESS);
    signs.put(">=", Condition.Operator.AT_LEAST);
    signs.put(">", Condition.Operator.MORE);
    return signs;
  }

  Condition read(String text) throws Scanner.Unreadable {
    Scanner scanner = new Scanner(text);
    Condition condition = or(scanner);
    scanner.skipBlanks();
    if (!scanner.atEnd()) {
      throw new Scanner.Unreadable("'" + scanner.rest() + "' is left over in the condition.");
    }
    if (condition.side().isEmpty()) {
      throw new Scanner.Unreadable(
          "A condition speaks of v2 or of FHIR, not of both; write two conditions in a list.");
    }
    return condition;
  }

  private Condition or(Scanner scanner) throws Scanner.Unreadable {
    List<Condition> parts = new ArrayList<>(List.of(and(scanner)));
    while (keyword(scanner, "or")) {
      parts.add(and(scanner));
    }
    return parts.size() == 1 ? parts.get(0) : new Condition.Or(List.copyOf(parts));
  }

  private Condition and(Scanner scanner) throws Scanner.Unreadable {
    List<Condition> parts = new ArrayList<>(List.of(single(scanner)));
    while (keyword(scanner, "and")) {
      parts.add(single(scanner));
    }
    return parts.size() == 1 ? parts.get(0) : new Condition.And(List.copyOf(parts));
  }

  private Condition single(Scanner scanner) throws Scanner.Unreadable {
    scanner.skipBlanks();
    if (keyword(scanner, "not")) {
      return new Condition.Not(single(scanner));
    }
    if (scanner.peek() == '(') {
      scanner.expect("(");
      Condition inner = or(scanner);
      scanner.skipBlanks();
      scanner.expect(")");
      return inner;
    }
    return test(scanner, term(scanner));
  }

  private Condition test(Scanner scanner, Condition.Term term) throws Scanner.Unreadable {
    scanner.skipBlanks();
    if (scanner.take("!=")) {
      return new Condition.Not(equal(term, literal(scanner)));
    }
    if (scanner.take("=")) {
      return equal(term, literal(scanner));
    }
    for (Map.Entry<String, Condition.Operator> sign : SIGNS.entrySet()) {
      if (scanner.take(sign.getKey())) {
        return new Condition.Test(term, sign.getValue(), List.of(comparable(scanner)));
      }
    }
    if (keyword(scanner, "is")) {
      return is(scanner, term);
    }
    if (keyword(scanner, "starts-with")) {
      return new Condition.Test(term, Condition.Operator.STARTS_WITH, List.of(literal(scanner)));
    }
    if (keyword(scanner, "ends-with")) {
      return new Condition.Test(term, Condition.Operator.ENDS_WITH, List.of(literal(scanner)));
    }
    if (keyword(scanner, "matches")) {
      return new Condition.Matches(term, form(scanner));
    }
    if (keyword(scanner, "longer-than")) {
      return new Condition.Test(term, Condition.Operator.LONGER_THAN, List.of(number(scanner)));
    }
    boolean not = keyword(scanner, "not");
    if (keyword(scanner, "in")) {
      Condition in = new Condition.Test(term, Condition.Operator.EQUALS, literals(scanner));
      return not ? new Condition.Not(in) : in;
    }
    throw new Scanner.Unreadable(
        "After a path write =, !=, <, <=, >, >=, in, not in, is empty, is not empty, is a time, starts-with, ends-with,"
            + " matches or longer-than, not '"
            + scanner.rest()
            + "'.");
  }

  private static Condition is(Scanner scanner, Condition.Term term) throws Scanner.Unreadable {
    boolean not = keyword(scanner, "not");
    Condition.Operator operator;
    if (keyword(scanner, "empty")) {
      operator = Condition.Operator.EMPTY;
    } else if (keyword(scanner, "a") && keyword(scanner, "time")) {
      operator = Condition.Operator.IS_TIME;
    } else {
      throw new Scanner.Unreadable(
          "After 'is' write 'empty', 'not empty', 'a time' or 'not a time'.");
    }
    Condition test = new Condition.Test(term, operator, List.of());
    return not ? new Condition.Not(test) : test;
  }

  private static Condition equal(Condition.Term term, Condition.Literal literal) {
    return new Condition.Test(term, Condition.Operator.EQUALS, List.of(literal));
  }

  private List<Condition.Literal> literals(Scanner scanner) throws Scanner.Unreadable {
    scanner.skipBlanks();
    scanner.expect("(");
    List<Condition.Literal> literals = new ArrayList<>();
    do {
      literals.add(literal(scanner));
      scanner.skipBlanks();
    } while (scanner.take(","));
    scanner.expect(")");
    return List.copyOf(literals);
  }

  private Pattern form(Scanner scanner) throws Scanner.Unreadable {
    String text = literal(scanner).text();
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new Scanner.Unreadable("'" + text + "' is no regular expression.");
    }
  }

  private static Condition.Literal number(Scanner scanner) throws Scanner.Unreadable {
    scanner.skipBlanks();
    String digits = scanner.word("");
    if (!digits.matches("\\d{1,6}")) {
      throw new Scanner.Unreadable("After 'longer-than' write a number.");
    }
    return new Condition.Literal(digits, false);
  }

  /** A bare number, or any value. */
  private Condition.Literal comparable(Scanner scanner) throws Scanner.Unreadable {
    scanner.skipBlanks();
    int before = scanner.position();
    String number = scanner.word("+-.");
    if (Condition.NUMBER.matcher(number).matches()) {
      return new Condition.Literal(number, false);
    }
    scanner.back(before);
    return literal(scanner);
  }

  private Condition.Literal literal(Scanner scanner) throws Scanner.Unreadable {
    scanner.skipBlanks();
    if (scanner.take("given:")) {
      return new Condition.Literal(scanner.word("-"), true);
    }
    if (scanner.take("namespace:")) {
      String name = scanner.word("-");
      return new Condition.Literal(
          systems
              .apply(name)
              .orElseThrow(
                  () ->
                      new Scanner.Unreadable(
                          "tables/namespaces.csv has no namespace '" + name + "'.")),
          false);
    }
    if (scanner.peek() == '\'') {
      return new Condition.Literal(scanner.quoted(), false);
    }
    String word = scanner.word("");
    if (word.equals("true") || word.equals("false")) {
      return new Condition.Literal(word, false);
    }
    throw new Scanner.Unreadable("A value stands in single quotes: 'work'.");
  }

  private Condition.Term term(Scanner scanner) throws Scanner.Unreadable {
    scanner.skipBlanks();
    if (scanner.take("given:")) {
      return new Condition.Term(
          Optional.empty(), Optional.empty(), scanner.word("-"), Optional.empty());
    }
    String text = FhirPlaceReader.take(scanner);
    if (text.isEmpty()) {
      throw new Scanner.Unreadable("A condition starts with a path, not '" + scanner.rest() + "'.");
    }
    Optional<V2Place> v2 = V2Place.parse(text);
    if (v2.isPresent()) {
      return new Condition.Term(
          Optional.of(places.v2(v2.get())), Optional.empty(), "", Optional.empty());
    }
    FhirPlace place = places.fhir(text);
    Optional<CodeTable> table = Optional.empty();
    if (keyword(scanner, "as")) {
      scanner.skipBlanks();
      String name = scanner.word("-");
      table = tables.apply(name);
      if (table.isEmpty()) {
        throw new Scanner.Unreadable("There is no table '" + name + "' under tables/.");
      }
    }
    return new Condition.Term(Optional.empty(), Optional.of(place), "", table);
  }

  private static boolean keyword(Scanner scanner, String keyword) {
    scanner.skipBlanks();
    int before = scanner.position();
    if (scanner.word("-").equals(keyword)) {
      return true;
    }
    scanner.back(before);
    return false;
  }
}
