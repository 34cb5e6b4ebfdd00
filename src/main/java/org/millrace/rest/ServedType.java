package org.millrace.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One row of what the FHIR facade serves; handlers, CapabilityStatement and OpenAPI are made from
 * {@link #TABLE}. Source: Cerner Millennium R4, the pages of each resource.
 *
 * @param required in words, what a search needs at least; empty if it cannot be searched
 */
record ServedType(
    String name, Set<Interaction> interactions, List<SearchParameter> search, String required) {

  /** What can be done with a type; the codes of FHIR R4's type-restful-interaction. */
  enum Interaction {
    READ("read"),
    SEARCH("search-type"),
    CREATE("create");

    private final String code;

    Interaction(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  /**
   * One search parameter.
   *
   * @param type the code of FHIR R4's search-param-type
   * @param modifiers those taken, without the colon
   * @param atMost how often it may stand in one search
   */
  record SearchParameter(
      String name, String type, Set<String> modifiers, int atMost, String documentation) {}

  static final List<ServedType> TABLE =
      List.of(
          new ServedType(
              "Patient",
              Set.of(Interaction.READ, Interaction.SEARCH, Interaction.CREATE),
              List.of(
                  once("_id", "token", "the patient's id; goes alone"),
                  once("identifier", "token", "system|value, or a value in all systems"),
                  name("family", "the start of a current family name"),
                  name("given", "the start of a current given name"),
                  name("name", "the start of any part of a current name"),
                  new SearchParameter(
                      "birthdate",
                      "date",
                      Set.of(),
                      2,
                      "a date with eq, ge, gt, le, lt or no prefix; twice as ge and le"),
                  once("gender", "token", "narrows a search that has another parameter"),
                  once("_count", "number", "matches on a page")),
              "at least one of _id, identifier, family, given, name or birthdate"),
          new ServedType(
              "Encounter",
              Set.of(Interaction.READ, Interaction.SEARCH),
              List.of(
                  once("_id", "token", "the encounter's id; goes alone"),
                  once("patient", "reference", "the patient's id, alone or as Patient/id"),
                  once("_count", "number", "matches on a page; with patient only")),
              "exactly one of _id or patient"),
          new ServedType("Appointment", Set.of(Interaction.READ), List.of(), ""),
          new ServedType(
              "DocumentReference", Set.of(Interaction.READ, Interaction.CREATE), List.of(), ""));

  private static SearchParameter once(String name, String type, String documentation) {
    return new SearchParameter(name, type, Set.of(), 1, documentation);
  }

  private static SearchParameter name(String name, String documentation) {
    return new SearchParameter(name, "string", Set.of("exact"), 1, documentation);
  }

  static Optional<ServedType> named(String name) {
    return TABLE.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  static List<String> names() {
    return TABLE.stream().map(ServedType::name).toList();
  }

  boolean serves(Interaction interaction) {
    return interactions.contains(interaction);
  }

  /** By its name without modifier. */
  Optional<SearchParameter> parameter(String parameter) {
    return search.stream().filter(one -> one.name().equals(parameter)).findFirst();
  }

  /** The methods of {@code /Type}. */
  List<String> methodsOfType() {
    List<String> methods = new ArrayList<>();
    if (serves(Interaction.SEARCH)) {
      methods.add("GET");
    }
    if (serves(Interaction.CREATE)) {
      methods.add("POST");
    }
    return methods;
  }
}
