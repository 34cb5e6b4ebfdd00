package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the readers of all kinds of files share while one set of rules is compiled. */
final class Compiler {
  private final V2Dictionary dictionary;
  private final FhirModel model;
  private final RuleSet rules;
  private final Map<String, DatatypeMap> datatypes = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  Compiler(V2Dictionary dictionary, FhirModel model, RuleSet rules) {
    this.dictionary = dictionary;
    this.model = model;
    this.rules = rules;
  }

  V2Dictionary dictionary() {
    return dictionary;
  }

  FhirModel model() {
    return model;
  }

  RuleSet rules() {
    return rules;
  }

  Map<String, DatatypeMap> datatypes() {
    return datatypes;
  }

  boolean isUsed(String name) {
    return used.contains(name);
  }

  /** A segment file by {@code PID/Patient} counts as used. */
  void use(String name) {
    used.add(name);
  }

  /** A table by its name; from now on it counts as used. */
  Optional<CodeTable> table(String name) {
    used.add(name);
    return Optional.ofNullable(rules.tables().get(name));
  }

  Optional<VerdictTable> verdicts(String name) {
    used.add(name);
    return Optional.ofNullable(rules.verdicts().get(name));
  }

  Optional<DatatypeMap> datatype(String name) {
    used.add(name);
    return Optional.ofNullable(datatypes.get(name));
  }

  FhirPlace place(BaseRuntimeElementDefinition<?> root, String path) throws Scanner.Unreadable {
    return new FhirPlaceReader(model, this::table, rules.namespaces()::named).read(root, path);
  }

  Condition condition(String text, ConditionReader.PlaceReader places) throws Scanner.Unreadable {
    return new ConditionReader(places, this::table, rules.namespaces()::named).read(text);
  }
}
