package org.millrace.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Created;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.delivery.CreateSettlement;
import org.millrace.guard.Needs;
import org.millrace.mapping.ActionCall;
import org.millrace.mapping.ActionField;
import org.millrace.mapping.ActionShape;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.PatchStep;
import org.millrace.mapping.TargetFinding;
import org.millrace.rest.Refusal.Finding;

/**
 * The actions for callers without FHIR: JSON fields in, JSON members out, one POST each. What the
 * fields become in FHIR stands in {@code mappings/actions/}. Thread-safe.
 */
final class Actions implements RestHandler {
  /** Where a route mounts this handler. */
  static final String MOUNT = "/actions";

  /** What one answer holds at most; a search that finds more is to be narrowed. */
  private static final int MOST_FOUND = 5_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> ANSWERED = Set.of(MediaTypes.JSON, MediaTypes.PROBLEM_JSON);

  private final CernerActions cerner;
  private final ActionRules rules;
  private final Creating creating;
  private final RestSettings settings;
  private final Clock clock;
  private final JsonText json;
  private final Optional<HealtheIntentActions> healtheIntent;
  private final Map<String, ActionShape> actions;

  /** A request whose fields were found good. */
  private record Asked(ActionShape action, ObjectNode fields, String root) {
    String field(String name) {
      return fields.path(name).asText();
    }

    Optional<String> optional(String name) {
      return fields.has(name) ? Optional.of(field(name)) : Optional.empty();
    }
  }

  /**
   * @param healtheIntent empty where it is not set up
   */
  Actions(
      CernerActions cerner,
      ActionRules rules,
      Creating creating,
      RestSettings settings,
      Clock clock,
      Optional<HealtheIntentActions> healtheIntent) {
    this.healtheIntent = healtheIntent;
    this.cerner = cerner;
    this.rules = rules;
    this.creating = creating;
    this.settings = settings;
    this.clock = clock;
    json = new JsonText(settings);
    actions =
        rules.actions().stream()
            .collect(Collectors.toUnmodifiableMap(ActionShape::name, action -> action));
  }

  @Override
  public Needs needs(RestRequest request) {
    return request.path().stream()
        .findFirst()
        .flatMap(name -> Optional.ofNullable(actions.get(name)))
        .map(HttpNeeds::ofCaller)
        .orElse(Needs.ANY_CALLER);
  }

  @Override
  public RestAnswer handle(RestRequest request) {
    Optional<ActionShape> action =
        request.path().size() == 1
            ? Optional.ofNullable(actions.get(request.path().get(0)))
            : Optional.empty();
    if (action.isEmpty()) {
      return refuse(unknown(request.path()));
    }
    return action.get().call().kind() == ActionCall.Kind.CREATE
        ? creating
            .idempotent()
            .create(request, MOUNT, this::refuse, sending -> act(action.get(), request, sending))
        : act(action.get(), request, create -> create.get().answer());
  }

  private RestAnswer act(
      ActionShape action, RestRequest request, IdempotentCreates.Sending sending) {
    Optional<Refusal> refusal = refuseRequest(request);
    if (refusal.isPresent()) {
      return refuse(refusal.get());
    }
    JsonText.Read read = json.object(request.body());
    if (read instanceof JsonText.Read.Unreadable unreadable) {
      return refuse(unreadable.refusal());
    }
    ObjectNode fields = given(action, ((JsonText.Read.Object) read).json());
    Mapper.ActionRun run = rules.toFhir(action.name(), fields, context(fields));
    List<Finding> faults = new ArrayList<>();
    run.faults().forEach(fault -> faults.add(new Finding(fault.field(), fault.message())));
    if (faults.isEmpty() && action.call().kind() == ActionCall.Kind.LOOK_UP) {
      faults.addAll(HealtheIntentActions.faults(action, fields));
    }
    if (!faults.isEmpty()) {
      return refuse(invalid(faults));
    }
    Asked asked = new Asked(action, fields, request.root());
    return switch (action.call().kind()) {
      case READ -> read(asked);
      case CONTENT -> content(asked);
      case SUMMARY -> summary(asked);
      case FIND -> findPatientByMrn(asked);
      case SEARCH -> search(asked);
      case CREATE ->
          sending.send(
              () ->
                  created(asked, creating.chart().create(run.resource(), call()), run.notTaken()));
      case PATCH -> patch(asked);
      case UPDATE -> update(asked, run);
      case LOOK_UP -> healtheIntent.orElseThrow().act(action, fields);
    };
  }

  @Override
  public RestAnswer refuse(Refusal refusal) {
    return Problems.answer(refusal);
  }

