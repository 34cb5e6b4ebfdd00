package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads and checks the rules of one file. Used at load only. */
final class RuleReader {
  private static final Set<String> KEYS =
      Set.of(
          "v2",
          "fhir",
          "resource",
          "as",
          "table",
          "function",
          "to",
          "direction",
          "when",
          "first",
          "fixed",
          "given",
          "made",
          "content",
          "default",
          "default-v2",
          "join",
          "loss",
          "used-for",
          "max",
          "parts",
          "set",
          "unknown",
          RuleText.INSTEAD);
  private static final List<String> VALUES =
      List.of("fixed", "given", "made", "content", "default", "default-v2", "join");
  private static final Set<String> CONTENT = Set.of("type", "data", "occurrence");
  private final Compiler compiler;
  private final Scope scope;

  /**
   * What paths of a file start from.
   *
   * @param owner the segment or data type; empty if v2 paths may name any segment
   * @param root where FHIR paths start; empty if the file has none
   */
  record Scope(String owner, Optional<BaseRuntimeElementDefinition<?>> root) {}

  RuleReader(Compiler compiler, Scope scope) {
    this.compiler = compiler;
    this.scope = scope;
  }

  /** Reads the rules; a faulty one is told and left out. */
  List<Rule> read(List<RuleText> texts) {
    List<Rule> rules = new ArrayList<>();
    for (RuleText text : texts) {
      text.allow(KEYS);
      try {
        rules.add(rule(text));
      } catch (Scanner.Unreadable e) {
        text.fault(e.sentence());
      }
    }
    twice(texts, rules);
    return rules;
  }

  private Rule rule(RuleText text) throws Scanner.Unreadable {
    List<V2Place> v2 = places(text.texts("v2"));
    Optional<BaseRuntimeElementDefinition<?>> root = root(text);
    Optional<FhirPlace> fhir = Optional.empty();
    if (text.has("fhir")) {
      if (root.isEmpty()) {
        throw new Scanner.Unreadable("This file names no resource, so 'fhir' means nothing here.");
      }
      fhir = Optional.of(compiler.place(root.get(), text.text("fhir")));
    }
    if (text.has(RuleText.INSTEAD) && RuleLayers.above(text.file()) == 0) {
      throw new Scanner.Unreadable(
          "Only a sender's or a tenant's file says 'instead-of'; mend the rule itself.");
    }
    if (v2.isEmpty() && fhir.isEmpty()) {
      throw new Scanner.Unreadable("A rule names a v2 place, a FHIR place, or both.");
    }
    V2Dictionary.Found found =
        v2.isEmpty() ? new V2Dictionary.Found("", false, false) : find(v2.get(0));
    Rule.Extras extras = extras(text, root);
    Rule.Way way = way(text, root, fhir);
    purposeful(text, v2, fhir, extras, way);
    return new Rule(
        text.where(),
        new Rule.Ends(v2, found.repeats(), fhir, text.text("resource")),
        way,
        extras,
        conversion(text, found, fhir));
  }

  private Optional<BaseRuntimeElementDefinition<?>> root(RuleText text) throws Scanner.Unreadable {
    if (!text.has("resource")) {
      return scope.root();
    }
    Optional<BaseRuntimeElementDefinition<?>> root =
        compiler.model().resource(text.text("resource"));
    if (root.isEmpty()) {
      throw new Scanner.Unreadable("FHIR R4 has no resource " + text.text("resource") + ".");
    }
    return root;
  }

  private List<V2Place> places(List<String> texts) throws Scanner.Unreadable {
    List<V2Place> places = new ArrayList<>();
    for (String text : texts) {
      Optional<V2Place> place = V2Place.parse(text);
      if (place.isEmpty()) {
        throw new Scanner.Unreadable("'" + text + "' is no v2 path; write it as PID-5.1 or XPN.1.");
      }
      places.add(checked(place.get()));
    }
    return places;
  }

  private V2Place checked(V2Place place) throws Scanner.Unreadable {
    boolean elsewhere = !scope.owner().isEmpty() && !place.owner().equals(scope.owner());
    if (elsewhere && !place.inSegment()) {
      throw new Scanner.Unreadable(
          "This file is about " + scope.owner() + "; '" + place + "' belongs to another.");
    }
    find(place);
    return place;
  }

  private V2Dictionary.Found find(V2Place place) throws Scanner.Unreadable {
    V2Dictionary.Answer answer = compiler.dictionary().find(place);
    if (answer instanceof V2Dictionary.NotFound not) {
      throw new Scanner.Unreadable(not.sentence());
    }
    return (V2Dictionary.Found) answer;
  }

