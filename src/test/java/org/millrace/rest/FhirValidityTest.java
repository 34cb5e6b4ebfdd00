package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.newcomer;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.OfficialValidator;

/** The judge of what the facade says is the official validator. */
class FhirValidityTest {
  private static final FhirContext MODEL = FhirContext.forR4Cached();
  private static EngineInFrontOfSandbox engine;
  private static OfficialValidator validator;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineInFrontOfSandbox.start();
    validator = new OfficialValidator();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void theCapabilityStatementIsValid() {
    assertValid(engine.get("metadata"));
  }

  @Test
  void bundlesAreValid() {
    assertValid(engine.get("Patient?family=ZZTESTTWIN"));
    assertValid(engine.get("Encounter?patient=12990006&_count=10"));
    assertValid(engine.get("Patient?family=ZZTESTNOBODY"));
    assertValid(engine.get("Observation?patient=12990001&_revinclude=Provenance:target"));
    assertValid(engine.get("Slot?_id=24477854-21304876-61518614-30&_include=Slot:schedule"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DiagnosticReport?patient=12990001",
        "MedicationRequest?patient=12990001",
        "AllergyIntolerance?patient=12990001",
        "Condition?patient=12990001",
        "Immunization?patient=12990001",
        "Coverage?patient=12990001",
        "RelatedPerson?patient=12990002&-relationship-level=Patient",
        "Appointment?patient=12990001",
        "DocumentReference?patient=12990001",
        "Practitioner/593923",
        "Organization/675844",
        "Location/21304876",
        "Schedule?_id=24477854-21304876-61518614-30"
      })
  void theChartIsValid(String search) {
    assertValid(engine.get(search));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "create-patient # {'assigningOrganizationId':'675844','givenName':'Ada','familyName':'ZZTESTVALID',"
            + "'birthDate':'1980-01-01','email':'ada@example.org'} #",
        "create-encounter # {'patientResourceId':'12990003','status':'in-progress','typeCode':'O',"
            + "'organizationResourceId':'675844','start':'2026-11-20T10:00:00Z'} # Encounter.class: minimum",
        "create-observation # {'patientResourceId':'12990001','category':'laboratory','code':'2823-3',"
            + "'effectiveDateTime':'2026-11-20T10:00:00Z','quantity':'4.1','unit':'mmol/L'} #",
        "create-document # {'patientResourceId':'12990001','note':'All is well.'} #",
        "book-appointment # {'patientResourceId':'12990003','reason':'Cough',"
            + "'slotResourceId':'24477854-21304876-61518614-60'} # app-3",
        "propose-appointment # {'patientResourceId':'12990003','locationResourceId':'21304876',"
            + "'serviceTypeSystem':'http://snomed.info/sct','serviceTypeCode':'185389009',"
            + "'start':'2026-11-24T14:00:00Z','end':'2026-11-24T18:00:00Z'} #"
      })
  void whatAnActionFilesIsValidButForWhatCernerDerives(
      String action, String fields, String derived) {
    RestAnswer answer = engine.act(action, fields);
    assertThat(answer.status())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(201);
    JsonNode asked = engine.requests();
    JsonNode body = asked.get(asked.size() - 1).path("body");
    assertThat(body.path("resourceType").asText()).isNotEmpty();
    List<String> errors = validator.errors(body.toString());
    // The class follows from the type, and when an appointment is from its slot.
    assertThat(errors).as(body.toString()).hasSize(derived == null ? 0 : 1);
    assertThat(errors).allMatch(error -> error.contains(derived));
  }

  /** What the other actions file stands in the samples, as it was sent. */
  @Test
  void whatTheSamplesFileIsValid() throws IOException {
    List<String> types = new ArrayList<>();
    for (Path file : sampleRequests()) {
      for (JsonNode asked : json(Files.readAllBytes(file))) {
        JsonNode body = asked.path("body");
        if (body.has("resourceType") && asked.path("status").asInt() < 300) {
          types.add(body.path("resourceType").asText());
          assertThat(validator.errors(body.toString())).as(file.toString()).isEmpty();
        }
      }
    }
    assertThat(types)
        .contains(
            "AllergyIntolerance",
            "Condition",
            "Coverage",
            "DocumentReference",
            "Immunization",
            "MedicationRequest",
            "Organization",
            "Patient",
            "Practitioner",
            "RelatedPerson");
  }

  private static List<Path> sampleRequests() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("samples"))) {
      return files.filter(file -> file.endsWith("2-requests.json")).sorted().toList();
    }
  }

  @Test
  void outcomesAreValid() {
    assertValid(engine.get("Patient/999"));
    assertValid(engine.get("Patient?shoe-size=44&birthdate=x"));
    assertValid(engine.get("Observation/1"));
    assertValid(engine.post("Patient", newcomer("ZZTESTNEW").put("birthDate", "x")));
  }

  private static void assertValid(RestAnswer answer) {
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    assertThat(
            MODEL
                .newJsonParser()
                .setParserErrorHandler(new StrictErrorHandler())
                .parseResource(body))
        .isNotNull();
    assertThat(validator.errors(body)).as(body).isEmpty();
  }
}