  private Refusal unknown(List<String> path) {
    boolean atHealtheIntent = path.size() == 1 && HealtheIntentActions.isOne(path.get(0));
    return Refusal.of(
        RefusalReason.UNKNOWN_ACTION,
        atHealtheIntent && healtheIntent.isEmpty()
            ? "HealtheIntent is not set up at this engine (MILLRACE_HEALTHEINTENT_URL)"
            : "actions are posted to " + MOUNT + "/ and one of " + String.join(", ", names()));
  }

  private static Optional<Refusal> refuseRequest(RestRequest request) {
    if (!request.method().equals("POST")) {
      return Optional.of(Refusal.methodNotAllowed(request.method(), List.of("POST")));
    }
    if (!MediaTypes.accepted(request.header("accept"), ANSWERED)) {
      return Optional.of(
          Refusal.of(
              RefusalReason.NOT_ACCEPTABLE, "only JSON is answered: Accept " + MediaTypes.JSON));
    }
    if (MediaTypes.prefersAsync(request)) {
      return Optional.of(Refusal.asyncNotSupported());
    }
    if (!request.query().isEmpty()) {
      List<Finding> unknown =
          request.query().stream()
              .map(one -> new Finding(one.name(), "is not known; fields go into the body"))
              .toList();
      return Optional.of(
          Refusal.of(
              RefusalReason.UNKNOWN_PARAMETER, "an action takes no query parameters", unknown));
    }
    return MediaTypes.refuseJsonBody(request, MediaTypes.JSON_BODIES);
  }

  /** Clients write null for what they leave out. */
  private static ObjectNode given(ActionShape action, ObjectNode sent) {
    action.input().stream()
        .map(ActionField::name)
        .filter(name -> sent.path(name).isNull())
        .forEach(sent::remove);
    return sent;
  }

  private static Refusal invalid(List<Finding> faults) {
    return Refusal.of(
        RefusalReason.INVALID_INPUT,
        faults.size() == 1 ? "one field is not as it must be" : "fields are not as they must be",
        faults);
  }

  private List<String> names() {
    return actions.keySet().stream().sorted().toList();
  }