  /** A rule must say what becomes of what it names. */
  private static void purposeful(
      RuleText text, List<V2Place> v2, Optional<FhirPlace> fhir, Rule.Extras extras, Rule.Way way)
      throws Scanner.Unreadable {
    if (extras.has("made") && (fhir.isEmpty() || !v2.isEmpty())) {
      throw new Scanner.Unreadable("'made' names a FHIR place, and no v2 place.");
    }
    boolean half = v2.isEmpty() || fhir.isEmpty();
    boolean sourced =
        !extras.values().isEmpty()
            || !extras.parts().isEmpty()
            || !extras.loss().isEmpty()
            || !extras.usedFor().isEmpty();
    if (half && !sourced) {
      throw new Scanner.Unreadable(
          "Half a rule: name the other side, or say fixed, given, loss or used-for.");
    }
    if (v2.size() > 1 && way.backward() && way.forward() && text.has("as")) {
      text.warning("On the way back only " + v2.get(0) + " is written.");
    }
  }

  private Rule.Way way(
      RuleText text, Optional<BaseRuntimeElementDefinition<?>> root, Optional<FhirPlace> fhir)
      throws Scanner.Unreadable {
    String direction = text.text("direction");
    if (!Set.of("", "both", "v2-to-fhir", "fhir-to-v2").contains(direction)) {
      throw new Scanner.Unreadable(
          "The direction is v2-to-fhir or fhir-to-v2; both needs no word.");
    }
    Optional<Condition> v2 = Optional.empty();
    Optional<Condition> fhirWhen = Optional.empty();
    for (String when : text.texts("when")) {
      Condition condition = compiler.condition(when, places(root));
      Condition.Side side = condition.side().orElse(Condition.Side.NEITHER);
      if (side != Condition.Side.FHIR) {
        v2 = and(v2, condition);
      }
      if (side != Condition.Side.V2) {
        fhirWhen = and(fhirWhen, condition);
      }
    }
    Optional<Condition> first = Optional.empty();
    if (text.has("first") && fhir.isPresent()) {
      Optional<BaseRuntimeElementDefinition<?>> element = element(fhir.get().type());
      first = Optional.of(compiler.condition(text.text("first"), places(element)));
    }
    return new Rule.Way(
        !direction.equals("fhir-to-v2"), !direction.equals("v2-to-fhir"), v2, fhirWhen, first);
  }

  private static Optional<Condition> and(Optional<Condition> one, Condition other) {
    return Optional.of(
        one.<Condition>map(first -> new Condition.And(List.of(first, other))).orElse(other));
  }

  private Optional<BaseRuntimeElementDefinition<?>> element(String type) {
    return type.isEmpty()
        ? Optional.empty()
        : compiler.model().type(type).or(() -> compiler.model().resource(type));
  }

  ConditionReader.PlaceReader places(Optional<BaseRuntimeElementDefinition<?>> root) {
    return new ConditionReader.PlaceReader() {
      @Override
      public V2Place v2(V2Place place) throws Scanner.Unreadable {
        return checked(place);
      }

      @Override
      public FhirPlace fhir(String path) throws Scanner.Unreadable {
        if (root.isEmpty()) {
          throw new Scanner.Unreadable("A condition cannot name '" + path + "' here.");
        }
        return compiler.place(root.get(), path);
      }
    };
  }

  private Rule.Extras extras(RuleText text, Optional<BaseRuntimeElementDefinition<?>> root)
      throws Scanner.Unreadable {
    Map<String, String> values = new HashMap<>();
    for (String key : VALUES) {
      if (text.has(key)) {
        values.put(key, text.text(key));
      }
    }
    String content = values.getOrDefault("content", "");
    if (!content.isEmpty() && !CONTENT.contains(content)) {
      throw new Scanner.Unreadable("The content is type, data or occurrence.");
    }
    String made = values.getOrDefault("made", "");
    if (!made.isEmpty() && !made.equals(Rule.ALL) && compiler.model().resource(made).isEmpty()) {
      throw new Scanner.Unreadable("FHIR R4 has no resource " + made + ".");
    }
    List<Rule.Part> parts = new ArrayList<>();
    for (RuleText part : text.items("parts")) {
      part.allow(Set.of("v2", "text", "when"));
      Optional<Condition> when = Optional.empty();
      if (part.has("when")) {
        when = Optional.of(compiler.condition(part.text("when"), places(root)));
      }
      parts.add(new Rule.Part(places(part.texts("v2")), part.text("text"), when));
    }
    Map<FhirPlace, String> set = new LinkedHashMap<>();
    if (text.has("set") && root.isPresent()) {
      FhirPlace place = compiler.place(root.get(), text.text("fhir"));
      if (!place.repeats()) {
        throw new Scanner.Unreadable("'set' completes the elements of a list; this is none.");
      }
      for (Map.Entry<String, RuleText> entry : text.get("set").orElseThrow().entries().entrySet()) {
        FhirPlace below = compiler.place(root.get(), place.listText() + "." + entry.getKey());
        set.put(below.below(place.spread() + 1), entry.getValue().scalar());
      }
    }
    String purpose = text.text("used-for");
    String usedFor = purpose.isEmpty() ? "" : Run.USED_FOR + purpose;
    return new Rule.Extras(values, text.text("loss"), usedFor, number(text), parts, set);
  }

