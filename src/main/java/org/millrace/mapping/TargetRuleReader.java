package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the rules of one resource of a target. Used at load only. */
final class TargetRuleReader {
  private static final Set<String> KEYS =
      Set.of(
          "each",
          "fhir",
          "when",
          "at-most",
          "exactly",
          "max",
          "in",
          "pattern",
          "codings",
          "systems",
          "or-text",
          "required",
          "refused",
          "ignored",
          "remedy",
          "supplied");
  private static final Set<String> TESTS =
      Set.of("at-most", "exactly", "max", "in", "pattern", "codings", "systems", "required");

  /** What settings tell of a site. */
  static final Set<String> SUPPLIED = Set.of("organization");

  private static final List<String> OUTCOMES = List.of("refused", "ignored", "required");

  /** Segments that stand once, so that a condition need not say which is meant. */
  private static final Set<String> HEAD = Set.of("MSH", "EVN");

  private final Compiler compiler;
  private final String resource;
  private final BaseRuntimeElementDefinition<?> root;
  private final String own;

  /**
   * @param own what the names of the target's own code systems begin with; may be empty
   */
  TargetRuleReader(
      Compiler compiler, String resource, BaseRuntimeElementDefinition<?> root, String own) {
    this.compiler = compiler;
    this.resource = resource;
    this.root = root;
    this.own = own;
  }

  List<TargetRule> read(List<RuleText> texts) {
    List<TargetRule> rules = new ArrayList<>();
    for (RuleText text : texts) {
      text.allow(KEYS);
      try {
        rules.add(rule(text));
      } catch (Scanner.Unreadable e) {
        text.fault(e.sentence());
      }
    }
    return rules;
  }

  private TargetRule rule(RuleText text) throws Scanner.Unreadable {
    BaseRuntimeElementDefinition<?> at = root;
    if (text.has("each")) {
      at =
          compiler
              .model()
              .element(resource, text.text("each"))
              .orElseThrow(
                  () ->
                      new Scanner.Unreadable(
                          resource + " has no list '" + text.text("each") + "'."));
    }
    List<FhirPlace> places = new ArrayList<>();
    for (String path : text.texts("fhir")) {
      places.add(compiler.place(at, path));
    }
    TargetCriterion test = test(text, places);
    for (FhirPlace place : places) {
      fits(test, place);
    }
    return new TargetRule(
        text.text("each"),
        when(text, at),
        places,
        test,
        outcome(text, test),
        supplied(text, places, test));
  }

  /** A whole element of a list is put there, so that those that a caller sent stay as they are. */
  private static String supplied(RuleText text, List<FhirPlace> places, TargetCriterion test)
      throws Scanner.Unreadable {
    String supplied = text.text("supplied");
    if (supplied.isEmpty()) {
      return "";
    }
    if (!SUPPLIED.contains(supplied)) {
      throw new Scanner.Unreadable(
          "What a site supplies is one of " + String.join(", ", SUPPLIED) + ".");
    }
    boolean fits =
        test instanceof TargetCriterion.Missing
            && !text.has("each")
            && places.size() == 1
            && places.get(0).isPrimitive()
            && TargetSupplies.fits(places.get(0));
    if (!fits) {
      throw new Scanner.Unreadable(
          "What a site supplies is a text that is required in an element of a list.");
    }
    return supplied;
  }

  private TargetCriterion test(RuleText text, List<FhirPlace> places) throws Scanner.Unreadable {
    List<String> said = TESTS.stream().filter(text::has).sorted().toList();
    if (said.size() > 1) {
      throw new Scanner.Unreadable(
          "A rule has one test; here stand " + String.join(" and ", said) + ".");
    }
    String key = said.isEmpty() ? "" : said.get(0);
    if (places.isEmpty() && !key.equals("codings")) {
      throw new Scanner.Unreadable("Name the place under 'fhir'.");
    }
    return switch (key) {
      case "at-most" -> new TargetCriterion.AtMost(number(text, key));
      case "exactly" -> new TargetCriterion.Exactly(number(text, key));
      case "max" -> new TargetCriterion.Longer(number(text, key));
      case "in" -> new TargetCriterion.NoneOf(new LinkedHashSet<>(text.texts(key)));
      case "pattern" -> new TargetCriterion.NotLike(pattern(text.text(key)));
      case "codings" -> families(text.text(key));
      case "systems" -> new TargetCriterion.OtherSystems(text.texts(key), text.flag("or-text"));
      case "required" -> new TargetCriterion.Missing();
      default -> new TargetCriterion.Present();
    };
  }