  private MappingContext context(ObjectNode fields) {
    Map<String, String> given = new HashMap<>();
    given.put(
        "now",
        OffsetDateTime.now(clock.withZone(settings.zone()))
            .truncatedTo(ChronoUnit.SECONDS)
            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    if (fields.path("patientResourceId").isTextual()) {
      given.put("subject", "Patient/" + fields.path("patientResourceId").asText());
    }
    if (fields.path("encounterResourceId").isTextual()) {
      given.put("encounter", "Encounter/" + fields.path("encounterResourceId").asText());
    }
    return new MappingContext(settings.zone(), "", given);
  }

  private Call call() {
    return Call.within(settings.answerWithin());
  }

  private RestAnswer read(Asked asked) {
    Reply<FhirResource> reply =
        cerner.fhir().read(asked.action().resource(), asked.field("resourceId"), call().sharing());
    if (reply instanceof Reply.Done<FhirResource> done) {
      return ok(
          rules.fromFhir(asked.action().name(), done.value().json(), context(asked.fields())));
    }
    return refuse(Refusal.of(((Reply.Failed<FhirResource>) reply).fault()));
  }

  private RestAnswer content(Asked asked) {
    DocumentContent.Read read =
        new DocumentContent(cerner.fhir(), settings.cernerBaseUrl())
            .read(asked.field("resourceId"), asked.optional("contentType"), call());
    return read instanceof DocumentContent.Read.Done done
        ? ok(done.answer())
        : refuse(((DocumentContent.Read.Refused) read).refusal());
  }

  private RestAnswer summary(Asked asked) {
    ChartSummary.Read read =
        new ChartSummary(cerner.fhir(), rules.calls().of(asked.action().resource()).orElseThrow())
            .read(
                asked.field("patientResourceId"),
                asked.optional("dateFrom"),
                asked.optional("dateUntil"),
                call());
    return read instanceof ChartSummary.Read.Done done
        ? ok(done.answer())
        : refuse(((ChartSummary.Read.Refused) read).refusal());
  }

  private RestAnswer search(Asked asked) {
    ActionSearch search =
        new ActionSearch(asked.action(), rules.calls().of(asked.action().resource()).orElseThrow());
    List<Parameter> parameters = search.parameters(asked.fields());
    List<Finding> faults = search.faults(parameters);
    if (!faults.isEmpty()) {
      return refuse(invalid(faults));
    }
    Reply<FhirInteractions.FoundResources> reply =
        cerner
            .fhir()
            .searchAll(
                asked.action().resource(),
                search.asSent(parameters),
                asked.action().call().sortedBy(),
                MOST_FOUND,
                call().sharing());
    return reply instanceof Reply.Done<FhirInteractions.FoundResources> done
        ? ok(search.answer(done.value()))
        : refuse(Refusal.of(((Reply.Failed<FhirInteractions.FoundResources>) reply).fault()));
  }

  private RestAnswer findPatientByMrn(Asked asked) {
    Reply<FhirResource> reply =
        cerner.findPatientByMrn(asked.field("mrn"), asked.optional("system"), call());
    if (reply instanceof Reply.Done<FhirResource> done) {
      return ok(NODES.objectNode().put("resourceId", done.value().id()));
    }
    Fault fault = ((Reply.Failed<FhirResource>) reply).fault();
    Refusal refusal = Refusal.of(fault);
    if (fault.code() == FaultCode.NOT_FOUND) {
      refusal =
          refusal.because(
              RefusalReason.PATIENT_NOT_FOUND, "no patient has this number in this system");
    } else if (fault.code() == FaultCode.SEVERAL_FOUND) {
      refusal =
          refusal.because(
              RefusalReason.SEVERAL_PATIENTS,
              "several patients have this number; name the system, or have the charts looked at");
    }
    return refuse(refusal);
  }

  private RestAnswer patch(Asked asked) {
    ActionPatch patch =
        new ActionPatch(
            asked.action(),
            asked.fields(),
            rules.calls().of(asked.action().resource()).orElseThrow(),
            rules::checkUpdate,
            cerner.fhir());
    List<PatchStep> steps = patch.steps();
    if (steps.isEmpty()) {
      return refuse(Refusal.of(RefusalReason.INVALID_INPUT, "no field says what is to be changed"));
    }
    String id = asked.field("resourceId");
    Changed changed = patch.carryOut(id, asked.optional("version"), steps, call());
    return answer(id, changed);
  }

  private RestAnswer update(Asked asked, Mapper.ActionRun made) {
    String id = asked.field("resourceId");
    return answer(
        id,
        new ActionUpdate(id, asked.optional("version"), made, rules::checkUpdate, cerner.fhir())
            .carryOut(call()));
  }

  private RestAnswer answer(String id, Changed changed) {
    return changed instanceof Changed.Done done
        ? ok(written(id, done.version(), done.notTaken()))
        : refuse(notChanged(changed));
  }

  private static Refusal notChanged(Changed changed) {
    if (changed instanceof Changed.Refused refused) {
      return Refusal.of(RefusalReason.TARGET_REFUSES, "it cannot be changed so", refused.faults());
    }
    if (changed instanceof Changed.Overtaken overtaken) {
      return Refusal.of(RefusalReason.CONFLICT, overtaken.sentence());
    }
    return changed instanceof Changed.OutcomeUnknown unknown
        ? Refusal.outcomeUnknown(unknown.lost())
        : Refusal.of(((Changed.Failed) changed).fault());
  }

  private IdempotentCreates.Sent created(
      Asked asked, CreateSettlement.Settled outcome, List<TargetFinding> notTaken) {
    if (outcome instanceof CreateSettlement.Settled.Made made) {
      return new IdempotentCreates.Sent(created(asked, made.created(), notTaken), true);
    }
    if (outcome instanceof CreateSettlement.Settled.Failed failed) {
      return new IdempotentCreates.Sent(refuse(Refusal.of(failed.fault())), false);
    }
    CreateSettlement.Settled.OutcomeUnknown unknown =
        (CreateSettlement.Settled.OutcomeUnknown) outcome;
    return new IdempotentCreates.Sent(
        refuse(Refusal.outcomeUnknown(unknown)),
        true,
        unknown
            .look()
            .map(look -> () -> look.apply(call()).map(made -> created(asked, made, notTaken))));
  }

  private static RestAnswer created(Asked asked, Created created, List<TargetFinding> notTaken) {
    ObjectNode answer = written(created.id(), created.version(), notTaken);
    String location = Links.toResource(asked.root(), created.type(), created.id());
    return new RestAnswer(
        201, Map.of("Content-Type", MediaTypes.JSON, "Location", location), JsonText.bytes(answer));
  }

  private static ObjectNode written(String id, String version, List<TargetFinding> notTaken) {
    ObjectNode answer = NODES.objectNode().put("resourceId", id);
    if (!version.isEmpty()) {
      answer.put("version", version);
    }
    if (!notTaken.isEmpty()) {
      answer.put(
          "notTaken",
          notTaken.stream()
              .map(each -> each.place() + " " + each.sentence())
              .collect(Collectors.joining(" ")));
    }
    return answer;
  }

  private static RestAnswer ok(ObjectNode answer) {
    return new RestAnswer(200, Map.of("Content-Type", MediaTypes.JSON), JsonText.bytes(answer));
  }
}
