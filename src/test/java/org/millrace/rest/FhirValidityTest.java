package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.newcomer;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        "RelatedPerson?patient=12990002&-relationship-level=Patient"
      })
  void theChartIsValid(String search) {
    assertValid(engine.get(search));
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
