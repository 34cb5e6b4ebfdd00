package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.guard.Needs;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.ResourceCalls.Interaction;
import org.millrace.mapping.TargetCalls;

/**
 * A plain FHIR R4 server that speaks for Cerner: reads, searches and writes of what {@code
 * mappings/calls/} offers, in JSON only. Thread-safe. Source: FHIR R4, RESTful API.
 */
final class FhirFacade implements RestHandler {
  /** Where a route mounts this handler. */
  static final String MOUNT = "/fhir/r4";

  private final CernerActions cerner;
  private final RestSettings settings;
  private final FhirSearches searches;
  private final FhirOperations operations;
  private final FhirCreates creates;
  private final StoredCreates stored;
  private final FhirChanges changes;
  private final Links links;
  private final Capability capability;
  private final TargetCalls calls;

  FhirFacade(
      CernerActions cerner, Creating creating, Mapper mapper, RestSettings settings, Clock clock) {
    this.cerner = cerner;
    calls = mapper.calls();
    this.settings = settings;
    links = new Links(settings, calls);
    searches = new FhirSearches(cerner, settings, links, clock);
    operations = new FhirOperations(cerner, settings, links);
    this.creates = new FhirCreates(creating, mapper::checkCreate, settings, links, this::readBack);
    stored = creating.stored();
    changes = new FhirChanges(cerner.fhir(), mapper::checkUpdate, settings, links, this::readBack);
    capability = new Capability(calls, clock);
  }

  @Override
  public Needs needs(RestRequest request) {
    return FhirNeeds.of(request);
  }

  @Override
  public RestAnswer handle(RestRequest request) {
    if (!answersJson(request)) {
      return refuse(
          Refusal.of(
              RefusalReason.NOT_ACCEPTABLE,
              "only JSON is answered: Accept " + MediaTypes.FHIR_JSON + ", or _format=json"));
    }
    List<String> path = request.path();
    Optional<String> operation = path.stream().filter(part -> part.startsWith("$")).findFirst();
    if (operation.isPresent()) {
      return onOperation(operation.get(), request);
    }
    if (path.size() == 1 && path.get(0).equals("metadata")) {
      return metadata(request);
    }
    if (FhirNeeds.isStatus(path)) {
      return stored.status(request);
    }
    Optional<ResourceCalls> type = path.isEmpty() ? Optional.empty() : calls.of(path.get(0));
    if (type.isEmpty()) {
      return refuse(
          Refusal.of(
              RefusalReason.NOT_SERVED,
              "served are metadata and the types " + String.join(", ", calls.types())));
    }
    return switch (path.size()) {
      case 1 -> onType(type.get(), request);
      case 2 ->
          path.get(1).equals("_search")
              ? postedSearch(type.get(), request)
              : onInstance(type.get(), path.get(1), request);
      default ->
          refuse(
              Refusal.of(
                  RefusalReason.NOT_SERVED, "versions, histories and compartments are not served"));
    };
  }

  private RestAnswer onOperation(String name, RestRequest request) {
    List<String> path = request.path();
    Optional<ResourceCalls> type =
        path.size() == 2 && path.get(1).equals(name) ? calls.of(path.get(0)) : Optional.empty();
    return type.flatMap(known -> known.operation(name))
        .map(operation -> operations.ask(type.orElseThrow(), operation, request))
        .orElseGet(() -> refuse(Refusal.of(RefusalReason.NOT_SERVED, notServed(name))));
  }

  private String notServed(String operation) {
    List<String> served =
        calls.resources().stream()
            .flatMap(
                type -> type.operations().stream().map(each -> type.type() + "/$" + each.name()))
            .toList();
    return "the operation "
        + operation
        + " is not served here; served are: "
        + (served.isEmpty() ? "none" : String.join(", ", served));
  }

  @Override
  public RestAnswer refuse(Refusal refusal) {
    return Outcomes.answer(refusal);
  }

  /** What of Cerner's refusals a FHIR caller is told by status: 400 and 412 stay what they were. */
  static RestAnswer refuse(Fault fault) {
    Refusal refusal = Refusal.of(fault);
    boolean keeps =
        (fault.code() == FaultCode.REFUSED && fault.status() == 400)
            || (fault.code() == FaultCode.CONFLICT && fault.status() == 412);
    return Outcomes.answer(keeps ? refusal.withStatus(fault.status()) : refusal);
  }

  private RestAnswer metadata(RestRequest request) {
    if (!request.method().equals("GET")) {
      return refuse(Refusal.methodNotAllowed(request.method(), List.of("GET")));
    }
    return json(200, capability.statement(request.root() + MOUNT), Map.of());
  }

