package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.app.Typed.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine in front of a FHIR server that is not the sandbox and asks for no token. */
final class ForeignServerTest {
  private static final String NUMBERS = "http://hospital.example/numbers";

  /** More than the server tells on two pages. */
  private static final int PAGED = 2 * PlainFhirServer.PAGE + 3;

  @TempDir static Path data;

  private static PlainFhirServer server;
  private static Engine engine;
  private static String patientId = "";

  @BeforeAll
  static void start() throws Exception {
    server = new PlainFhirServer();
    patientId = server.patients.add(patient("ZZTESTFOREIGN", "GERDA", "4711")).getIdPart();
    server.patients.add(patient("ZZTESTOTHER", "PAUL", "4712"));
    server.encounters.add(encounter(patientId));
    for (int i = 0; i < PAGED; i++) {
      server.patients.add(patient("ZZTESTPAGED", "NR" + i, Integer.toString(5000 + i)));
    }
    Map<String, String> values = new TreeMap<>();
    values.put("MILLRACE_AUTH", "none");
    values.put("MILLRACE_FHIR_BASE_URL", server.baseUrl());
    values.put("MILLRACE_MRN_SYSTEM", NUMBERS);
    values.put("MILLRACE_TARGET", "none");
    values.put("MILLRACE_MLLP_PORT", "0");
    values.put("MILLRACE_HTTP_PORT", "0");
    values.put("MILLRACE_MANAGEMENT_PORT", "0");
    values.put("MILLRACE_CONSOLE_PORT", "none");
    values.put("MILLRACE_DATA", data.toString());
    engine = SandboxBench.engine(values);
  }

  @AfterAll
  static void stop() throws Exception {
    engine.close();
    server.close();
  }

  private static Patient patient(String family, String given, String mrn) {
    Patient patient = new Patient();
    patient
        .addIdentifier()
        .setSystem(NUMBERS)
        .setValue(mrn)
        .getType()
        .addCoding()
        .setSystem("http://terminology.hl7.org/CodeSystem/v2-0203")
        .setCode("MR");
    patient.addName().setFamily(family).addGiven(given);
    patient.setBirthDateElement(new DateType("1970-02-03"));
    patient.setGender(AdministrativeGender.FEMALE);
    return patient;
  }

  private static Encounter encounter(String patient) {
    Encounter encounter = new Encounter();
    encounter.setStatus(Encounter.EncounterStatus.INPROGRESS);
    encounter
        .getClass_()
        .setSystem("http://terminology.hl7.org/CodeSystem/v3-ActCode")
        .setCode("IMP");
    encounter.setSubject(new Reference("Patient/" + patient));
    encounter.getPeriod().setStartElement(new DateTimeType("2026-11-18T08:00:00Z"));
    return encounter;
  }

  /** The number alone, as a sender writes it who knows of one number system only. */
  private static String query(String controlId, String mrn) {
    return Typed.query(controlId, mrn).replace(Typed.MRN_AUTHORITY, "");
  }

