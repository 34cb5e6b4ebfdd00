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
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.CernerSettings;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.intake.Intake;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Reason;
import org.millrace.journal.SampleMessages;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

/**
 * Journal, intake, delivery and the real client in front of a sandbox, by a clock that is moved.
 */
final class UpstreamFixture implements AutoCloseable {
  private static final String MRN_SYSTEM = "urn:oid:2.16.840.1.113883.6.1000";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENTS = 20;

  final TestClock clock = new TestClock();
  final List<String> told = new CopyOnWriteArrayList<>();
  final List<Long> stopped = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Sandbox sandbox;
  private final CernerActions cerner;
  private final JournalDatabase journal;
  private final Intake intake;
  private final Delivery delivery;

  UpstreamFixture(Path folder) throws Exception {
    sandbox = Sandbox.start(SandboxOptions.defaults());
    seedPatients();
    cerner = new CernerActions(settings(), clock);
    journal = JournalDatabase.open(folder, clock);
    Replies replies = new Replies(clock, ZoneId.of("UTC"), new ControlIds(clock));
    intake = new Intake(journal, replies, clock, Duration.ofSeconds(10), Optional.empty());
    delivery =
        new Delivery(
            journal,
            ChartActions.of(cerner),
            MessageMapping.of(new Mapper(Mappings.load(Path.of("mappings"))).forTarget("cerner")),
            new DeliverySettings(
                MRN_SYSTEM,
                DeliverySettings.PatientCheck.BIRTHDATE_OR_NAME,
                Optional.empty(),
                DeliverySettings.VisitMissing.FILE,
                Map.of(
                    "document-type", "11506-3",
                    "preliminary", "filter",
                    "status-missing", "hold"),
                DeliveryFixture.QUICK),
            new Notices(),
            clock);
    delivery.start();
  }

  private final class Notices implements StoppedListener {
    @Override
    public void stopped(long messageId, String feed, MessageState state, Reason reason) {
      stopped.add(messageId);
    }

    @Override
    public void paused(String what, Reason reason) {
      told.add("paused " + what + " " + reason.code() + " " + reason.whoActs());
    }

    @Override
    public void restored(String what, Reason reason) {
      told.add("restored " + what + " " + reason.code());
    }
  }

  private CernerSettings settings() {
    return new CernerSettings(
        URI.create(sandbox.fhirBaseUrl()),
        CernerSettings.Authorization.SMART,
        Optional.of(URI.create(sandbox.tokenUrl())),
        sandbox.tenantId(),
        sandbox.clientId(),
        sandbox.clientSecret(),
        "system/Patient.read system/Encounter.read"
            + " system/DocumentReference.read system/DocumentReference.write",
        MRN_SYSTEM,
        Optional.empty(),
        Duration.ofSeconds(2));
  }

  private void seedPatients() throws Exception {
    ArrayNode all = JSON.createArrayNode();
    for (int i = 0; i < PATIENTS; i++) {
      ObjectNode patient = all.addObject();
      patient.put("resourceType", "Patient").put("id", "77000" + (10 + i)).put("active", true);
      ObjectNode identifier = patient.putArray("identifier").addObject();
      identifier.put("use", "usual").put("system", MRN_SYSTEM).put("value", mrn(i));
      patient.putArray("name").addObject().put("use", "official").put("family", "ZZTESTPAUSE");
      patient.put("birthDate", "1961-03-14");
      patient.putObject("meta").put("versionId", "1").put("lastUpdated", "2026-11-20T10:00:00Z");
    }
    control("POST", "/seed", all.toString());
  }

  private static String mrn(int patient) {
    return "ZZ77" + (10 + patient);
  }

  String accept(String controlId, int patient, String text) {
    return accept(controlId, patient, text, "");
  }

  String acceptWithVisit(String controlId, int patient, String text) {
    return accept(controlId, patient, text, "PV1|1|I|||||||||||||||||4711\r");
  }

