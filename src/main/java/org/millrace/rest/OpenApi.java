package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millrace.guard.Needs;
import org.millrace.mapping.ActionCall;
import org.millrace.mapping.ActionField;
import org.millrace.mapping.ActionShape;
import org.millrace.mapping.OperationCalls;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.ResourceCalls.Interaction;
import org.millrace.mapping.SearchParameter;
import org.millrace.mapping.TargetCalls;

/**
 * The description of all that is served, made from the tables the handlers are made from and, for
 * what an action takes, from its file in {@code mappings/actions/}. Thread-safe. Source: OpenAPI
 * 3.0.3.
 */
final class OpenApi implements RestHandler {
  /** Where a route mounts this handler. */
  static final String MOUNT = "/openapi.json";

  private static final String FHIR_OBJECT = "FhirResource";
  private static final String PROBLEM = "Problem";

  private final List<ActionShape> actions;
  private final TargetCalls calls;

  /**
   * @param rules the actions, from the files that check them, and what the server offers
   */
  OpenApi(ActionRules rules) {
    actions = rules.actions();
    calls = rules.calls();
  }

  @Override
  public Needs needs(RestRequest request) {
    return Needs.OPEN;
  }

  @Override
  public RestAnswer handle(RestRequest request) {
    if (!request.path().isEmpty()) {
      return refuse(Refusal.of(RefusalReason.NOT_SERVED, "the description is at " + MOUNT));
    }
    if (!request.method().equals("GET")) {
      return refuse(Refusal.methodNotAllowed(request.method(), List.of("GET")));
    }
    return new RestAnswer(
        200, Map.of("Content-Type", MediaTypes.JSON), JsonText.bytes(document(request.root())));
  }

  @Override
  public RestAnswer refuse(Refusal refusal) {
    return Problems.answer(refusal);
  }