  @Test
  void aQueryByRecordNumberIsAnswered() throws Exception {
    String reply;
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      reply = socket.exchange(query("Q1", "4711"));
    }
    assertThat(field(reply, "MSH", 9)).isEqualTo("ADR^A19^ADR_A19");
    assertThat(field(reply, "MSA", 1)).isEqualTo("AA");
    assertThat(field(reply, "PID", 3)).startsWith("4711");
    assertThat(field(reply, "PID", 5)).startsWith("ZZTESTFOREIGN^GERDA");
    assertThat(field(reply, "PID", 7)).isEqualTo("19700203");
    assertThat(field(reply, "PV1", 2)).isEqualTo("I");
  }

  @Test
  void aNumberNobodyHasIsNotFound() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String reply = socket.exchange(query("Q2", "9999"));
      assertThat(field(reply, "MSA", 1)).isEqualTo("AA");
      assertThat(field(reply, "QAK", 2)).isEqualTo("NF");
    }
  }

  @Test
  void theFhirFaceReadsAndSearches() {
    String root = "http://127.0.0.1:" + engine.httpPort() + "/fhir/r4/";
    HttpResponse<String> read = SandboxBench.get(root + "Patient/" + patientId);
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(SandboxBench.json(read.body()).at("/name/0/family").asText())
        .isEqualTo("ZZTESTFOREIGN");
    HttpResponse<String> found = SandboxBench.get(root + "Patient?family=zztestfor");
    assertThat(found.statusCode()).isEqualTo(200);
    JsonNode bundle = SandboxBench.json(found.body());
    assertThat(bundle.path("entry")).hasSize(1);
    assertThat(bundle.at("/entry/0/resource/id").asText()).isEqualTo(patientId);
    assertThat(found.body()).doesNotContain(server.baseUrl());
    HttpResponse<String> visits = SandboxBench.get(root + "Encounter?patient=" + patientId);
    assertThat(SandboxBench.json(visits.body()).path("entry")).hasSize(1);
    assertThat(SandboxBench.get(root + "Patient/none").statusCode()).isEqualTo(404);
  }

  @Test
  void theNextPageIsFoundByALinkOfTheEnginesOwn() {
    String root = "http://127.0.0.1:" + engine.httpPort() + "/fhir/r4/";
    Set<String> seen = new TreeSet<>();
    int pages = 0;
    for (String link = root + "Patient?family=ZZTESTPAGED"; !link.isEmpty(); pages++) {
      HttpResponse<String> page = SandboxBench.get(link);
      assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
      assertThat(page.body()).doesNotContain(server.baseUrl());
      link = "";
      JsonNode bundle = SandboxBench.json(page.body());
      bundle.path("entry").forEach(entry -> seen.add(entry.at("/resource/id").asText()));
      for (JsonNode each : bundle.path("link")) {
        link = each.path("relation").asText().equals("next") ? each.path("url").asText() : link;
      }
      assertThat(link.isEmpty() || link.startsWith(root)).as(link).isTrue();
    }
    assertThat(pages).isEqualTo(3);
    assertThat(seen).hasSize(PAGED);
  }

  @Test
  void anActionFindsWhatStandsOnAllPages() {
    HttpResponse<String> found =
        SandboxBench.post(
            "http://127.0.0.1:" + engine.httpPort() + "/actions/search-patients",
            "application/json",
            "{\"familyName\":\"ZZTESTPAGED\"}");
    assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
    assertThat(SandboxBench.json(found.body()).path("patients")).hasSize(PAGED);
  }

  @Test
  void aResultIsFiled() throws Exception {
    String result =
        Typed.result("R1", "FOREIGN-1")
            .replace("9900101^^^" + Typed.MRN_AUTHORITY, "4711^^^")
            .replace("ZZTESTMILLER^ANNA||19610314", "ZZTESTFOREIGN^GERDA||19700203");
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(field(socket.exchange(result), "MSA", 1)).isEqualTo("AA");
    }
    await()
        .until(
            () ->
                SandboxBench.standing(engine.managementPort(), "DELIVERED") >= 1
                    && server.documents.all().stream()
                        .anyMatch(each -> title(each).contains("FOREIGN-1")));
    DocumentReference note =
        server.documents.all().stream()
            .filter(each -> title(each).contains("FOREIGN-1"))
            .findFirst()
            .orElseThrow();
    assertThat(note.getSubject().getReference()).isEqualTo("Patient/" + patientId);
    assertThat(
            new String(note.getContentFirstRep().getAttachment().getData(), StandardCharsets.UTF_8))
        .contains("Seen on the ward.");
  }

  @Test
  void theActionCreateDocumentAnswersAnId() {
    HttpResponse<String> answer =
        SandboxBench.post(
            "http://127.0.0.1:" + engine.httpPort() + "/actions/create-document",
            "application/json",
            "{\"patientResourceId\":\"" + patientId + "\",\"note\":\"Walked today.\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    String id = SandboxBench.json(answer.body()).path("resourceId").asText();
    assertThat(server.documents.all())
        .filteredOn(each -> each.getIdElement().getIdPart().equals(id))
        .singleElement()
        .satisfies(
            note ->
                assertThat(
                        new String(
                            note.getContentFirstRep().getAttachment().getData(),
                            StandardCharsets.UTF_8))
                    .contains("Walked today."));
  }

  private static String title(DocumentReference document) {
    return String.valueOf(document.getContentFirstRep().getAttachment().getTitle());
  }
}
