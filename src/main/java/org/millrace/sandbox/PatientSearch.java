package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finding patients. Source: Cerner Millennium R4, Patient, Search. */
final class PatientSearch {
  private static final int PAGE = 20;
  private static final int MOST = 1000;

  private static final List<String> ONE_OF =
      List.of(
          "identifier",
          "name",
          "name:exact",
          "family",
          "family:exact",
          "given",
          "given:exact",
          "phone",
          "email",
          "address-postalcode");
  private static final Set<String> KEPT =
      Set.of(
          "identifier",
          "name",
          "family",
          "given",
          "birthdate",
          "phone",
          "email",
          "address-postalcode",
          "gender",
          "_count");

  private final Records records;

  PatientSearch(Records records) {
    this.records = records;
  }

  Found find(SearchParameters query) {
    requireSomething(query);
    List<DateCriterion> births = births(query);
    Set<String> ids = Set.copyOf(query.choices("_id"));
    List<ObjectNode> matches =
        records.all("Patient").stream()
            .filter(patient -> !PatientRules.isCombined(patient))
            .filter(patient -> ids.isEmpty() || ids.contains(patient.path("id").asText()))
            .filter(patient -> ONE_OF.stream().allMatch(name -> fits(query, name, patient)))
            .filter(patient -> fits(query, "gender", patient))
            .filter(patient -> DateCriterion.matches(births, patient.path("birthDate")))
            .toList();
    if (matches.size() > MOST) {
      throw Refusal.unprocessable("more than 1000 patients match");
    }
    return query.hasAny("_id", "identifier")
        ? new Found(matches, PAGE, KEPT)
        : new Found(matches, query.count(PAGE, MOST), KEPT);
  }

  private static void requireSomething(SearchParameters query) {
    boolean something = query.hasAny("_id", "birthdate") || ONE_OF.stream().anyMatch(query::has);
    if (!something) {
      throw Refusal.badSearch(
          "at least one of _id, identifier, name, family, given, birthdate, phone, email,"
              + " address-postalcode, or -pageContext must be provided");
    }
    for (String name : ONE_OF) {
      query
          .single(name)
          .filter(SearchParameters::holdsSeveral)
          .ifPresent(
              value -> {
                throw Refusal.badSearch(name + " must be a single value");
              });
    }
  }

  private static List<DateCriterion> births(SearchParameters query) {
    List<DateCriterion> births = DateCriterion.all(query, "birthdate");
    boolean pair = DateCriterion.isPair(births, Set.of("ge"), Set.of("le"));
    if (births.size() > 1 && !pair) {
      throw Refusal.badSearch("birthdate may be provided once, or twice with ge and le");
    }
    if (births.stream().anyMatch(birth -> birth.time().hasTime())) {
      throw Refusal.badSearch("birthdate must be provided without a time");
    }
    return births;
  }

  private boolean fits(SearchParameters query, String name, ObjectNode patient) {
    return query
        .single(name)
        .map(value -> fits(name, SearchParameters.unescaped(value), patient))
        .orElse(true);
  }

  private boolean fits(String name, String value, ObjectNode patient) {
    boolean exact = name.endsWith(":exact");
    return switch (exact ? name.substring(0, name.indexOf(':')) : name) {
      case "identifier" -> hasIdentifier(patient, value);
      case "family" -> names(patient, "family").anyMatch(text -> like(text, value, exact));
      case "given" -> names(patient, "given").anyMatch(text -> like(text, value, exact));
      case "name" ->
          Stream.concat(names(patient, "family"), names(patient, "given"))
              .anyMatch(text -> like(text, value, exact));
      case "gender" -> patient.path("gender").asText("").equals(value);
      case "address-postalcode" ->
          values(patient, "address", "postalCode").anyMatch(text -> like(text, value, false));
      default -> // phone, email
          Json.list(patient, "telecom").stream()
              .filter(telecom -> telecom.path("system").asText("").equals(name))
              .anyMatch(telecom -> like(telecom.path("value").asText(""), value, false));
    };
  }

  private boolean hasIdentifier(ObjectNode patient, String token) {
    if (records.hasUnshown(patient.path("id").asText(), token.substring(token.indexOf('|') + 1))) {
      return true;
    }
    return hasIdentifier(Json.list(patient, "identifier"), token);
  }

  /** Whether one of the identifiers is {@code system|value}, or has the bare value. */
  static boolean hasIdentifier(List<JsonNode> identifiers, String token) {
    int bar = token.indexOf('|');
    String value = token.substring(bar + 1);
    return identifiers.stream()
        .filter(known -> known.path("value").asText("").equals(value))
        .anyMatch(
            known -> bar < 0 || known.path("system").asText("").equals(token.substring(0, bar)));
  }

  /** Names that have ended are not searched. */
  private Stream<String> names(ObjectNode patient, String field) {
    String now = records.instant();
    return Json.list(patient, "name").stream()
        .filter(name -> name.path("period").path("end").asText("9999").compareTo(now) > 0)
        .flatMap(
            name ->
                name.path(field).isArray()
                    ? Json.list(name, field).stream()
                    : Stream.of(name.path(field)))
        .map(JsonNode::asText);
  }

  private static Stream<String> values(ObjectNode patient, String list, String field) {
    return Json.list(patient, list).stream().map(element -> element.path(field).asText(""));
  }

  private static boolean like(String text, String value, boolean exact) {
    return exact
        ? text.equals(value)
        : text.toUpperCase(Locale.ROOT).startsWith(value.toUpperCase(Locale.ROOT));
  }
}
