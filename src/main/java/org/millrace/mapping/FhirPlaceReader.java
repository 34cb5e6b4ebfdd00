package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads FHIR paths and checks every step against the R4 model. Used at load only. */
final class FhirPlaceReader {
  private static final Pattern NUMBERED = Pattern.compile("(\\d{1,3})(\\.\\.)?");
  private final FhirModel model;
  private final Function<String, Optional<CodeTable>> tables;
  private final Function<String, Optional<String>> systems;

  FhirPlaceReader(
      FhirModel model,
      Function<String, Optional<CodeTable>> tables,
      Function<String, Optional<String>> systems) {
    this.model = model;
    this.tables = tables;
    this.systems = systems;
  }

  /** Takes the text of one path off a condition: up to a blank or an operator outside brackets. */
  static String take(Scanner scanner) throws Scanner.Unreadable {
    StringBuilder text = new StringBuilder();
    while (true) {
      text.append(scanner.word(".-$"));
      if (scanner.peek() == '[') {
        text.append('[').append(scanner.bracketed('[', ']')).append(']');
      } else if (scanner.peek() == '(' && text.length() > 0) {
        text.append('(').append(scanner.bracketed('(', ')')).append(')');
      } else {
        return text.toString();
      }
    }
  }

  /** Where a path has come to: a definition, or nothing known (behind {@code resolve()}). */
  private record At(Optional<BaseRuntimeElementDefinition<?>> definition) {
    static final At UNKNOWN = new At(Optional.empty());

    static At of(BaseRuntimeElementDefinition<?> definition) {
      return new At(Optional.of(definition));
    }

    boolean isPrimitive() {
      return definition.isPresent()
          && !(definition.get() instanceof BaseRuntimeElementCompositeDefinition);
    }
  }

  /**
   * Reads a path.
   *
   * @param root the resource or data type it starts from
   */
  FhirPlace read(BaseRuntimeElementDefinition<?> root, String text) throws Scanner.Unreadable {
    if (text.equals("$this")) {
      return new FhirPlace(text, List.of(), typeName(At.of(root)), "");
    }
    Scanner scanner = new Scanner(text);
    List<FhirPlace.Step> steps = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    At at = At.of(root);
    do {
      at = step(scanner, at, steps);
      while (ends.size() < steps.size()) {
        ends.add(scanner.position());
      }
    } while (scanner.take("."));
    if (!scanner.atEnd()) {
      throw new Scanner.Unreadable(
          "'" + scanner.rest() + "' is left over in the path " + text + ".");
    }
    int spread = -1;
    for (int i = 0; i < steps.size(); i++) {
      FhirPlace.Step step = steps.get(i);
      if (step.list() && (step.span().from() == FhirPlace.ANY || step.span().rest())) {
        spread = i;
      }
    }
    if (spread >= 0) {
      steps.set(spread, steps.get(spread).spreading());
    }
    String list = spread >= 0 ? text.substring(0, ends.get(spread)) : "";
    return new FhirPlace(text, List.copyOf(steps), typeName(at), list);
  }

  private static String typeName(At at) {
    return at.definition().map(BaseRuntimeElementDefinition::getName).orElse("");
  }

  private At step(Scanner scanner, At at, List<FhirPlace.Step> steps) throws Scanner.Unreadable {
    String name = scanner.word("");
    if (name.equals("extension")) {
      return extension(scanner, at, steps);
    }
    if (name.equals("modifierExtension")) {
      // HAPI has it in the model of no resource; a path names all of them at once.
      steps.add(new FhirPlace.Step(name, true, FhirPlace.Span.ALL, false, "", Optional.empty()));
      return At.of(model.type("Extension").orElseThrow());
    }
    if (name.equals("resolve")) {
      scanner.expect("()");
      steps.add(
          new FhirPlace.Step(
              FhirPlace.Step.RESOLVE, false, FhirPlace.Span.ALL, false, "", Optional.empty()));
      return At.UNKNOWN;
    }
    if (at.definition().isEmpty()) {
      return unchecked(scanner, name, steps);
    }
    if (name.equals("type") && typeName(at).equals("Reference") && scanner.take("()")) {
      steps.add(
          new FhirPlace.Step(
              FhirPlace.Step.TYPE, false, FhirPlace.Span.ALL, false, "", Optional.empty()));
      return At.of(model.type("uri").orElseThrow());
    }
    if (!(at.definition().get() instanceof BaseRuntimeElementCompositeDefinition<?> composite)) {
      throw new Scanner.Unreadable(typeName(at) + " has no element '" + name + "'.");
    }
    BaseRuntimeChildDefinition child = composite.getChildByName(name);
    if (child == null || child.getChildByName(name) == null) {
      throw new Scanner.Unreadable(
          composite.getName() + " has no element '" + name + "' in FHIR R4.");
    }
    BaseRuntimeElementDefinition<?> below = child.getChildByName(name);
    boolean list = child.getMax() != 1;
    FhirPlace.Span span = FhirPlace.Span.ALL;
    Optional<Condition> filter = Optional.empty();
    while (scanner.peek() == '[') {
      String inside = scanner.bracketed('[', ']');
      Matcher numbered = NUMBERED.matcher(inside);
      if (numbered.matches()) {
        span = new FhirPlace.Span(Integer.parseInt(numbered.group(1)), numbered.group(2) != null);
      } else {
        filter = Optional.of(filter(below, inside));
      }
      if (!list) {
        throw new Scanner.Unreadable("'" + name + "' does not repeat, so it takes no brackets.");
      }
    }
    steps.add(new FhirPlace.Step(name, list, span, false, "", filter));
    return At.of(below);
  }

  private Condition filter(BaseRuntimeElementDefinition<?> element, String text)
      throws Scanner.Unreadable {
    ConditionReader.PlaceReader places =
        new ConditionReader.PlaceReader() {
          @Override
          public V2Place v2(V2Place place) throws Scanner.Unreadable {
            throw new Scanner.Unreadable("Brackets in a FHIR path hold FHIR paths, not " + place);
          }

          @Override
          public FhirPlace fhir(String path) throws Scanner.Unreadable {
            return read(element, path);
          }
        };
    return new ConditionReader(places, tables, systems).read(text);
  }

  private static At unchecked(Scanner scanner, String name, List<FhirPlace.Step> steps)
      throws Scanner.Unreadable {
    if (name.isEmpty()) {
      throw new Scanner.Unreadable("A name is missing at '" + scanner.rest() + "'.");
    }
    steps.add(new FhirPlace.Step(name, false, FhirPlace.Span.ALL, false, "", Optional.empty()));
    return At.UNKNOWN;
  }

  private At extension(Scanner scanner, At at, List<FhirPlace.Step> steps)
      throws Scanner.Unreadable {
    if (at.isPrimitive() && !steps.isEmpty()) {
      FhirPlace.Step primitive = steps.remove(steps.size() - 1);
      if (primitive.list()) {
        throw new Scanner.Unreadable(
            "Extensions on the repeating '" + primitive.name() + "' cannot be named here.");
      }
      steps.add(
          new FhirPlace.Step(
              "_" + primitive.name(), false, FhirPlace.Span.ALL, false, "", Optional.empty()));
    }
    scanner.expect("(");
    String url = scanner.quoted();
    scanner.expect(")");
    steps.add(
        new FhirPlace.Step("extension", true, FhirPlace.Span.ALL, false, url, Optional.empty()));
    return At.of(model.type("Extension").orElseThrow());
  }
}
