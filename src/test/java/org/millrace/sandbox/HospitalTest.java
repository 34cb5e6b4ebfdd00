package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HospitalTest extends SandboxTest {
  private static final List<String> TYPES =
      List.of(
          "Organization",
          "Practitioner",
          "Location",
          "Patient",
          "Encounter",
          "Schedule",
          "Slot",
          "Appointment",
          "DocumentReference",
          "Binary",
          "Observation",
          "DiagnosticReport",
          "MedicationRequest",
          "AllergyIntolerance",
          "Condition",
          "Immunization",
          "Coverage",
          "RelatedPerson",
          "Provenance");

  @Test
  void everyResourceIsReadByAStrictR4Parser() {
    String document = caller.create("DocumentReference", newDocument());
    caller.create("Patient", newPatient());
    caller.create("Encounter", newEncounter());
    IParser parser = FhirContext.forR4Cached().newJsonParser();
    parser.setParserErrorHandler(new StrictErrorHandler());

    List<String> read = new ArrayList<>();
    for (String type : TYPES) {
      for (JsonNode resource : charted(type)) {
        read.add(parser.parseResource(resource.toString()).getIdElement().getIdPart());
      }
    }
    parser.parseResource(caller.read("metadata").toString());
    parser.parseResource(caller.read("Encounter?patient=12990006").toString());

    assertThat(read).hasSizeGreaterThan(90).contains(document, "12990013", "XR-209990003");
  }

  @Test
  void everyReferenceWithinTheHospitalLeadsSomewhere() {
    List<String> charted = new ArrayList<>();
    TYPES.forEach(
        type -> charted(type).forEach(r -> charted.add(type + "/" + r.path("id").asText())));
    for (String type : TYPES) {
      for (JsonNode resource : charted(type)) {
        assertThat(resource.findValuesAsText("reference"))
            .filteredOn(reference -> !reference.startsWith("RelatedPerson/"))
            .isSubsetOf(charted);
      }
    }
  }

  @Test
  void everyPersonIsMarkedAsInvented() {
    for (JsonNode patient : charted("Patient")) {
      assertThat(patient.findValuesAsText("family"))
          .allSatisfy(family -> assertThat(family).startsWith("ZZTEST"));
      patient
          .path("identifier")
          .forEach(
              identifier -> assertThat(identifier.path("value").asText("9900")).startsWith("9900"));
    }
  }

  @Test
  void theTableOfTheHospitalNamesEveryPatient() throws IOException {
    try (InputStream table = Sandbox.class.getResourceAsStream("hospital.md")) {
      assertThat(table).isNotNull();
      String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
      for (JsonNode patient : charted("Patient")) {
        String name = patient.at("/name/0/text").asText("absent");
        String number = "absent";
        for (JsonNode identifier : patient.path("identifier")) {
          if (identifier.path("system").asText("").equals(MRN_SYSTEM)) {
            number = identifier.path("value").asText("absent");
          }
        }
        assertThat(text)
            .contains("| " + patient.path("id").asText() + " | " + number + " | " + name + " |");
      }
    }
  }

  private static JsonNode charted(String type) {
    return Caller.json(caller.control("GET", "/resources/" + type, ""));
  }
}
