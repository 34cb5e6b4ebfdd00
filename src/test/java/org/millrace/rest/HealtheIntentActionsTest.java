package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealtheIntentActionsTest {
  private static EngineInFrontOfSandbox engine;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineInFrontOfSandbox.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void reset() {
    engine.reset();
  }

  @ParameterizedTest
  @CsvSource({"demographics,2", "allergies,3", "conditions,1", "observations,1", "encounters,1"})
  void aListIsReadByPatientIdAndByRecordNumber(String list, int entries) {
    for (String who : new String[] {"'patientResourceId':'12990001'", "'mrn':'9900101'"}) {
      RestAnswer answer = engine.act("healtheintent-list-" + list, "{" + who + "}");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(json(answer).path(list)).hasSize(entries);
    }
  }

  @Test
  void patientsDocumentsAndPersonnelAreFound() {
    assertThat(
            json(engine.act("healtheintent-find-patient", "{'mrn':'9900101'}"))
                .path("healtheIntentId")
                .asText())
        .isNotEmpty();
    assertThat(
            json(engine.act(
                    "healtheintent-get-document",
                    "{'patientResourceId':'12990001','documentId':'doc-12990001-1'}"))
                .at("/document/id")
                .asText())
        .isEqualTo("doc-12990001-1");
    assertThat(
            json(engine.act("healtheintent-find-personnel", "{'npi':'9900000026'}"))
                .path("personnel"))
        .hasSize(1);
  }

  @Test
  void nobodyAndSeveralAreToldApart() {
    RestAnswer nobody =
        engine.act("healtheintent-list-allergies", "{'patientResourceId':'12990015'}");
    assertThat(nobody.status()).isEqualTo(404);
    assertThat(json(nobody).path("code").asText()).isEqualTo("not-found");
    RestAnswer several = engine.act("healtheintent-list-allergies", "{'mrn':'9900110'}");
    assertThat(several.status()).isEqualTo(409);
    assertThat(json(several).path("code").asText()).isEqualTo("several-patients");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|patientResourceId",
        "{'patientResourceId':'1','mrn':'2'}|patientResourceId",
        "{'patientResourceId':'1','system':'urn:oid:1.2'}|system",
        "{'mrn':'1 2'}|mrn",
        "{'npi':'1'}|npi"
      })
  void aPatientIsNamedInOneWay(String fields, String place) {
    RestAnswer answer = engine.act("healtheintent-list-allergies", fields);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).at("/errors/0/field").asText()).isEqualTo(place);
  }

  @Test
  void aFailingHealtheIntentIsNoEmptyList() {
    engine.faults("[{'path':'healtheintent/allergy','status':503}]");
    RestAnswer answer =
        engine.act("healtheintent-list-allergies", "{'patientResourceId':'12990001'}");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(json(answer).path("code").asText()).isEqualTo("unavailable");
  }

  @Test
  void whereItIsNotSetUpTheActionsAreNotThere() {
    Actions without =
        new Actions(
            engine.cerner,
            ActionRules.of(EngineInFrontOfSandbox.MAPPER, false),
            null,
            engine.settings,
            java.time.Clock.systemUTC(),
            Optional.empty());
    RestAnswer answer =
        without.handle(request("POST", "/healtheintent-find-patient", Map.of(), "{}"));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(json(answer).path("detail").asText()).contains("MILLRACE_HEALTHEINTENT_URL");
  }

  @Test
  void aPatientIsNamedByTheFieldThatIsNotNull() {
    for (String who :
        new String[] {
          "'patientResourceId':null,'mrn':'9900101','system':null",
          "'patientResourceId':'12990001','mrn':null"
        }) {
      RestAnswer answer = engine.act("healtheintent-list-allergies", "{" + who + "}");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(json(answer).path("allergies")).hasSize(3);
    }
  }
}
