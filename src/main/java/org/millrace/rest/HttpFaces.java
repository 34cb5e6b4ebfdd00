package org.millrace.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.CernerActions;
import org.millrace.delivery.ChartActions;
import org.millrace.delivery.ChartCreates;
import org.millrace.delivery.CreateSettlement;
import org.millrace.guard.Gate;
import org.millrace.healtheintent.HealtheIntent;
import org.millrace.journal.JournalDatabase;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.ResourceCalls;
import org.millrace.trace.Latency;
import org.millrace.trace.LatencyMeter;
import org.millrace.trace.Traces;

/** All HTTP faces of one engine, wired once for the application. Thread-safe. */
public final class HttpFaces {
  /** How far Cerner's clock and ours may be apart when a lost create is looked for. */
  private static final Duration CLOCK_MARGIN = Duration.ofMinutes(2);

  private final Map<String, RestHandler> handlers = new LinkedHashMap<>();
  private final RestSettings settings;
  private final Gate gate;
  private final Clock clock;
  private final String base;
  private final LatencyMeter took = new LatencyMeter(Latency.REQUESTED);
  private volatile Traces traces = Traces.none();

  /**
   * Whose charts the faces lead to.
   *
   * @param name as settings name the tenant; empty for the one without a name. The faces of a named
   *     one are below a path of their own
   * @param id Cerner's
   * @param healtheIntent empty where it is not set up
   */
  public record Tenant(
      String name,
      String id,
      CernerActions cerner,
      RestSettings settings,
      Optional<HealtheIntent> healtheIntent) {}

  /**
   * @param dispatcher what answers v2 messages
   * @param journal keeps what was created under which key, and what is to be delivered
   * @param gate whoever asks comes through it
   */
  public HttpFaces(
      Tenant tenant,
      Mapper mapper,
      MessageReplies dispatcher,
      JournalDatabase journal,
      Gate gate,
      Clock clock) {
    this.settings = tenant.settings();
    this.gate = gate;
    this.clock = clock;
    base = tenant.name().isEmpty() ? "" : "/t/" + tenant.name();
    CernerActions cerner = tenant.cerner();
    CreateSettlement settlement =
        new CreateSettlement(ChartActions.of(cerner), clock, settings.settleWithin(), CLOCK_MARGIN);
    Creating creating =
        new Creating(
            new ChartCreates(cerner.fhir(), settlement, clock, CLOCK_MARGIN),
            new IdempotentCreates(journal.createRequests(), tenant.id(), settings, clock),
            new StoredCreates(
                journal,
                tenant.id(),
                StoredCreates.feed(base + FhirFacade.MOUNT, tenant.name(), settings),
                clock));
    handlers.put(
        FhirFacade.MOUNT,
        new SmartFace(
            new FhirFacade(cerner, creating, mapper, settings, clock),
            mapper.calls().resources().stream().map(ResourceCalls::type).toList(),
            gate::authorizationServer));
    ActionRules rules = ActionRules.of(mapper, tenant.healtheIntent().isPresent());
    handlers.put(
        Actions.MOUNT,
        new Actions(
            cerner,
            rules,
            creating,
            settings,
            clock,
            tenant.healtheIntent().map(intent -> new HealtheIntentActions(intent, settings))));
    handlers.put(Hl7OverHttp.MOUNT, new Hl7OverHttp(dispatcher));
    handlers.put(OpenApi.MOUNT, new OpenApi(rules));
  }

  /** Requests to the steps that are taken from now on are traced. */
  public HttpFaces tracedBy(Traces by) {
    traces = by;
    return this;
  }

  /**
   * How long answers take is told to this registry from now on.
   *
   * @param tags where several tenants are to be told apart
   */
  public HttpFaces measuredBy(MeterRegistry registry, Tags tags) {
    took.register(registry, tags);
    return this;
  }

  /** The FHIR R4 facade, for a route from {@code platform-http:/fhir/r4?matchOnUriPrefix=true}. */
  public HttpStep fhir() {
    return step(FhirFacade.MOUNT);
  }

  /** The JSON actions, for a route from {@code platform-http:/actions?matchOnUriPrefix=true}. */
  public HttpStep actions() {
    return step(Actions.MOUNT);
  }

  /** HL7 v2 over HTTP, for a route from {@code platform-http:/hl7}. */
  public HttpStep hl7() {
    return step(Hl7OverHttp.MOUNT);
  }

  /** The description of all of these, for a route from {@code platform-http:/openapi.json}. */
  public HttpStep openApi() {
    return step(OpenApi.MOUNT);
  }

  /** Has these faces asked before a body is read that is sent to them. */
  public void guardedBy(HttpDoor door) {
    door.add(base + FhirFacade.MOUNT, false, fhir());
    door.add(base + Actions.MOUNT, false, actions());
    if (base.isEmpty()) {
      door.add(Hl7OverHttp.MOUNT, true, hl7());
      door.add(OpenApi.MOUNT, true, openApi());
    }
  }

  private HttpStep step(String mount) {
    return new HttpStep(base, mount, handler(mount), settings, gate, clock)
        .tracedBy(traces)
        .timedBy(took);
  }

  /** The handler behind a mount, for those who ask it without HTTP. */
  RestHandler handler(String mount) {
    RestHandler handler = handlers.get(mount);
    if (handler == null) {
      throw new IllegalArgumentException("nothing is mounted at " + mount);
    }
    return handler;
  }
}
