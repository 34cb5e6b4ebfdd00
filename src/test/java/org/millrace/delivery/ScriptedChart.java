package org.millrace.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.FoundDocuments;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Pause;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;
import org.millrace.cerner.Updated;

/** A chart in memory that fails when it is told to, also after it has stored. Thread-safe. */
final class ScriptedChart implements ChartActions {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the next create of a document does. */
  enum Create {
    WORKS,
    UNAVAILABLE,
    THROTTLED_FOR_2_SECONDS,
    REFUSED,
    NOT_PERMITTED,
    /** Stored, and the answer is lost. */
    LOST_AFTER,
    /** Not stored, and the answer is lost. */
    LOST_BEFORE,
    /** Never answers: the thread stays in the call until it is interrupted. */
    HANGS_AFTER
  }

  /** What the next update of a document does. */
  enum Update {
    WORKS,
    UNAVAILABLE,
    REFUSED,
    /** Stored, and the answer is lost. */
    LOST_AFTER,
    /** Not stored, and the answer is lost. */
    LOST_BEFORE,
    /** Somebody else stored a version just before. */
    OVERTAKEN,
    /** Stored, and never answered: the thread stays in the call until it is interrupted. */
    HANGS_AFTER
  }

  private final Clock clock;
  private final Map<String, List<ObjectNode>> patientsByMrn = new HashMap<>();
  private final Map<String, ObjectNode> patients = new HashMap<>();
  private final List<ObjectNode> encounters = new ArrayList<>();
  private final List<ObjectNode> documents = new ArrayList<>();
  private final Queue<Create> creates = new ArrayDeque<>();
  private final Queue<Update> updates = new ArrayDeque<>();
  private final Queue<Fault> lookFaults = new ArrayDeque<>();
  private final Queue<Fault> findFaults = new ArrayDeque<>();
  private final Queue<Fault> readFaults = new ArrayDeque<>();
  private int created;
  private final List<String> asked = new ArrayList<>();
  private boolean hidden;
  private Duration behind = Duration.ZERO;
  final CountDownLatch hanging = new CountDownLatch(1);

  /** What Cerner is not asked for. */
  final List<Pause> paused = new CopyOnWriteArrayList<>();

  ScriptedChart(Clock clock) {
    this.clock = clock;
  }

  @Override
  public List<Pause> pauses() {
    return List.copyOf(paused);
  }

  synchronized ObjectNode patient(String mrn, String id, String family, String birthDate) {
    ObjectNode patient = JSON.createObjectNode().put("resourceType", "Patient").put("id", id);
    patient.put("active", true).put("birthDate", birthDate);
    patient.putArray("name").addObject().put("family", family);
    patientsByMrn.computeIfAbsent(mrn, any -> new ArrayList<>()).add(patient);
    patients.put(id, patient);
    return patient;
  }

  synchronized void combine(String id, String into) {
    ObjectNode patient = Objects.requireNonNull(patients.get(id));
    patient.put("active", false);
    ObjectNode link = patient.putArray("link").addObject().put("type", "replaced-by");
    link.putObject("other").put("reference", "Patient/" + into);
  }

  /** Combines, and what was filed goes along. */
  synchronized void combineWithDocuments(String id, String into) {
    combine(id, into);
    documents.forEach(
        document -> {
          if (document.path("subject").path("reference").asText().equals("Patient/" + id)) {
            document.putObject("subject").put("reference", "Patient/" + into);
          }
        });
  }

  /** Its looks say that they leave documents out, and leave all out. */
  synchronized void hideDocuments() {
    hidden = true;
  }

  /** Its looks show them again. */
  synchronized void showDocuments() {
    hidden = false;
  }

  /** Its clock stands so far behind ours. */
  synchronized void clockBehind(Duration by) {
    behind = by;
  }

  synchronized void encounter(String id, String patientId, String system, String number) {
    ObjectNode encounter = JSON.createObjectNode().put("resourceType", "Encounter").put("id", id);
    encounter.putObject("subject").put("reference", "Patient/" + patientId);
    encounter.putArray("identifier").addObject().put("system", system).put("value", number);
    encounters.add(encounter);
  }

  /** As another process left it. */
  synchronized void put(ObjectNode document) {
    documents.add(document);
    created++;
  }

  synchronized ScriptedChart next(Create... steps) {
    creates.addAll(List.of(steps));
    return this;
  }

  synchronized ScriptedChart nextUpdate(Update... steps) {
    updates.addAll(List.of(steps));
    return this;
  }

  synchronized ScriptedChart nextLook(Fault... faults) {
    lookFaults.addAll(List.of(faults));
    return this;
  }

  synchronized ScriptedChart nextFind(Fault... faults) {
    findFaults.addAll(List.of(faults));
    return this;
  }

  synchronized ScriptedChart nextRead(Fault... faults) {
    readFaults.addAll(List.of(faults));
    return this;
  }

  /** Somebody takes a document out of the chart. */
  synchronized void lose(String id) {
    documents.removeIf(document -> isNamed(document, id));
  }