  private static int number(RuleText text, String key) throws Scanner.Unreadable {
    if (!text.text(key).matches("[1-9]\\d{0,6}")) {
      throw new Scanner.Unreadable("After '" + key + "' stands a number from 1 on.");
    }
    return Integer.parseInt(text.text(key));
  }

  private static Pattern pattern(String text) throws Scanner.Unreadable {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new Scanner.Unreadable("The pattern is no regular expression.");
    }
  }

  private TargetCriterion families(String said) throws Scanner.Unreadable {
    if (!said.equals("one-family")) {
      throw new Scanner.Unreadable("After 'codings' stands one-family.");
    }
    if (own.isEmpty()) {
      throw new Scanner.Unreadable(
          "Say at the top under 'own-codes' what the target's own code systems begin with.");
    }
    return new TargetCriterion.MixedFamilies(own);
  }

  /** A test that reads a text needs a simple element, one of codes a concept. */
  private static void fits(TargetCriterion test, FhirPlace place) throws Scanner.Unreadable {
    if (place.isWhole() || place.steps().stream().anyMatch(FhirPlace.Step::resolves)) {
      throw new Scanner.Unreadable(
          "A target looks at elements of the resource itself, not at " + place + ".");
    }
    boolean text =
        test instanceof TargetCriterion.Longer
            || test instanceof TargetCriterion.NoneOf
            || test instanceof TargetCriterion.NotLike;
    if (text && !place.isPrimitive()) {
      throw new Scanner.Unreadable(place + " is a " + place.type() + ", which holds no text.");
    }
    boolean codes =
        test instanceof TargetCriterion.MixedFamilies
            || test instanceof TargetCriterion.OtherSystems;
    if (codes && !Set.of("CodeableConcept", "Coding").contains(place.type())) {
      throw new Scanner.Unreadable(place + " is a " + place.type() + ", which holds no codings.");
    }
  }

  private static TargetRule.Outcome outcome(RuleText text, TargetCriterion test)
      throws Scanner.Unreadable {
    List<String> said = OUTCOMES.stream().filter(text::has).toList();
    if (said.size() != 1) {
      throw new Scanner.Unreadable("A rule says one of refused, ignored and required, and why.");
    }
    boolean ignores = said.get(0).equals("ignored");
    if (ignores && test instanceof TargetCriterion.Exactly) {
      throw new Scanner.Unreadable("What must be there cannot be ignored; write refused.");
    }
    return new TargetRule.Outcome(
        !ignores, sentence(text, said.get(0)), text.has("remedy") ? sentence(text, "remedy") : "");
  }

  /** A reason stands after a sentence of ours, and is one itself. */
  static String sentence(RuleText text, String key) {
    String sentence = text.text(key);
    if (!sentence.endsWith(".")) {
      text.fault("Write a sentence with a full stop after '" + key + "'.");
    }
    return sentence;
  }

  private TargetRule.When when(RuleText text, BaseRuntimeElementDefinition<?> at)
      throws Scanner.Unreadable {
    Optional<Condition> fhir = Optional.empty();
    Optional<Condition> v2 = Optional.empty();
    for (String when : text.texts("when")) {
      Condition condition = compiler.condition(when, reader(at));
      if (condition.side().equals(Optional.of(Condition.Side.V2))) {
        v2 = Optional.of(and(v2, condition));
      } else {
        fhir = Optional.of(and(fhir, condition));
      }
    }
    return new TargetRule.When(fhir, v2);
  }

  private static Condition and(Optional<Condition> before, Condition condition) {
    return before
        .<Condition>map(first -> new Condition.And(List.of(first, condition)))
        .orElse(condition);
  }

  private ConditionReader.PlaceReader reader(BaseRuntimeElementDefinition<?> at) {
    return new ConditionReader.PlaceReader() {
      @Override
      public V2Place v2(V2Place place) throws Scanner.Unreadable {
        if (!HEAD.contains(place.owner())) {
          throw new Scanner.Unreadable(
              "A target's condition names fields of MSH and EVN only, not " + place + ".");
        }
        if (compiler.dictionary().find(place) instanceof V2Dictionary.NotFound not) {
          throw new Scanner.Unreadable(not.sentence());
        }
        return place;
      }

      @Override
      public FhirPlace fhir(String path) throws Scanner.Unreadable {
        return compiler.place(at, path);
      }
    };
  }
}