  private String accept(String controlId, int patient, String text, String visit) {
    byte[] reply =
        intake.accept(
            SampleMessages.read(
                "MSH|^~\\&|LAB|NORTH|MILLRACE|HUB|20261120101500||ORU^R01|"
                    + controlId
                    + "|D|2.5.1",
                "PID|1||" + mrn(patient) + "^^^MRN^MR||ZZTESTPAUSE||19610314|F",
                visit
                    + "OBR|1||"
                    + controlId
                    + "|11506-3^Note^LN|||20261120100000|||||||||||||||20261120101000|||F",
                "OBX|1|TX|1^T||" + text + "||||||F"),
            SampleMessages.FEED,
            "127.0.0.1:1");
    return Replies.judge(reply).orElseThrow().code();
  }

  MessageSummary line(String controlId) {
    return journal.listing().list(MessageFilter.any().withControlId(controlId)).get(0);
  }

  MessageJourney journey(String controlId) {
    return journal.listing().show(line(controlId).id()).orElseThrow();
  }

  long delivered() {
    return journal.listing().counts().getOrDefault(MessageState.DELIVERED, 0L);
  }

  void await(String controlId, MessageState state) {
    Awaitility.await().until(() -> line(controlId).state() == state);
  }

  void awaitTold(int notices) {
    Awaitility.await().until(() -> told.size() >= notices);
  }

  /** Until nothing is being sent, and the dispatcher has looked again. */
  void awaitQuiet() throws InterruptedException {
    Awaitility.await()
        .pollDelay(Duration.ofMillis(60))
        .until(() -> journal.listing().counts().getOrDefault(MessageState.SENDING, 0L) == 0);
  }

  /** Lets the clock run, a second for each few milliseconds, until it is so. */
  void run(Duration atMost, BooleanSupplier until) {
    Instant end = clock.instant().plus(atMost);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              if (clock.instant().isBefore(end)) {
                clock.forward(Duration.ofMillis(250));
              }
              return until.getAsBoolean();
            });
  }

  /** The control ids of the messages whose notes were filed, in the order they were. */
  List<String> filedIds() throws Exception {
    List<String> ids = new ArrayList<>();
    for (JsonNode document : filed()) {
      ids.add(fillerOf(document));
    }
    return ids;
  }

  /** The title is the name of the service, the filler's number, and the marker. */
  private static String fillerOf(JsonNode document) {
    return document.path("content").path(0).path("attachment").path("title").asText().split(" ")[1];
  }

  private List<JsonNode> filed() throws Exception {
    List<JsonNode> all = new ArrayList<>();
    for (JsonNode document : JSON.readTree(control("GET", "/resources/DocumentReference", ""))) {
      if (document.path("subject").path("reference").asText().startsWith("Patient/77000")) {
        all.add(document);
      }
    }
    all.sort(java.util.Comparator.comparing(each -> each.path("id").asLong()));
    return all;
  }

  /** The fillers are {@code A17}: of each patient they must count up. */
  void assertInOrderOfEachPatient() throws Exception {
    Map<String, Integer> last = new HashMap<>();
    for (JsonNode document : filed()) {
      String patient = document.path("subject").path("reference").asText();
      int number = Integer.parseInt(fillerOf(document).substring(1));
      assertThat(number).as(patient).isGreaterThan(last.getOrDefault(patient, -1));
      last.put(patient, number);
    }
    assertThat(last).hasSize(PATIENTS);
  }

  long askedInAll() throws Exception {
    return JSON.readTree(control("GET", "/requests", "")).path("requests").size();
  }

  long asked(String method, String path) throws Exception {
    long count = 0;
    for (JsonNode request : JSON.readTree(control("GET", "/requests", "")).path("requests")) {
      if (request.path("method").asText().equals(method)
          && request.path("path").asText().replaceFirst("^/", "").startsWith(path)) {
        count++;
      }
    }
    return count;
  }

  void faults(String json) throws Exception {
    control("PUT", "/faults", json);
  }

  private String control(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    return answer.body();
  }

  @Override
  public void close() {
    delivery.stop(Duration.ofMillis(500));
    cerner.close();
    journal.close();
    sandbox.close();
  }
}