  synchronized List<ObjectNode> documents() {
    return List.copyOf(documents);
  }

  /** The texts of the stored documents, in the order they came. */
  synchronized List<String> texts() {
    return documents.stream().map(d -> d.path("description").asText()).toList();
  }

  synchronized long count(String action) {
    return asked.stream().filter(action::equals).count();
  }

  static Fault fault(FaultCode code, int status, boolean nothingStored) {
    return new Fault(
        code, "It failed.", "Cerner's words", status, "r-1", Optional.empty(), nothingStored);
  }

  @Override
  public synchronized Reply<FhirResource> findPatientByMrn(String mrn, Call call) {
    asked.add("find");
    call.observer()
        .exchanged(
            new Call.Exchange("GET", "Patient?identifier", 200, "r-0", Duration.ofMillis(3)));
    if (!findFaults.isEmpty()) {
      return Reply.failed(findFaults.remove());
    }
    List<ObjectNode> found = patientsByMrn.getOrDefault(mrn, List.of());
    if (found.size() == 1) {
      return Reply.done(new FhirResource(found.get(0), "", ""));
    }
    return Reply.failed(
        fault(found.isEmpty() ? FaultCode.NOT_FOUND : FaultCode.SEVERAL_FOUND, 0, true));
  }

  @Override
  public synchronized Reply<FhirResource> getSurvivingPatient(String id, Call call) {
    ObjectNode patient = patients.get(id);
    while (patient != null && patient.has("link")) {
      String next = patient.path("link").path(0).path("other").path("reference").asText();
      patient = patients.get(next.substring("Patient/".length()));
    }
    return patient == null
        ? Reply.failed(fault(FaultCode.NOT_FOUND, 404, true))
        : Reply.done(new FhirResource(patient, "", ""));
  }

  @Override
  public synchronized Reply<SearchPage> searchPatients(List<Parameter> parameters, Call call) {
    asked.add("search");
    String family = value(parameters, "family");
    String wanted = value(parameters, "identifier");
    return Reply.done(
        new SearchPage(
            patients.values().stream()
                .filter(p -> p.path("name").path(0).path("family").asText().equals(family))
                .filter(p -> wanted.isEmpty() || hasIdentifier(p, wanted))
                .toList(),
            Optional.empty(),
            List.of()));
  }

  @Override
  public synchronized Reply<List<ObjectNode>> getPatientEncounters(String patientId, Call call) {
    return Reply.done(
        encounters.stream()
            .filter(
                e -> e.path("subject").path("reference").asText().equals("Patient/" + patientId))
            .toList());
  }

  @Override
  public synchronized Reply<SearchPage> searchEncounters(List<Parameter> parameters, Call call) {
    String wanted = value(parameters, "identifier");
    return Reply.done(
        new SearchPage(
            encounters.stream().filter(e -> hasIdentifier(e, wanted)).toList(),
            Optional.empty(),
            List.of()));
  }

