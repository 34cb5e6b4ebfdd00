package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.Created;
import org.millrace.rest.Refusal.Finding;

/** Creates of the FHIR facade. Thread-safe. Source: FHIR R4, RESTful API, create. */
final class FhirCreates {

  /** Reads a resource that was just created, for callers that want to see it. */
  @FunctionalInterface
  interface ReadBack {
    Optional<ObjectNode> read(String type, String id, String root);
  }

  private final Creates creates;
  private final JsonText json;
  private final StrictReader strict = new StrictReader();
  private final ReadBack readBack;

  FhirCreates(Creates creates, RestSettings settings, ReadBack readBack) {
    this.creates = creates;
    json = new JsonText(settings);
    this.readBack = readBack;
  }

  RestAnswer create(ServedType type, RestRequest request) {
    Optional<Refusal> refusal = refuseRequest(request);
    if (refusal.isPresent()) {
      return Outcomes.answer(refusal.get());
    }
    JsonText.Read read = json.object(request.body());
    if (read instanceof JsonText.Read.Unreadable unreadable) {
      return Outcomes.answer(unreadable.refusal());
    }
    ObjectNode resource = ((JsonText.Read.Object) read).json();
    List<Finding> faults = faults(type, resource);
    if (!faults.isEmpty()) {
      return Outcomes.answer(
          Refusal.of(RefusalReason.INVALID_INPUT, "the resource is no valid R4 resource", faults));
    }
    CreateOutcome outcome =
        type.name().equals("Patient") ? creates.patient(resource) : creates.document(resource);
    if (outcome instanceof CreateOutcome.Stored stored) {
      return created(stored.created(), request);
    }
    return outcome instanceof CreateOutcome.Refused refused
        ? FhirFacade.refuse(refused.fault())
        : Outcomes.answer(Refusal.outcomeUnknown(((CreateOutcome.Unknown) outcome).fault()));
  }

  private static Optional<Refusal> refuseRequest(RestRequest request) {
    if (request.header("if-none-exist").isPresent()) {
      return Optional.of(
          Refusal.of(
              RefusalReason.CONDITION_NOT_SUPPORTED,
              "If-None-Exist is not served: Cerner knows no conditional create"));
    }
    List<Finding> unknown =
        request.query().stream()
            .filter(parameter -> !parameter.name().equals("_format"))
            .map(parameter -> new Finding(parameter.name(), "is not known on a create"))
            .toList();
    if (!unknown.isEmpty()) {
      return Optional.of(
          Refusal.of(RefusalReason.UNKNOWN_PARAMETER, "a create takes _format only", unknown));
    }
    return MediaTypes.refuseJsonBody(request, MediaTypes.FHIR_BODIES);
  }

  private List<Finding> faults(ServedType type, ObjectNode resource) {
    if (!resource.path("resourceType").asText().equals(type.name())) {
      return List.of(
          new Finding(
              "resourceType", "must be " + type.name() + ", as the path it was posted to says"));
    }
    return strict.faults(resource);
  }

  private RestAnswer created(Created created, RestRequest request) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Location", Links.toResource(request.root(), created.type(), created.id()));
    if (!created.version().isEmpty()) {
      headers.put("ETag", "W/\"" + created.version() + "\"");
    }
    return switch (preferredReturn(request)) {
      case "representation" ->
          readBack
              .read(created.type(), created.id(), request.root())
              .map(resource -> FhirFacade.json(201, resource, headers))
              .orElseGet(
                  () ->
                      FhirFacade.json(
                          201,
                          Outcomes.remark(
                              "warning",
                              "incomplete",
                              "It was created, but could not be read back."),
                          headers));
      case "operationoutcome" ->
          FhirFacade.json(
              201, Outcomes.remark("information", "informational", "It was created."), headers);
      default -> new RestAnswer(201, headers, new byte[0]);
    };
  }

  /** The value of {@code return=} in Prefer, in lower case; minimal if it says none. */
  private static String preferredReturn(RestRequest request) {
    return Arrays.stream(request.header("prefer").orElse("").split("[,;]"))
        .map(preference -> preference.trim().toLowerCase(Locale.ROOT))
        .filter(preference -> preference.startsWith("return="))
        .map(preference -> preference.substring("return=".length()).replace("\"", ""))
        .findFirst()
        .orElse("minimal");
  }
}
