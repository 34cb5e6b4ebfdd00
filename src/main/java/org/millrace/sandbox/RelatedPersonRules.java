package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Source: Cerner Millennium R4, RelatedPerson. */
final class RelatedPersonRules implements ResourceRules {
  private static final List<String> KEPT =
      List.of(
          "patient",
          "relationship",
          "name",
          "identifier",
          "telecom",
          "address",
          "gender",
          "birthDate",
          "communication",
          "extension");

  private final Records records;
  private final CernerShape shape;
  private final PatientPatch patch;

  RelatedPersonRules(Records records, CernerShape shape) {
    this.records = records;
    this.shape = shape;
    patch = new PatientPatch(records, shape);
  }

  @Override
  public String type() {
    return "RelatedPerson";
  }

  @Override
  public String interactions() {
    return "rscp";
  }

  @Override
  public Found search(SearchParameters query) {
    boolean ofPatient = query.hasAny("patient", "identifier");
    if (!ofPatient && !query.hasAny("_id", "-encounter")) {
      throw Refusal.badSearch(
          "at least one of _id, -encounter, patient, identifier, or -pageContext must be provided");
    }
    if (ofPatient && !query.single("-relationship-level").orElse("").equals("Patient")) {
      throw Refusal.badSearch(
          "-relationship-level must be provided as Patient with patient or identifier");
    }
    List<String> ids = query.choices("_id");
    String patient = query.single("patient").orElse("");
    String identifier = query.single("identifier").orElse("");
    boolean ofEncounter = query.has("-encounter");
    Stream<ObjectNode> matches =
        records.all("RelatedPerson").stream()
            .filter(person -> ids.isEmpty() || ids.contains(person.path("id").asText()))
            .filter(
                person ->
                    patient.isEmpty()
                        || EncounterRules.isOf(person.path("patient"), "Patient", patient))
            .filter(
                person ->
                    identifier.isEmpty()
                        || PatientSearch.hasIdentifier(Json.list(person, "identifier"), identifier))
            // The seed's persons are the patients' own, not those of one visit.
            .filter(person -> !ofEncounter || person.path("id").asText().startsWith("E-"));
    return Found.onOnePage(matches.toList());
  }

  /** One of a visit is told by its id. */
  @Override
  public ObjectNode create(ObjectNode sent) {
    check(sent);
    String encounter = encounterOf(sent);
    String person = records.newId("RelatedPerson");
    String id =
        encounter.isEmpty()
            ? person + "-" + sent.at("/patient/reference").asText().replaceFirst("^Patient/", "")
            : "E-" + person + "-" + encounter;
    ObjectNode kept = ChartRules.kept(sent, id, KEPT).put("active", true);
    shape.asRead(kept);
    records.add(kept, "0");
    return kept;
  }

  @Override
  public void patch(ObjectNode stored, ArrayNode operations) {
    patch.apply(stored, operations);
  }

  private static String encounterOf(ObjectNode sent) {
    return Json.list(sent, "extension").stream()
        .map(extension -> extension.at("/valueReference/reference").asText())
        .filter(reference -> reference.startsWith("Encounter/"))
        .map(reference -> reference.substring("Encounter/".length()))
        .findFirst()
        .orElse("");
  }

  private void check(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.require(
        records.find("Patient", sent.path("patient")).isPresent(), "patient is no patient here");
    Rule.require(
        sent.path("relationship").size() == 1 && sent.at("/relationship/0/coding").size() == 1,
        "exactly one relationship with one coding is needed");
    Rule.require(sent.path("name").size() == 1, "exactly one name is needed");
    JsonNode name = sent.path("name").path(0);
    Rule.require(name.path("use").asText().equals("official"), "the name is the official one");
    Rule.requireAbsent(name, "text", "name");
    Rule.require(name.has("family") || !name.path("given").isEmpty(), "a name has family or given");
    Rule.require(sent.path("active").asBoolean(true), "active can only be true");
    Rule.require(sent.path("communication").size() <= 1, "only one communication is supported");
    sent.path("identifier").forEach(PatientCreate::checkIdentifier);
    for (JsonNode telecom : sent.path("telecom")) {
      PatientCreate.checkTelecom(telecom);
      Rule.requireOneOf(telecom, "system", Set.of("phone", "email"));
    }
    for (JsonNode address : sent.path("address")) {
      PatientCreate.checkAddress(address);
      Rule.require(address.path("line").size() <= 4, "an address has four lines at most");
    }
  }
}
