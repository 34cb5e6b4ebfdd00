package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/** Source: Cerner Millennium R4, RelatedPerson. */
final class RelatedPersonRules implements ResourceRules {
  private final Records records;

  RelatedPersonRules(Records records) {
    this.records = records;
  }

  @Override
  public String type() {
    return "RelatedPerson";
  }

  @Override
  public String interactions() {
    return "rs";
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
}
