package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compiles the files under {@code datatypes/}. Used at load only. */
final class DatatypeFiles {
  private static final Set<String> KEYS =
      Set.of("datatype", "fhir", "makes", "same-by", "source", "needs", "when", "rules");
  private final Compiler compiler;
  private final Map<String, RuleText> files;

  /**
   * @param files by name, {@code XPN-HumanName}
   */
  DatatypeFiles(Compiler compiler, Map<String, RuleText> files) {
    this.compiler = compiler;
    this.files = files;
  }

  /** From now on rules may name them. */
  void declare() {
    files.forEach(this::declare);
  }

  /** Reads their rules; data types may name each other, so all are declared before. */
  void complete() {
    files.forEach(this::complete);
    files.forEach(this::make);
    files.forEach(
        (name, text) -> {
          if (!compiler.isUsed(name)) {
            text.warning("No rule names this data type.");
          }
        });
  }

  private void declare(String name, RuleText text) {
    text.allow(KEYS);
    text.required("source");
    String v2 = text.required("datatype");
    String fhir = text.required("fhir");
    if (!v2.isEmpty() && !compiler.dictionary().hasType(v2)) {
      text.get("datatype").orElseThrow().fault("HL7 v2.5.1 has no data type " + v2 + ".");
    }
    if (type(fhir).isEmpty()) {
      text.get("fhir").ifPresent(at -> at.fault("FHIR R4 has no data type " + fhir + "."));
    }
    compiler
        .datatypes()
        .put(name, new DatatypeMap(new DatatypeMap.Head(name, v2, fhir, text.where())));
  }

  private Optional<BaseRuntimeElementDefinition<?>> type(String name) {
    return name.isEmpty()
        ? Optional.empty()
        : compiler.model().type(name).or(() -> compiler.model().resource(name));
  }

  private boolean isResource(String name) {
    return compiler.model().type(name).isEmpty() && compiler.model().resource(name).isPresent();
  }

  private void complete(String name, RuleText text) {
    DatatypeMap map = compiler.datatypes().get(name);
    if (map == null || type(map.head().fhirType()).isEmpty()) {
      return;
    }
    BaseRuntimeElementDefinition<?> root = type(map.head().fhirType()).orElseThrow();
    RuleReader reader =
        new RuleReader(compiler, new RuleReader.Scope(map.head().v2Type(), Optional.of(root)));
    map.complete(reader.read(text.items("rules")), needs(text, root, reader), sameBy(text, root));
  }

  private DatatypeMap.Needs needs(
      RuleText text, BaseRuntimeElementDefinition<?> root, RuleReader reader) {
    List<V2Place> v2 = new ArrayList<>();
    List<FhirPlace> fhir = new ArrayList<>();
    for (RuleText need : text.items("needs")) {
      Optional<V2Place> place = V2Place.parse(need.scalar());
      if (place.isPresent()) {
        v2.add(place.get());
      } else {
        place(need, root).ifPresent(fhir::add);
      }
    }
    return new DatatypeMap.Needs(v2, fhir, text.get("when").flatMap(at -> when(at, reader)));
  }

  private Optional<Condition> when(RuleText at, RuleReader reader) {
    try {
      return Optional.of(compiler.condition(at.scalar(), reader.places(Optional.empty())));
    } catch (Scanner.Unreadable e) {
      at.fault(e.sentence());
      return Optional.empty();
    }
  }

  private Optional<FhirPlace> place(RuleText at, BaseRuntimeElementDefinition<?> root) {
    try {
      return Optional.of(compiler.place(root, at.scalar()));
    } catch (Scanner.Unreadable e) {
      at.fault(e.sentence());
      return Optional.empty();
    }
  }

  private List<List<FhirPlace>> sameBy(RuleText text, BaseRuntimeElementDefinition<?> root) {
    List<List<FhirPlace>> all = new ArrayList<>();
    for (RuleText list : text.items("same-by")) {
      List<FhirPlace> places = new ArrayList<>();
      list.items().forEach(at -> place(at, root).ifPresent(places::add));
      if (!places.isEmpty()) {
        all.add(List.copyOf(places));
      }
    }
    if (!all.isEmpty() && !isResource(text.text("fhir"))) {
      text.get("same-by")
          .ifPresent(at -> at.fault("Only of a resource there is one for several values."));
    }
    return all;
  }

  private void make(String name, RuleText text) {
    Optional<RuleText> makes = text.get("makes");
    DatatypeMap map = compiler.datatypes().get(name);
    if (makes.isEmpty() || map == null) {
      return;
    }
    RuleText at = makes.get();
    Optional<DatatypeMap> by = compiler.datatype(at.scalar());
    if (by.isEmpty()) {
      at.fault("There is no file datatypes/" + at.scalar() + ".yaml.");
      return;
    }
    Optional<String> fault = fault(map.head(), by.get().head());
    fault.ifPresent(at::fault);
    if (fault.isEmpty()) {
      map.make(by.get(), reference(), at.where());
    }
  }

  /** Why one file cannot make the resource that another refers to. */
  private Optional<String> fault(DatatypeMap.Head from, DatatypeMap.Head by) {
    if (!from.fhirType().equals("Reference")) {
      return Optional.of(
          "Only a Reference names a resource; this file makes " + from.fhirType() + ".");
    }
    if (!isResource(by.fhirType())) {
      return Optional.of(by.name() + " makes " + by.fhirType() + ", which is no resource.");
    }
    if (!by.v2Type().equals(from.v2Type())) {
      return Optional.of(
          by.name() + " reads " + by.v2Type() + ", but this file " + from.v2Type() + ".");
    }
    RuleText other = files.get(by.name());
    return other != null && other.has("same-by")
        ? Optional.empty()
        : Optional.of(
            "Say in "
                + by.name()
                + " under 'same-by' when two values are of one "
                + by.fhirType()
                + ".");
  }

  private FhirPlace reference() {
    try {
      return compiler.place(type("Reference").orElseThrow(), "reference");
    } catch (Scanner.Unreadable e) {
      throw new IllegalStateException("FHIR R4 has no Reference.reference", e);
    }
  }
}
