package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.CernerSettings;
import org.millrace.delivery.ChartActions;
import org.millrace.delivery.ChartCreates;
import org.millrace.delivery.CreateSettlement;
import org.millrace.healtheintent.HealtheIntent;
import org.millrace.healtheintent.HealtheIntentSettings;
import org.millrace.journal.JournalDatabase;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

/** The handlers in front of a sandbox, asked without HTTP; the sandbox is asked over HTTP. */
final class EngineInFrontOfSandbox implements AutoCloseable {
  static final Mapper MAPPER = mapper();

  static final String ROOT = "http://engine.example:8080";
  static final String SCOPES =
      "system/Patient.read system/Patient.write system/Encounter.read system/Appointment.read"
          + " system/DocumentReference.read system/DocumentReference.write system/Binary.read"
          + " system/Observation.read system/DiagnosticReport.read system/MedicationRequest.read"
          + " system/AllergyIntolerance.read system/Condition.read system/Immunization.read"
          + " system/Coverage.read system/RelatedPerson.read system/Practitioner.read"
          + " system/Organization.read system/Location.read system/Slot.read system/Schedule.read"
          + " system/Provenance.read system/Encounter.write system/Appointment.write"
          + " system/Observation.write system/Slot.write system/AllergyIntolerance.write"
          + " system/Condition.write system/Immunization.write system/RelatedPerson.write"
          + " system/MedicationRequest.write system/Coverage.write system/Organization.write"
          + " system/Practitioner.write";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration HURRIED = Duration.ofSeconds(1);

  final Sandbox sandbox;
  final CernerActions cerner;
  final RestSettings settings;
  final Creating creating;
  final FhirFacade fhir;
  final Actions actions;
  final JournalDatabase journal;
  private final HealtheIntent intent;
  private Optional<Path> toRemove = Optional.empty();
  private final HttpClient http = HttpClient.newHttpClient();

  private EngineInFrontOfSandbox(
      Sandbox sandbox,
      String secret,
      String scopes,
      JournalDatabase journal,
      Clock clock,
      Duration answerWithin) {
    this.sandbox = sandbox;
    this.journal = journal;
    cerner =
        new CernerActions(
            new CernerSettings(
                URI.create(sandbox.fhirBaseUrl()),
                CernerSettings.Authorization.SMART,
                Optional.of(URI.create(sandbox.tokenUrl())),
                sandbox.tenantId(),
                sandbox.clientId(),
                secret,
                scopes,
                "urn:oid:2.16.840.1.113883.6.1000",
                Optional.of("675844"),
                Duration.ofSeconds(2)),
            Clock.systemUTC());
    settings = settings(sandbox.fhirBaseUrl(), answerWithin);
    CreateSettlement settlement =
        new CreateSettlement(
            ChartActions.of(cerner),
            Clock.systemUTC(),
            settings.settleWithin(),
            Duration.ofSeconds(5));
    ChartCreates chart =
        new ChartCreates(cerner.fhir(), settlement, Clock.systemUTC(), Duration.ofSeconds(5));
    creating =
        new Creating(
            chart,
            new IdempotentCreates(journal.createRequests(), sandbox.tenantId(), settings, clock),
            new StoredCreates(
                journal,
                sandbox.tenantId(),
                StoredCreates.feed(FhirFacade.MOUNT, "", settings),
                clock));
    Mapper site = MAPPER.forSite(Map.of("organization", "Organization/675844"));
    fhir = new FhirFacade(cerner, creating, site, settings, Clock.systemUTC());
    intent =
        new HealtheIntent(
            new HealtheIntentSettings(
                URI.create(sandbox.healtheIntent().url()),
                sandbox.healtheIntent().population(),
                sandbox.healtheIntent().dataPartition(),
                new HealtheIntentSettings.Account.Bearer(sandbox.healtheIntent().bearerToken()),
                "urn:oid:2.16.840.1.113883.6.1000",
                HealtheIntentSettings.Limits.DEFAULT),
            Clock.systemUTC());
    actions =
        new Actions(
            cerner,
            ActionRules.of(MAPPER, true),
            creating,
            settings,
            Clock.systemUTC(),
            Optional.of(new HealtheIntentActions(intent, settings)));
  }

  private static RestSettings settings(String cernerBase, Duration answerWithin) {
    return new RestSettings(
        answerWithin,
        Duration.ofMillis(600),
        100_000,
        32,
        Duration.ofMinutes(10),
        Optional.empty(),
        URI.create(cernerBase),
        ZoneId.of("America/Chicago"));
  }

  static EngineInFrontOfSandbox start() throws IOException {
    Path folder = Files.createTempDirectory("journal");
    EngineInFrontOfSandbox engine = start(folder, Clock.systemUTC());
    engine.toRemove = Optional.of(folder);
    return engine;
  }

  /**
   * One with a journal of its own.
   *
   * @param clock by which the journal and the keys of creates go
   */
  static EngineInFrontOfSandbox start(Path folder, Clock clock) throws IOException {
    Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    return new EngineInFrontOfSandbox(
        sandbox,
        sandbox.clientSecret(),
        SCOPES,
        JournalDatabase.open(folder, clock),
        clock,
        HURRIED);
  }

  /** Another engine without a token, in front of the same sandbox. */
  Fresh fresh() {
    return fresh(sandbox.clientSecret(), SCOPES);
  }

