package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatientsNamedTest {
  @ParameterizedTest
  @CsvSource({
    "GET, Patient/12, '', 12",
    "GET, Encounter?patient=12, '', 12",
    "GET, Encounter?patient=Patient/12, '', 12",
    "GET, Patient?_id=12, '', 12",
    "GET, Encounter?_id=12, '', ''",
    "GET, Encounter/12, '', ''",
    "POST, Patient/_search, 'family=X', ''",
    "POST, get-patient, '{\"resourceId\":\"12\"}', 12",
    "POST, get-encounter, '{\"resourceId\":\"12\"}', ''",
    "POST, get-patient-encounters, '{\"patientResourceId\" : \"12\"}', 12",
    "POST, get-patient-encounters, '{\"\\u0070atientResourceId\":\n\t\"1\\u0032\"}', 12",
    "POST, patch-patient, '{\"resourceId\":\"12\",\"x\":\"y\"}', 12",
    "POST, create-document, '{\"description\":\"the patientId\",\"x\":\"patientId:9\"}', ''",
    "POST, DocumentReference, '{\"subject\":{\"reference\":\"Patient\\/12\"}}', 12",
    "GET, Encounter?patient:Patient=12, '', 12",
    "POST, DocumentReference, '{\"subject\":{\"reference\":\"Patient/12\"}}', 12",
  })
  void aRequestNamesThem(String method, String path, String body, String patients) {
    assertThat(PatientsNamed.inRequest(request(method, path, Map.of(), body)))
        .containsExactlyElementsOf(patients.isEmpty() ? List.of() : List.of(patients));
  }

  @ParameterizedTest
  @CsvSource({
    "Encounter/_search, patient=12, 12",
    "Encounter/_search, patient=Patient%2F12&date=ge2026, 12",
    "Encounter/_search?subject=7, patient=Patient%2F12, 7 12",
    "Patient/_search, '_id=12,13', 12 13",
    "Encounter/_search, _id=12, ''",
  })
  void aPostedSearchNamesThem(String path, String form, String patients) {
    assertThat(
            PatientsNamed.inRequest(
                request("POST", path, Map.of("content-type", MediaTypes.FORM), form)))
        .containsExactlyElementsOf(patients.isEmpty() ? List.of() : List.of(patients.split(" ")));
  }

  private static List<String> in(String body, Map<String, String> headers, boolean ofPatients) {
    return List.copyOf(
        PatientsNamed.inAnswer(
            new RestAnswer(200, headers, body.getBytes(StandardCharsets.UTF_8)), ofPatients));
  }

  @Test
  void anAnswerNamesThem() {
    assertThat(
            in(
                "{\"entry\":[{\"fullUrl\":\"http://x/fhir/r4/Patient/1\"},"
                    + "{\"resource\":{\"subject\":{\"reference\":\"Patient/2\"}}},"
                    + "{\"x\":\"RelatedPatient/3\"},{\"y\":\"Patient/\"},{\"p\":\"Patient/1\"}]}",
                Map.of(),
                false))
        .containsExactly("1", "2");
    assertThat(in("{\"patientId\":\"4\"}", Map.of(), false)).containsExactly("4");
    assertThat(in("{\"resourceId\":\"5\"}", Map.of(), true)).containsExactly("5");
    assertThat(in("{\"resourceId\":\"5\"}", Map.of(), false)).isEmpty();
    assertThat(in("", Map.of("Location", "http://x/fhir/r4/Patient/6"), false))
        .containsExactly("6");
    assertThat(in("Patient/" + "9".repeat(65) + " \"patientId\":", Map.of(), true)).isEmpty();
  }
}
