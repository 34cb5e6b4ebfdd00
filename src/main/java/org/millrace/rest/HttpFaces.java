package org.millrace.rest;

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
import org.millrace.mapping.Mapper;
import org.millrace.mapping.ResourceCalls;

/** All HTTP faces of one engine, wired once for the application. Thread-safe. */
public final class HttpFaces {
  /** How far Cerner's clock and ours may be apart when a lost create is looked for. */
  private static final Duration CLOCK_MARGIN = Duration.ofMinutes(2);

  private final Map<String, RestHandler> handlers = new LinkedHashMap<>();
  private final RestSettings settings;
  private final Gate gate;
  private final Clock clock;
  private String base = "";

  /**
   * @param dispatcher what answers v2 messages
   * @param idempotent keeps what was created under which key
   * @param gate whoever asks comes through it
   * @param healtheIntent empty where it is not set up
   */
  public HttpFaces(
      CernerActions cerner,
      Mapper mapper,
      MessageReplies dispatcher,
      RestSettings settings,
      IdempotentCreates idempotent,
      Gate gate,
      Clock clock,
      Optional<HealtheIntent> healtheIntent) {
    this.settings = settings;
    this.gate = gate;
    this.clock = clock;
    CreateSettlement settlement =
        new CreateSettlement(ChartActions.of(cerner), clock, settings.settleWithin(), CLOCK_MARGIN);
    ChartCreates chart = new ChartCreates(cerner.fhir(), settlement, clock, CLOCK_MARGIN);
    handlers.put(
        FhirFacade.MOUNT,
        new SmartFace(
            new FhirFacade(cerner, chart, idempotent, mapper, settings, clock),
            mapper.calls().resources().stream().map(ResourceCalls::type).toList(),
            gate::authorizationServer));
    ActionRules rules = ActionRules.of(mapper, healtheIntent.isPresent());
    handlers.put(
        Actions.MOUNT,
        new Actions(
            cerner,
            rules,
            chart,
            idempotent,
            settings,
            clock,
            healtheIntent.map(intent -> new HealtheIntentActions(intent, settings))));
    handlers.put(Hl7OverHttp.MOUNT, new Hl7OverHttp(dispatcher));
    handlers.put(OpenApi.MOUNT, new OpenApi(rules));
  }

  /**
   * The same below a path of their own.
   *
   * @param path with a slash in front and none at the end: {@code /t/north}
   */
  public HttpFaces under(String path) {
    base = path;
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
    return new HttpStep(base, mount, handler(mount), settings, gate, clock);
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