  private ObjectNode document(String root) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("openapi", "3.0.3");
    ObjectNode info = document.putObject("info");
    info.put("title", "Millrace");
    info.put(
        "version",
        Optional.ofNullable(OpenApi.class.getPackage().getImplementationVersion())
            .orElse("unpackaged"));
    document.putArray("servers").addObject().put("url", root);
    ObjectNode paths = document.putObject("paths");
    addFhir(paths);
    actions.forEach(action -> addAction(paths, action));
    addHl7(paths);
    ObjectNode self = paths.putObject(MOUNT).putObject("get");
    self.put("operationId", "openapi").put("summary", "This description.");
    body(response(self, "200", "The description."), MediaTypes.JSON).put("type", "object");
    addSchemas(document.putObject("components").putObject("schemas"));
    OpenApiNeeds.add(document, actions);
    return document;
  }

  private void addFhir(ObjectNode paths) {
    ObjectNode metadata = paths.putObject(FhirFacade.MOUNT + "/metadata").putObject("get");
    metadata.put("operationId", "metadata").put("summary", "The CapabilityStatement.");
    fhirAnswers(metadata, "200", "The statement.");
    addStatus(paths);
    for (ResourceCalls type : calls.resources()) {
      String base = FhirFacade.MOUNT + "/" + type.type();
      ObjectNode onType = JsonNodeFactory.instance.objectNode();
      if (type.offers(Interaction.SEARCH)) {
        addSearch(onType, type);
        addPostedSearch(paths.putObject(base + "/_search").putObject("post"), type);
      }
      if (type.offers(Interaction.CREATE)) {
        addCreate(onType, type);
      }
      if (!onType.isEmpty()) {
        paths.set(base, onType);
      }
      type.operations().forEach(each -> addOperation(paths, base, type, each));
      ObjectNode onOne = paths.putObject(base + "/{id}");
      addRead(onOne.putObject("get"), type);
      if (type.offers(Interaction.UPDATE)) {
        addChange(onOne.putObject("put"), type, "update", MediaTypes.FHIR_JSON);
      }
      if (type.offers(Interaction.PATCH)) {
        addChange(onOne.putObject("patch"), type, "patch", MediaTypes.JSON_PATCH);
      }
    }
  }

  private static void addSearch(ObjectNode onType, ResourceCalls type) {
    ObjectNode search = onType.putObject("get");
    search.put("operationId", "search-" + type.type());
    search.put("summary", ("Searches " + type.type() + ". " + Capability.searchRules(type)).trim());
    addParameters(search, type);
    fhirAnswers(search, "200", "A searchset Bundle.");
  }

  private static void addOperation(
      ObjectNode paths, String base, ResourceCalls type, OperationCalls operation) {
    ObjectNode get = paths.putObject(base + "/$" + operation.name()).putObject("get");
    ResourceCalls taken = operation.asSearch(type.type());
    get.put("operationId", operation.name());
    get.put("summary", (operation.description() + " " + Capability.searchRules(taken)).trim());
    addParameters(get, taken);
    fhirAnswers(get, "200", operation.answers() + ".");
  }

  private static void addParameters(ObjectNode operation, ResourceCalls type) {
    ArrayNode parameters = operation.putArray("parameters");
    for (SearchParameter parameter : type.parameters()) {
      ObjectNode one = parameters.addObject().put("name", parameter.name()).put("in", "query");
      one.put("description", parameter.description());
      ObjectNode schema = one.putObject("schema");
      if (parameter.times().most() > 1) {
        schema.put("type", "array").put("maxItems", parameter.times().most());
        schema.putObject("items").put("type", "string");
      } else {
        schema.put("type", "string");
      }
    }
  }

  private static void addPostedSearch(ObjectNode search, ResourceCalls type) {
    search.put("operationId", "post-search-" + type.type());
    search.put("summary", "Searches " + type.type() + " with the parameters in a form.");
    body(search.putObject("requestBody"), MediaTypes.FORM).put("type", "object");
    fhirAnswers(search, "200", "A searchset Bundle.");
  }

  private static void addCreate(ObjectNode onType, ResourceCalls type) {
    ObjectNode create = onType.putObject("post");
    create
        .put("operationId", "create-" + type.type())
        .put("summary", "Creates " + type.type() + ".");
    ArrayNode headers = addIdempotencyKey(create);
    ObjectNode request = create.putObject("requestBody").put("required", true);
    refer(body(request, MediaTypes.FHIR_JSON), FHIR_OBJECT);
    fhirAnswers(create, "201", "Created; its URL is in Location.");
    header(create, "201", "Location", "URL of the resource at this engine");
    header(create, "201", "ETag", "the resource's version");
    if (StoredCreates.carries(type.type())) {
      addStored(create, headers);
    }
  }

  private static void addStored(ObjectNode create, ArrayNode headers) {
    ObjectNode prefer = headers.addObject().put("name", "Prefer").put("in", "header");
    prefer.put("description", "respond-async: it is stored, answered 202, and delivered");
    prefer.putObject("schema").put("type", "string");
    refer(
        body(response(create, "202", "Stored, to be delivered."), MediaTypes.FHIR_JSON),
        FHIR_OBJECT);
    header(create, "202", "Content-Location", "where its caller is told what came of it");
  }

  private static void addStatus(ObjectNode paths) {
    ObjectNode status =
        paths.putObject(FhirFacade.MOUNT + "/" + StoredCreates.PATH + "/{ticket}").putObject("get");
    status.put("operationId", "async-status");
    status.put("summary", "What came of a create that was left to be delivered.");
    ObjectNode ticket = status.putArray("parameters").addObject();
    ticket.put("name", "ticket").put("in", "path").put("required", true);
    ticket.putObject("schema").put("type", "string");
    fhirAnswers(status, "200", "A batch-response Bundle with the outcome.");
    refer(
        body(response(status, "202", "It waits, or is tried again."), MediaTypes.FHIR_JSON),
        FHIR_OBJECT);
  }

  private static ArrayNode addIdempotencyKey(ObjectNode create) {
    ArrayNode headers = create.putArray("parameters");
    ObjectNode key = headers.addObject();
    key.put("name", "Idempotency-Key").put("in", "header");
    key.put(
        "description",
        "a key of the caller's own: sent again with it, the create is answered again and not made"
            + " again");
    key.putObject("schema").put("type", "string").put("pattern", "^[!-~]{1,255}$");
    return headers;
  }

  private static void addChange(
      ObjectNode change, ResourceCalls type, String verb, String mediaType) {
    change.put("operationId", verb + "-" + type.type());
    change.put("summary", "Changes " + type.type() + " by " + verb + ".");
    ObjectNode version = idParameter(change).addObject();
    version.put("name", "If-Match").put("in", "header").put("required", true);
    version.put("description", "the version it is made for, as ETag told it");
    version.putObject("schema").put("type", "string");
    ObjectNode body = body(change.putObject("requestBody").put("required", true), mediaType);
    if (verb.equals("patch")) {
      body.put("type", "array").put("description", "RFC 6902").putObject("items");
    } else {
      refer(body, FHIR_OBJECT);
    }
    fhirAnswers(change, "200", "Changed.");
    header(change, "200", "ETag", "the new version");
  }

  private static ArrayNode idParameter(ObjectNode operation) {
    ArrayNode parameters = operation.putArray("parameters");
    ObjectNode id = parameters.addObject().put("name", "id").put("in", "path");
    id.put("required", true);
    id.putObject("schema").put("type", "string").put("pattern", "^" + FhirId.FORM + "$");
    return parameters;
  }

  private static void addRead(ObjectNode read, ResourceCalls type) {
    read.put("operationId", "read-" + type.type()).put("summary", "Reads " + type.type() + ".");
    idParameter(read);
    fhirAnswers(read, "200", "The resource.");
  }

  private static void fhirAnswers(ObjectNode operation, String success, String description) {
    refer(body(response(operation, success, description), MediaTypes.FHIR_JSON), FHIR_OBJECT);
    refer(
        body(response(operation, "default", "An OperationOutcome."), MediaTypes.FHIR_JSON),
        FHIR_OBJECT);
  }

  private static void addAction(ObjectNode paths, ActionShape action) {
    ObjectNode post = paths.putObject(Actions.MOUNT + "/" + action.name()).putObject("post");
    post.put("operationId", action.name()).put("summary", action.description());
    boolean creates = action.call().kind() == ActionCall.Kind.CREATE;
    if (creates) {
      addIdempotencyKey(post);
    }
    ObjectNode request = post.putObject("requestBody").put("required", true);
    ObjectNode input = body(request, MediaTypes.JSON).put("type", "object");
    input.put("additionalProperties", false);
    ObjectNode properties = input.putObject("properties");
    ArrayNode required = input.putArray("required");
    for (ActionField field : action.input()) {
      addField(properties, field);
      if (field.required()) {
        required.add(field.name());
      }
    }
    ObjectNode output = body(response(post, creates ? "201" : "200", "Done."), MediaTypes.JSON);
    addMembers(output, action);
    if (creates) {
      header(post, "201", "Location", "URL of the resource at this engine's FHIR face");
    }
    for (Map.Entry<Integer, String> status : new TreeMap<>(ownStatuses(action)).entrySet()) {
      problem(response(post, status.getKey().toString(), "Code " + status.getValue() + "."));
    }
    problem(response(post, "400", "The input is not as it must be; errors names each field."));
    problem(response(post, "default", "Why it was not done."));
  }

  /** Statuses besides success that an action answers for reasons of its own, with their meaning. */
  private static Map<Integer, String> ownStatuses(ActionShape action) {
    return switch (action.call().kind()) {
      case READ, CONTENT, SUMMARY -> Map.of(404, "not-found");
      case PATCH, UPDATE -> Map.of(404, "not-found", 409, "conflict", 422, "target-refuses");
      case FIND -> Map.of(404, "patient-not-found", 409, "several-patients");
      case LOOK_UP -> Map.of(404, "not-found", 409, "several-patients");
      case CREATE -> Map.of(409, "key-under-way", 422, "key-used");
      case SEARCH -> Map.of();
    };
  }

  /** An enumeration is described, not enforced: case and a left out charset are forgiven. */
  private static void addField(ObjectNode properties, ActionField field) {
    ObjectNode property = properties.putObject(field.name()).put("type", field.type());
    ObjectNode text =
        field.isList()
            ? property.put("minItems", 1).putObject("items").put("type", "string")
            : property;
    String oneOf = field.values().isEmpty() ? "" : "; one of " + String.join(", ", field.values());
    String with = field.with().isEmpty() ? "" : "; only beside " + field.with();
    String without = field.without().isEmpty() ? "" : "; not beside " + field.without();
    property.put("description", field.description() + oneOf + with + without);
    if (field.pattern().isEmpty()) {
      text.put("minLength", 1);
    } else {
      text.put("pattern", "^(" + field.pattern() + ")$");
    }
    if (!field.fallback().isEmpty()) {
      property.put("default", field.fallback());
    }
  }

  private static void addMembers(ObjectNode schema, ActionShape action) {
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (ActionField answer : action.answer()) {
      ObjectNode property = properties.putObject(answer.name()).put("type", answer.type());
      property.put("description", answer.description());
      if (answer.type().equals("array")) {
        if (action.call().kind() == ActionCall.Kind.LOOK_UP) {
          property.putObject("items").put("type", "object");
        } else {
          refer(property.putObject("items"), FHIR_OBJECT);
        }
      }
      if (answer.required()) {
        required.add(answer.name());
      }
    }
  }

  private static void addHl7(ObjectNode paths) {
    ObjectNode post = paths.putObject(Hl7OverHttp.MOUNT).putObject("post");
    post.put("operationId", "hl7");
    post.put(
        "summary", "Takes an HL7 v2 message and answers with its v2 reply, whatever its code.");
    body(post.putObject("requestBody").put("required", true), MediaTypes.HL7_V2)
        .put("type", "string");
    body(response(post, "200", "The v2 reply."), MediaTypes.HL7_V2).put("type", "string");
    problem(response(post, "default", "Why no message could be taken."));
  }

  private static void header(ObjectNode operation, String status, String name, String description) {
    ObjectNode response = (ObjectNode) operation.path("responses").path(status);
    ObjectNode header = response.withObjectProperty("headers").putObject(name);
    header.put("description", description).putObject("schema").put("type", "string");
  }

  private static void problem(ObjectNode response) {
    refer(body(response, MediaTypes.PROBLEM_JSON), PROBLEM);
  }

  private static ObjectNode response(ObjectNode operation, String status, String description) {
    return operation
        .withObjectProperty("responses")
        .putObject(status)
        .put("description", description);
  }

  /** The schema of a body of that media type. */
  private static ObjectNode body(ObjectNode carrier, String mediaType) {
    return carrier.withObjectProperty("content").putObject(mediaType).putObject("schema");
  }

  private static void refer(ObjectNode schema, String name) {
    schema.put("$ref", "#/components/schemas/" + name);
  }

  private static void addSchemas(ObjectNode schemas) {
    ObjectNode resource = schemas.putObject(FHIR_OBJECT).put("type", "object");
    resource.put("description", "A FHIR R4 resource.");
    resource.putObject("properties").putObject("resourceType").put("type", "string");
    resource.putArray("required").add("resourceType");
    ObjectNode problem = schemas.putObject(PROBLEM).put("type", "object");
    ObjectNode members = problem.putObject("properties");
    for (String text :
        List.of("type", "title", "detail", "code", "cernerText", "cernerRequestId")) {
      members.putObject(text).put("type", "string");
    }
    members.putObject("status").put("type", "integer");
    ObjectNode error = members.putObject("errors").put("type", "array").putObject("items");
    ObjectNode parts = error.put("type", "object").putObject("properties");
    parts.putObject("field").put("type", "string");
    parts.putObject("message").put("type", "string");
    ArrayNode always = problem.putArray("required");
    List.of("type", "title", "status", "detail", "code").forEach(always::add);
  }
}