  private static boolean hasIdentifier(ObjectNode resource, String wanted) {
    for (var id : resource.path("identifier")) {
      Parameter token =
          Parameter.token("identifier", id.path("system").asText(), id.path("value").asText());
      if (token.value().equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static String value(List<Parameter> parameters, String name) {
    return parameters.stream()
        .filter(p -> p.name().equals(name))
        .map(Parameter::value)
        .findFirst()
        .orElse("");
  }

  @Override
  public Reply<Created> createDocument(ObjectNode document, Call call) {
    Create step = take();
    switch (step) {
      case UNAVAILABLE -> {
        return Reply.failed(fault(FaultCode.UNAVAILABLE, 503, true));
      }
      case THROTTLED_FOR_2_SECONDS -> {
        return Reply.failed(
            new Fault(
                FaultCode.THROTTLED,
                "Too many requests.",
                "",
                429,
                "r-2",
                Optional.of(Duration.ofSeconds(2)),
                true));
      }
      case REFUSED -> {
        return Reply.failed(fault(FaultCode.REFUSED, 422, true));
      }
      case NOT_PERMITTED -> {
        return Reply.failed(fault(FaultCode.NOT_PERMITTED, 403, true));
      }
      case LOST_BEFORE -> {
        return Reply.failed(fault(FaultCode.TOO_SLOW, 0, false));
      }
      case LOST_AFTER -> {
        store(document);
        return Reply.failed(fault(FaultCode.CONNECTION_BROKEN, 0, false));
      }
      case HANGS_AFTER -> {
        store(document);
        hang();
        return Reply.failed(fault(FaultCode.CONNECTION_BROKEN, 0, false));
      }
      case WORKS -> {
        return Reply.done(new Created("DocumentReference", store(document), "1"));
      }
    }
    throw new IllegalStateException(step.name());
  }

  private synchronized Create take() {
    asked.add("create");
    return creates.isEmpty() ? Create.WORKS : creates.remove();
  }

  private void hang() {
    hanging.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized String store(ObjectNode document) {
    ObjectNode stored = document.deepCopy();
    String id = "D" + ++created;
    stored.put("id", id);
    Instant at = clock.instant().minus(behind);
    stored.putObject("meta").put("versionId", "1").put("lastUpdated", at.toString());
    documents.add(stored);
    return id;
  }

  @Override
  public synchronized Reply<Created> createPatient(ObjectNode patient, Call call) {
    Create step = take();
    String id = "P" + (patients.size() + 1);
    if (step == Create.WORKS || step == Create.LOST_AFTER) {
      ObjectNode stored = patient.deepCopy().put("id", id);
      stored.putObject("meta").put("versionId", "0").put("lastUpdated", clock.instant().toString());
      patients.put(id, stored);
    }
    return step == Create.WORKS
        ? Reply.done(new Created("Patient", id, "0"))
        : Reply.failed(fault(FaultCode.CONNECTION_BROKEN, 0, false));
  }

  @Override
  public synchronized Reply<FhirResource> getDocument(String id, Call call) {
    asked.add("read");
    if (!readFaults.isEmpty()) {
      return Reply.failed(readFaults.remove());
    }
    return documents.stream()
        .filter(document -> document.path("id").asText().equals(id))
        .findFirst()
        .map(document -> Reply.done(new FhirResource(document.deepCopy(), "", "")))
        .orElse(Reply.failed(fault(FaultCode.NOT_FOUND, 404, true)));
  }

  @Override
  public Reply<Updated> updateDocument(String id, String version, ObjectNode document, Call call) {
    Update step = takeUpdate();
    Reply<Updated> reply = update(step, id, version, document);
    if (step == Update.HANGS_AFTER) {
      hang();
    }
    return reply;
  }

  private synchronized Update takeUpdate() {
    asked.add("update");
    return updates.isEmpty() ? Update.WORKS : updates.remove();
  }

  private synchronized Reply<Updated> update(
      Update step, String id, String version, ObjectNode document) {
    switch (step) {
      case UNAVAILABLE -> {
        return Reply.failed(fault(FaultCode.UNAVAILABLE, 503, true));
      }
      case REFUSED -> {
        return Reply.failed(fault(FaultCode.REFUSED, 422, true));
      }
      case LOST_BEFORE -> {
        return Reply.failed(fault(FaultCode.TOO_SLOW, 0, false));
      }
      case OVERTAKEN -> touch(id);
      case WORKS, LOST_AFTER, HANGS_AFTER -> {}
    }
    ObjectNode stored = documents.stream().filter(d -> isNamed(d, id)).findFirst().orElseThrow();
    String now = stored.path("meta").path("versionId").asText();
    if (!now.equals(version)) {
      return Reply.failed(fault(FaultCode.CONFLICT, 409, true));
    }
    boolean moved =
        !document.path("subject").equals(stored.path("subject"))
            || !encounterOf(document).equals(encounterOf(stored));
    String type = document.at("/content/0/attachment/contentType").asText();
    if (moved || type.startsWith("text/plain") || type.startsWith("text/richtext")) {
      return Reply.failed(fault(FaultCode.REFUSED, 422, true));
    }
    String next = Integer.toString(Integer.parseInt(now) + 1);
    ObjectNode changed = document.deepCopy();
    changed
        .putObject("meta")
        .put("versionId", next)
        .put("lastUpdated", clock.instant().minus(behind).toString());
    documents.replaceAll(d -> isNamed(d, id) ? changed : d);
    return step == Update.WORKS || step == Update.OVERTAKEN
        ? Reply.done(new Updated(next))
        : Reply.failed(fault(FaultCode.CONNECTION_BROKEN, 0, false));
  }

  private static String encounterOf(ObjectNode document) {
    return document.at("/context/encounter/0/reference").asText();
  }

  private static boolean isNamed(ObjectNode document, String id) {
    return document.path("id").asText().equals(id);
  }

  /** Stores the document as it is once more. */
  private void touch(String id) {
    change(id, document -> {});
  }

  /** Somebody else changes a document. */
  synchronized void change(String id, Consumer<ObjectNode> how) {
    ObjectNode stored = documents.stream().filter(d -> isNamed(d, id)).findFirst().orElseThrow();
    int version = stored.path("meta").path("versionId").asInt() + 1;
    ((ObjectNode) stored.path("meta")).put("versionId", Integer.toString(version));
    how.accept(stored);
  }

  @Override
  public synchronized Reply<FoundDocuments> findDocuments(
      String patientId, Instant since, Call call) {
    asked.add("look");
    if (!lookFaults.isEmpty()) {
      return Reply.failed(lookFaults.remove());
    }
    if (hidden) {
      return Reply.done(new FoundDocuments(List.of(), false));
    }
    return Reply.done(
        new FoundDocuments(
            documents.stream()
                .filter(d -> d.path("subject").path("reference").asText().endsWith("/" + patientId))
                .filter(
                    d ->
                        !OffsetDateTime.parse(d.path("meta").path("lastUpdated").asText())
                            .toInstant()
                            .isBefore(since))
                .toList(),
            true));
  }
}