  private static int number(RuleText text) throws Scanner.Unreadable {
    String max = text.text("max");
    if (!max.isEmpty() && !max.matches("[1-9]\\d{0,5}")) {
      throw new Scanner.Unreadable("The max is a number of characters.");
    }
    return max.isEmpty() ? 0 : Integer.parseInt(max);
  }

  private Conversion conversion(RuleText text, V2Dictionary.Found found, Optional<FhirPlace> fhir)
      throws Scanner.Unreadable {
    String type = fhir.map(FhirPlace::type).orElse("string");
    Optional<CodeTable> table = Optional.empty();
    if (text.has("table")) {
      table = compiler.table(text.text("table"));
      if (table.isEmpty()) {
        throw new Scanner.Unreadable(
            "There is no table '" + text.text("table") + "' under tables/.");
      }
    }
    if (text.has("unknown") && (text.has("as") || table.isEmpty())) {
      throw new Scanner.Unreadable("'unknown' is for a rule that names a table.");
    }
    if (text.has("as")) {
      return datatype(text, found, type);
    }
    if (text.has("function")) {
      checkUnknown(text);
      boolean held = unknown(text) == TableConversion.Unknown.HOLD;
      return Functions.named(text.text("function"), text.text("to"), table, held)
          .orElseThrow(
              () ->
                  new Scanner.Unreadable(
                      "There is no function '"
                          + text.text("function")
                          + "', or it needs a table; known are "
                          + Functions.names()
                          + "."));
    }
    if (table.isPresent()) {
      return new TableConversion(table.get(), type, found.coded(), unknown(text));
    }
    boolean copies = fhir.isPresent() && text.has("v2") && !text.has("fixed");
    if (copies && !type.isEmpty() && !fhir.get().isPrimitive()) {
      throw new Scanner.Unreadable(
          fhir.get() + " is a " + type + ": name a data type file with 'as', or a table.");
    }
    return new CopyConversion(type.isEmpty() ? "string" : type);
  }

  /** What a function does not do must not be asked of it: a code would pass that is to be held. */
  private static void checkUnknown(RuleText text) throws Scanner.Unreadable {
    boolean holds = Functions.canHold(text.text("function"));
    if (text.has("unknown") && (!holds || unknown(text) == TableConversion.Unknown.DROP)) {
      throw new Scanner.Unreadable(
          holds
              ? "An unknown kind of document may pass or hold."
              : "The function " + text.text("function") + " takes no 'unknown'.");
    }
  }

  private static TableConversion.Unknown unknown(RuleText text) throws Scanner.Unreadable {
    return switch (text.text("unknown")) {
      case "", "pass" -> TableConversion.Unknown.PASS;
      case "hold" -> TableConversion.Unknown.HOLD;
      case "drop" -> TableConversion.Unknown.DROP;
      default -> throw new Scanner.Unreadable("An unknown code may pass, hold or drop.");
    };
  }

  private Conversion datatype(RuleText text, V2Dictionary.Found found, String type)
      throws Scanner.Unreadable {
    String name = text.text("as");
    Optional<DatatypeMap> map = compiler.datatype(name);
    if (map.isEmpty()) {
      throw new Scanner.Unreadable("There is no file datatypes/" + name + ".yaml.");
    }
    DatatypeMap.Head head = map.get().head();
    if (!found.type().isEmpty() && !found.type().equals(head.v2Type())) {
      throw new Scanner.Unreadable(
          text.texts("v2").get(0)
              + " is "
              + found.type()
              + ", but "
              + name
              + " reads "
              + head.v2Type()
              + ".");
    }
    boolean fits =
        type.isEmpty()
            || type.equals(head.fhirType())
            || (type.equals("instant") && head.fhirType().equals("dateTime"));
    if (!fits) {
      throw new Scanner.Unreadable(
          text.text("fhir") + " is " + type + ", but " + name + " makes " + head.fhirType() + ".");
    }
    return map.get();
  }

  /** Two rules that fill one place, neither of them under a condition. */
  private static void twice(List<RuleText> texts, List<Rule> rules) {
    Map<String, Rule> seen = new HashMap<>();
    for (Rule rule : rules) {
      boolean made =
          rule.ends().fhir().isPresent()
              && rule.way().forward()
              && rule.way().whenV2().isEmpty()
              && !rule.ends().fhir().get().repeats()
              && (!rule.ends().v2().isEmpty() || rule.isFixed());
      if (made) {
        Rule before =
            seen.putIfAbsent(rule.ends().resource() + " " + rule.ends().fhir().get(), rule);
        if (before != null) {
          texts.stream()
              .filter(text -> text.where().equals(rule.where()))
              .forEach(
                  text ->
                      text.fault(
                          rule.ends().fhir().get()
                              + " is filled by "
                              + before.where()
                              + " too; put both under a 'when', or drop one."));
        }
      }
    }
  }
}
