package org.millrace.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.millrace.SettableClock;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.CernerSettings;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.hl7.Replies;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.JournalDatabase;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

/** A patient query before the sandbox, with the mapping files as they are delivered. */
final class QueryBench implements AutoCloseable {
  static final String MRN_SYSTEM = "urn:oid:2.16.840.1.113883.6.1000";

  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");
  private static final ObjectMapper JSON = new ObjectMapper();

  final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T18:00:00Z"));

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger count = new AtomicInteger();
  private final Sandbox sandbox;
  private CernerActions actions;
  private final Mapper mapper;
  private final List<PatientQuery> queries = new ArrayList<>();

  /** How the queries of senders are answered that are asked after it was put here. */
  final Map<String, SenderProfile> profiles = new ConcurrentHashMap<>();

  private final Path folder;
  private JournalDatabase journal;

  private QueryBench() throws IOException, RuleFaultsException {
    sandbox = Sandbox.start(SandboxOptions.defaults());
    mapper = new Mapper(Mappings.load(Path.of("mappings")));
    actions = connect();
    folder = Files.createTempDirectory(Path.of("target"), "queries-");
    journal = JournalDatabase.open(folder, clock);
  }

  /** The journal as a start of the engine finds it; queries that were made before are over. */
  void restart() {
    journal.close();
    journal = JournalDatabase.open(folder, clock);
  }

  /** Nothing can be put on disk from now on, until {@link #restart}. */
  void closeJournal() {
    journal.close();
  }

  private CernerActions connect() {
    return new CernerActions(cerner(URI.create(sandbox.fhirBaseUrl())), clock);
  }

  /** For test classes that keep one bench. */
  static QueryBench open() {
    try {
      return new QueryBench();
    } catch (IOException | RuleFaultsException e) {
      throw new IllegalStateException("the sandbox or the mapping files cannot be used", e);
    }
  }

  private CernerSettings cerner(URI fhirBaseUrl) {
    return new CernerSettings(
        fhirBaseUrl,
        CernerSettings.Authorization.SMART,
        Optional.of(URI.create(sandbox.tokenUrl())),
        sandbox.tenantId(),
        sandbox.clientId(),
        sandbox.clientSecret(),
        "system/Patient.read system/Encounter.read",
        MRN_SYSTEM,
        Optional.empty(),
        Duration.ofSeconds(2));
  }

  PatientQuery query() {
    return query(settings -> settings);
  }

  /** A query of a tenant whose Cerner is the same. */
  PatientQuery queryOfTenant(String tenant) {
    return query(tenant, actions, settings -> settings, this::nextId);
  }

  PatientQuery query(UnaryOperator<QuerySettings> change) {
    return query(actions, change, this::nextId);
  }

  /** A query whose Cerner nobody listens for. */
  PatientQuery queryOfNobody() {
    return query(
        new CernerActions(cerner(URI.create("http://127.0.0.1:1/r4/nobody")), clock),
        settings -> settings,
        this::nextId);
  }

  /** A query with a source of ids and pointers of the test's own. */
  PatientQuery queryWithIds(Supplier<String> ids) {
    return query(actions, settings -> settings, ids);
  }

  private String nextId() {
    return "id-" + count.incrementAndGet();
  }

  private PatientQuery query(
      CernerActions asked, UnaryOperator<QuerySettings> change, Supplier<String> ids) {
    return query("", asked, change, ids);
  }

  private PatientQuery query(
      String tenant,
      CernerActions asked,
      UnaryOperator<QuerySettings> change,
      Supplier<String> ids) {
    Replies replies =
        new Replies(clock, CHICAGO, () -> "R" + count.incrementAndGet())
            .forSenders(sender -> profiles.getOrDefault(sender, SenderProfile.NONE));
    QuerySettings settings = change.apply(QuerySettings.standard(CHICAGO, MRN_SYSTEM));
    PatientQuery query =
        new PatientQuery(
            new PatientQuery.Tenant(tenant, asked, settings),
            journal.continuations(),
            mapper,
            replies,
            clock,
            ids);
    queries.add(query);
    return query;
  }

  /** Sends a message through {@link PatientQuery} and reads the reply. */
  static Adr ask(PatientQuery query, String message) {
    return ask(query, message, StandardCharsets.UTF_8);
  }

  static Adr ask(PatientQuery query, String message, Charset charset) {
    try {
      return new Adr(query.answer(V2Message.read(message.getBytes(charset))), charset);
    } catch (V2FormatException e) {
      throw new IllegalArgumentException("the test's message is no message", e);
    }
  }

  /** A sandbox as seeded, and a client that remembers no fault and has its token. */
  void reset() {
    profiles.clear();
    control("POST", "/reset", "");
    actions.close();
    actions = connect();
    Reply<FhirResource> answered =
        actions.getPatient("12990001", Call.within(Duration.ofSeconds(5)));
    if (answered instanceof Reply.Failed<FhirResource> failed) {
      throw new AssertionError("the sandbox does not answer: " + failed.fault());
    }
    control("DELETE", "/requests", "");
  }

  /** Puts faults in force, as {@code /control/faults} reads them. */
  void fault(String json) {
    control("PUT", "/faults", "{\"faults\":[" + json + "]}");
  }

  void seed(ObjectNode... resources) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    all.addAll(List.of(resources));
    control("POST", "/seed", all.toString());
  }

  /** The paths asked of the FHIR server since the last reset. */
  List<String> asked() {
    try {
      JsonNode log = JSON.readTree(control("GET", "/requests", ""));
      List<String> paths = new ArrayList<>();
      log.path("requests").forEach(request -> paths.add(request.path("path").asText()));
      return paths;
    } catch (IOException e) {
      throw new IllegalStateException("the sandbox's list of requests is no JSON", e);
    }
  }

  private String control(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .build();
    try {
      HttpResponse<String> response =
          http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(path + " was answered " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new IllegalStateException("the sandbox cannot be controlled", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the test was interrupted", e);
    }
  }

  static ObjectNode patient(String id, String mrn, String family, String given) {
    ObjectNode patient = JsonNodeFactory.instance.objectNode();
    patient.put("resourceType", "Patient").put("id", id).put("active", true);
    patient.withArray("identifier").addObject().put("system", MRN_SYSTEM).put("value", mrn);
    ObjectNode name = patient.withArray("name").addObject();
    name.put("use", "official").put("family", family).putArray("given").add(given);
    return patient;
  }

  static ObjectNode encounter(String id, String patientId, String status, String start) {
    ObjectNode encounter = JsonNodeFactory.instance.objectNode();
    encounter.put("resourceType", "Encounter").put("id", id).put("status", status);
    encounter
        .putObject("class")
        .put("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode")
        .put("code", "IMP");
    encounter.putObject("subject").put("reference", "Patient/" + patientId);
    encounter.putObject("period").put("start", start);
    encounter
        .withArray("identifier")
        .addObject()
        .put("system", "urn:oid:2.16.840.1.113883.3.13.6.1")
        .put("value", "FIN" + id);
    return encounter;
  }

  @Override
  public void close() {
    queries.forEach(PatientQuery::close);
    actions.close();
    sandbox.close();
    journal.close();
  }
}