  private RestAnswer onType(ResourceCalls type, RestRequest request) {
    List<String> allowed = methodsOf(type);
    if (allowed.isEmpty()) {
      return refuse(
          Refusal.of(
              RefusalReason.NOT_SERVED,
              type.type() + " can be read by id only: GET " + type.type() + "/{id}"));
    }
    if (!allowed.contains(request.method())) {
      return refuse(Refusal.methodNotAllowed(request.method(), allowed));
    }
    return request.method().equals("POST")
        ? creates.create(type, request)
        : searches.search(type, request, request.query());
  }

  /** The methods of {@code /Type}. */
  static List<String> methodsOf(ResourceCalls type) {
    List<String> methods = new ArrayList<>();
    if (type.offers(Interaction.SEARCH)) {
      methods.add("GET");
    }
    if (type.offers(Interaction.CREATE)) {
      methods.add("POST");
    }
    return methods;
  }

  private RestAnswer postedSearch(ResourceCalls type, RestRequest request) {
    if (!type.offers(Interaction.SEARCH)) {
      return refuse(Refusal.of(RefusalReason.NOT_SERVED, type.type() + " cannot be searched here"));
    }
    if (!request.method().equals("POST")) {
      return refuse(Refusal.methodNotAllowed(request.method(), List.of("POST")));
    }
    return searches.posted(type, request);
  }

  /** The methods of {@code /Type/{id}}. */
  static List<String> methodsOfOne(ResourceCalls type) {
    List<String> methods = new ArrayList<>(List.of("GET"));
    if (type.offers(Interaction.UPDATE)) {
      methods.add("PUT");
    }
    if (type.offers(Interaction.PATCH)) {
      methods.add("PATCH");
    }
    return methods;
  }

  private RestAnswer onInstance(ResourceCalls type, String id, RestRequest request) {
    List<String> allowed = methodsOfOne(type);
    if (!allowed.contains(request.method())) {
      return refuse(Refusal.methodNotAllowed(request.method(), allowed));
    }
    if (!FhirId.isId(id)) {
      return refuse(
          Refusal.of(
              RefusalReason.INVALID_REQUEST,
              "what stands after " + type.type() + "/ is no FHIR id"));
    }
    return switch (request.method()) {
      case "PUT" -> changes.update(type, id, request);
      case "PATCH" -> changes.patch(type, id, request);
      default -> readOne(type, id, request);
    };
  }

  private RestAnswer readOne(ResourceCalls type, String id, RestRequest request) {
    List<Refusal.Finding> unknown =
        request.query().stream()
            .filter(parameter -> !parameter.name().equals("_format"))
            .map(parameter -> new Refusal.Finding(parameter.name(), "is not known on a read"))
            .toList();
    if (!unknown.isEmpty()) {
      return refuse(
          Refusal.of(RefusalReason.UNKNOWN_PARAMETER, "a read takes _format only", unknown));
    }
    Reply<FhirResource> reply = read(type.type(), id, call().sharing());
    if (reply instanceof Reply.Done<FhirResource> done) {
      FhirResource resource = done.value();
      Map<String, String> headers = new HashMap<>();
      if (!resource.etag().isEmpty()) {
        headers.put("ETag", resource.etag());
      }
      if (!resource.lastModified().isEmpty()) {
        headers.put("Last-Modified", resource.lastModified());
      }
      return json(200, links.turnedToEngine(resource.json(), request.root()), headers);
    }
    return refuse(((Reply.Failed<FhirResource>) reply).fault());
  }

  private Call call() {
    return Call.within(settings.answerWithin());
  }

  private Reply<FhirResource> read(String type, String id, Call call) {
    return cerner.fhir().read(type, id, call);
  }

  private Optional<ObjectNode> readBack(String type, String id, String root) {
    return read(type, id, call()) instanceof Reply.Done<FhirResource> done
        ? Optional.of(links.turnedToEngine(done.value().json(), root))
        : Optional.empty();
  }

  static RestAnswer json(int status, ObjectNode json, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", MediaTypes.FHIR_JSON);
    return new RestAnswer(status, all, JsonText.bytes(json));
  }

  /** {@code _format} decides where it stands; in a URL its plus may have become a space. */
  private static boolean answersJson(RestRequest request) {
    List<String> formats = new ArrayList<>();
    request.query().stream()
        .filter(parameter -> parameter.name().equals("_format"))
        .forEach(parameter -> formats.add(parameter.value().replace(' ', '+')));
    if (formats.isEmpty()) {
      return MediaTypes.accepted(request.header("accept"), MediaTypes.FHIR_BODIES);
    }
    return formats.stream()
        .map(MediaTypes::essence)
        .allMatch(format -> format.equals("json") || MediaTypes.FHIR_BODIES.contains(format));
  }
}
