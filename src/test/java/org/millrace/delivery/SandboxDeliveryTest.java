package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.CernerSettings;
import org.millrace.delivery.CreateSettlement.Settled;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Message;
import org.millrace.intake.Intake;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

/** Journal, delivery, mapping and client together against the sandbox and its faults. */
class SandboxDeliveryTest {
  private static final String MRN_SYSTEM = "urn:oid:2.16.840.1.113883.6.1000";
  private static final String PATIENT = "12990001";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Clock clock = Clock.systemUTC();
  private final List<AutoCloseable> parts = new ArrayList<>();
  private Sandbox sandbox;
  private CernerActions cerner;
  private JournalDatabase journal;
  private Intake intake;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    sandbox = opened(Sandbox.start(SandboxOptions.defaults()));
    cerner = opened(new CernerActions(settings(), clock));
    journal = opened(JournalDatabase.open(folder, clock));
    Replies replies = new Replies(clock, ZoneId.of("UTC"), new ControlIds(clock));
    intake = new Intake(journal, replies, clock, Duration.ofSeconds(10), Optional.empty());
    Delivery delivery =
        opened(
            new Delivery(
                journal,
                ChartActions.of(cerner),
                MessageMapping.of(
                    new Mapper(Mappings.load(Path.of("mappings"))).forTarget("cerner")),
                new DeliverySettings(
                    MRN_SYSTEM,
                    DeliverySettings.PatientCheck.BIRTHDATE_OR_NAME,
                    Optional.empty(),
                    DeliverySettings.VisitMissing.FILE,
                    Map.of(
                        "document-type", "11506-3",
                        "preliminary", "filter",
                        "status-missing", "hold"),
                    new DeliverySettings.Pace(
                        2,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(50),
                        Duration.ofMillis(200),
                        Duration.ofMillis(600),
                        3,
                        Duration.ofMinutes(5),
                        Duration.ofMillis(20))),
                (id, feed, state, reason) -> {},
                clock));
    delivery.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = parts.size() - 1; i >= 0; i--) {
      parts.get(i).close();
    }
  }

  @Test
  void aReportBecomesANote() throws Exception {
    accept("A1", "All is well.");

    await("A1", MessageState.DELIVERED);

    assertThat(notes("A1")).hasSize(1);
    assertThat(journey("A1").report()).contains("OBR");
  }

  @Test
  void anAnswerCutAfterTheCommitLeavesOneNote() throws Exception {
    faults(
        """
        {"faults":[{"method":"POST","path":"DocumentReference","drop":"after-commit","times":1}]}""");
    accept("A1", "All is well.");

    await("A1", MessageState.DELIVERED);

    assertThat(notes("A1")).hasSize(1);
    assertThat(journey("A1").notes()).extracting(Note::code).contains("answer-lost", "settled");
  }

  @Test
  void anAnswerCutBeforeTheCommitIsRepeatedAfterThreeLooks() throws Exception {
    faults(
        """
        {"faults":[{"method":"POST","path":"DocumentReference","drop":"before","times":1}]}""");
    accept("A1", "All is well.");

    await("A1", MessageState.DELIVERED);

    assertThat(notes("A1")).hasSize(1);
    assertThat(journey("A1").notes())
        .extracting(Note::code)
        .containsSubsequence("answer-lost", "looked", "looked", "looked");
  }

  @Test
  void anErrorOfTheGatewayAfterTheCommitLeavesOneNote() throws Exception {
    faults(
        """
        {"faults":[{"method":"POST","path":"DocumentReference","status":504,"afterCommit":true,
        "times":1}]}""");
    accept("A1", "All is well.");

    await("A1", MessageState.DELIVERED);

    assertThat(notes("A1")).hasSize(1);
  }

  @Test
  void anAnswerThatComesTooLateLeavesOneNote() throws Exception {
    faults(
        """
        {"faults":[{"method":"POST","path":"DocumentReference","latency":"3s","times":1}]}""");
    accept("A1", "All is well.");

    await("A1", MessageState.DELIVERED);

    assertThat(notes("A1")).hasSize(1);
  }

  @Test
  void whatCernerThrottlesOrCannotTakeNowIsRepeatedWithoutALook() throws Exception {
    faults(
        """
        {"faults":[{"method":"POST","path":"DocumentReference","status":503,"times":1},
        {"method":"POST","path":"DocumentReference","status":429,"times":1}]}""");
    accept("A1", "All is well.");

    await("A1", MessageState.DELIVERED);

    assertThat(notes("A1")).hasSize(1);
    assertThat(journey("A1").ledger().get(0).attempts()).isEqualTo(3);
    assertThat(journey("A1").notes()).extracting(Note::code).containsOnly("retrying");
  }

  @Test
  void whatCernerRefusesIsTriedOnce() throws Exception {
    faults(
        """
        {"faults":[{"method":"POST","path":"DocumentReference","status":422}]}""");
    accept("A1", "All is well.");

    await("A1", MessageState.REFUSED);

    assertThat(journey("A1").ledger().get(0).attempts()).isEqualTo(1);
  }

  @Test
  void aCorrectionAndAWithdrawalChangeTheNoteThatWasFiled() throws Exception {
    accept("A1", "All is well.");
    await("A1", MessageState.DELIVERED);
    String id = notes("A1").get(0).path("id").asText();

    accept("A2", "C", "All is not well.");
    await("A2", MessageState.DELIVERED);
    assertThat(notes("A1")).hasSize(1);
    assertThat(notes("A2")).extracting(each -> each.path("id").asText()).containsExactly(id);
    assertThat(notes("A2").get(0).path("docStatus").asText()).isEqualTo("amended");

    accept("A3", "D", "");
    await("A3", MessageState.DELIVERED);
    assertThat(notes("A1")).hasSize(1);
    assertThat(notes("A3")).extracting(each -> each.path("id").asText()).containsExactly(id);
    assertThat(notes("A3").get(0).path("status").asText()).isEqualTo("entered-in-error");
  }

  @Test
  void aCorrectionWhoseAnswerWasCutIsStoredOnce() throws Exception {
    accept("A1", "All is well.");
    await("A1", MessageState.DELIVERED);
    faults(
        """
        {"faults":[{"method":"PUT","path":"DocumentReference","drop":"after-commit","times":1}]}""");
    accept("A2", "C", "All is not well.");
    await("A2", MessageState.DELIVERED);

    assertThat(notes("A2")).hasSize(1);
    assertThat(notes("A2").get(0).at("/meta/versionId").asText()).isEqualTo("2");
    assertThat(journey("A2").notes()).extracting(Note::code).contains("answer-lost", "settled");
    assertThat(journey("A2").calls()).filteredOn(call -> call.method().equals("PUT")).hasSize(1);
  }

  @Test
  void aPatientWhoseCreateWasCutIsFoundForTheCaller() throws Exception {
    faults(
        """
        {"faults":[{"method":"POST","path":"Patient","drop":"after-commit","times":1}]}""");
    CreateSettlement settlement =
        new CreateSettlement(
            ChartActions.of(cerner), clock, Duration.ofSeconds(3), Duration.ofSeconds(60));
    ObjectNode patient = JSON.createObjectNode().put("resourceType", "Patient");
    ArrayNode identifiers = patient.putArray("identifier");
    identifiers.addObject().putObject("assigner").put("reference", "Organization/675844");
    ObjectNode number = identifiers.addObject();
    number.put("system", "urn:oid:2.16.840.1.113883.6.1000").put("value", "ZZTEST9947");
    ObjectNode type = number.putObject("type").putArray("coding").addObject();
    type.put("system", "http://terminology.hl7.org/CodeSystem/v2-0203").put("code", "MR");
    ObjectNode name = patient.put("active", true).putArray("name").addObject();
    name.put("use", "official").put("family", "ZZTESTNEWLY").putArray("given").add("ANN");
    patient.put("birthDate", "1990-01-02");

    Settled settled = settlement.createPatient(patient, Call.within(Duration.ofSeconds(5)));

    assertThat(settled)
        .isInstanceOfSatisfying(Settled.Made.class, made -> assertThat(made.found()).isTrue());
  }

  private void accept(String controlId, String text) {
    accept(controlId, "F", text);
  }

  private void accept(String controlId, String status, String text) {
    V2Message message =
        SampleMessages.read(
            "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|" + controlId + "|D|2.5.1",
            "PID|1||9900101^^^MRN^MR||ZZTESTMILLER^ANNA||19610314|F",
            "OBR|1||F1|11506-3^Progress note^LN|||20261120100000|||||||||||||||20261120101000|||"
                + (status.equals("D") ? "" : status),
            "OBX|1|TX|1^Text||" + text + "||||||" + status);
    byte[] reply = intake.accept(message, SampleMessages.FEED, "127.0.0.1:1");
    assertThat(Replies.judge(reply).orElseThrow().code()).isEqualTo("AA");
  }

  private void await(String controlId, MessageState state) {
    Awaitility.await()
        .atMost(15, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(journey(controlId).summary().state()).isEqualTo(state));
  }

  private MessageJourney journey(String controlId) {
    long id = journal.listing().list(MessageFilter.any().withControlId(controlId)).get(0).id();
    return journal.listing().show(id).orElseThrow();
  }

  /** The documents in the sandbox that carry one of the message's markers. */
  private List<JsonNode> notes(String controlId) throws IOException, InterruptedException {
    Set<String> markers = Set.of(journey(controlId).ledger().get(0).marker());
    JsonNode all =
        JSON.readTree(
            control("GET", "/resources/DocumentReference", HttpRequest.BodyPublishers.noBody()));
    List<JsonNode> own = new ArrayList<>();
    for (JsonNode document : all) {
      if (markers.stream().anyMatch(document.toString()::contains)) {
        assertThat(document.path("subject").path("reference").asText())
            .isEqualTo("Patient/" + PATIENT);
        own.add(document);
      }
    }
    return own;
  }

  private void faults(String json) throws IOException, InterruptedException {
    control("PUT", "/faults", HttpRequest.BodyPublishers.ofString(json));
  }

  private String control(String method, String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + path))
                    .method(method, body)
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    return answer.body();
  }

  private CernerSettings settings() {
    return new CernerSettings(
        URI.create(sandbox.fhirBaseUrl()),
        CernerSettings.Authorization.SMART,
        Optional.of(URI.create(sandbox.tokenUrl())),
        sandbox.tenantId(),
        sandbox.clientId(),
        sandbox.clientSecret(),
        "system/Patient.read system/Patient.write system/Encounter.read"
            + " system/DocumentReference.read system/DocumentReference.write",
        MRN_SYSTEM,
        Optional.empty(),
        Duration.ofSeconds(2));
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.add(part);
    return part;
  }
}