  /** One that waits longer for Cerner, for tests in which a slow machine must not look like it. */
  Fresh unhurried(String scopes) {
    return new Fresh(
        new EngineInFrontOfSandbox(
            sandbox,
            sandbox.clientSecret(),
            scopes,
            journal,
            Clock.systemUTC(),
            Duration.ofSeconds(10)));
  }

  Fresh fresh(String secret, String scopes) {
    return new Fresh(
        new EngineInFrontOfSandbox(sandbox, secret, scopes, journal, Clock.systemUTC(), HURRIED));
  }

  /** Closes its client and leaves the sandbox running. */
  record Fresh(EngineInFrontOfSandbox engine) implements AutoCloseable {
    RestAnswer get(String pathAndQuery) {
      return engine.get(pathAndQuery);
    }

    RestAnswer act(String action, String fields) {
      return engine.act(action, fields);
    }

    @Override
    public void close() {
      engine.cerner.close();
      engine.intent.close();
    }
  }

  /** Puts the sandbox back, then sets faults: a JSON array in single quotes. */
  void faults(String faults) {
    reset();
    addFaults(faults);
  }

  /** Sets faults and leaves all else as it is. */
  void addFaults(String faults) {
    control("PUT", "/faults", "{\"faults\":" + faults.replace('\'', '"') + "}");
  }

  void reset() {
    control("POST", "/reset", "");
  }

  /** What the sandbox was asked. */
  JsonNode requests() {
    return json(control("GET", "/requests", "")).path("requests");
  }

  /** How often it was asked so for this type as a whole: to create or to search. */
  long asked(String method, String type) {
    return StreamSupport.stream(requests().spliterator(), false)
        .filter(request -> request.path("method").asText().equals(method))
        .filter(request -> request.path("path").asText().matches("/?" + type))
        .count();
  }

  JsonNode stored(String type) {
    return json(control("GET", "/resources/" + type, ""));
  }

  void seed(JsonNode resources) {
    control("POST", "/seed", resources.toString());
  }

  private byte[] control(String method, String path, String body) {
    try {
      HttpResponse<byte[]> response =
          http.send(
              HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + path))
                  .method(method, BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofByteArray());
      if (response.statusCode() >= 300) {
        throw new AssertionError(path + ": " + new String(response.body(), StandardCharsets.UTF_8));
      }
      return response.body();
    } catch (IOException | InterruptedException failed) {
      throw new AssertionError(failed);
    }
  }

  /** A FHIR request: {@code get("Patient?family=X")}. */
  RestAnswer get(String pathAndQuery) {
    return fhir.handle(request("GET", pathAndQuery, Map.of(), ""));
  }

  RestAnswer post(String path, JsonNode body) {
    return post(path, body, Map.of());
  }

  RestAnswer post(String path, JsonNode body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(more);
    headers.putIfAbsent("content-type", "application/fhir+json");
    return fhir.handle(request("POST", path, headers, body.toString()));
  }

  RestAnswer act(String action, String fields) {
    return actions.handle(
        request(
            "POST", action, Map.of("content-type", "application/json"), fields.replace('\'', '"')));
  }

  static RestRequest request(
      String method, String pathAndQuery, Map<String, String> headers, String body) {
    String[] parts = pathAndQuery.split("\\?", 2);
    return new RestRequest(
        method,
        ROOT,
        UrlText.segments(parts[0]).orElseThrow(),
        parts.length == 1 ? List.of() : UrlText.parameters(parts[1]).orElseThrow(),
        headers,
        body.getBytes(StandardCharsets.UTF_8));
  }

  static ObjectNode json(RestAnswer answer) {
    return (ObjectNode) json(answer.body());
  }

  static JsonNode json(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException notJson) {
      throw new AssertionError(new String(bytes, StandardCharsets.UTF_8), notJson);
    }
  }

  static ObjectNode json(String singleQuoted) {
    return (ObjectNode) json(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  static JsonNode list(JsonNode only) {
    return JSON.createArrayNode().add(only);
  }

  @Override
  public void close() {
    cerner.close();
    intent.close();
    journal.close();
    sandbox.close();
    toRemove.ifPresent(EngineInFrontOfSandbox::remove);
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static Mapper mapper() {
    try {
      return new Mapper(Mappings.load(Path.of("mappings"))).forTarget("cerner");
    } catch (RuleFaultsException faults) {
      throw new IllegalStateException(faults);
    }
  }

  /** A document that Cerner takes. */
  static ObjectNode note(String patientId, String title) {
    return json(
        """
        {'resourceType':'DocumentReference','status':'current','docStatus':'final',
         'type':{'coding':[{'system':'http://loinc.org','code':'11506-3'}]},
         'subject':{'reference':'Patient/%s'},
         'content':[{'attachment':{'contentType':'text/plain;charset=utf-8',
           'data':'V2VsbC4=','title':'%s'}}],
         'context':{'period':{'end':'2026-11-20T10:15:00Z'}}}
        """
            .formatted(patientId, title));
  }

  /** A patient that Cerner takes. */
  static ObjectNode newcomer(String family) {
    return json(
        """
        {'resourceType':'Patient','active':true,
         'identifier':[{'assigner':{'reference':'Organization/675844'}}],
         'name':[{'use':'official','family':'%s','given':['VERA']}],
         'gender':'female','birthDate':'1980-01-31'}
        """
            .formatted(family));
  }
}
