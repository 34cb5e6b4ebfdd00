package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.delivery.CreateSettlement.Settled;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.TargetFinding;
import org.millrace.rest.Refusal.Finding;

/** Creates of the FHIR facade. Thread-safe. Source: FHIR R4, RESTful API, create. */
final class FhirCreates {

  /** Reads a resource that was just created, for callers that want to see it. */
  @FunctionalInterface
  interface ReadBack {
    Optional<ObjectNode> read(String type, String id, String root);
  }

  /** Where the types that are a patient's name the patient. */
  private static final Map<String, String> PATIENT_OF =
      Map.of(
          "DocumentReference", "subject",
          "Encounter", "subject",
          "Observation", "subject",
          "Condition", "subject",
          "AllergyIntolerance", "patient",
          "Immunization", "patient",
          "RelatedPerson", "patient",
          "MedicationRequest", "subject",
          "Coverage", "beneficiary");

  private final Creating creating;
  private final WriteCheck target;
  private final RestSettings settings;
  private final Links links;
  private final JsonText json;
  private final StrictReader strict = new StrictReader();
  private final ReadBack readBack;

  FhirCreates(
      Creating creating, WriteCheck target, RestSettings settings, Links links, ReadBack readBack) {
    this.creating = creating;
    this.target = target;
    this.settings = settings;
    this.links = links;
    json = new JsonText(settings);
    this.readBack = readBack;
  }

  RestAnswer create(ResourceCalls type, RestRequest request) {
    if (MediaTypes.prefersAsync(request) && StoredCreates.carries(type.type())) {
      return creating
          .idempotent()
          .keyed(
              request,
              FhirFacade.MOUNT,
              Outcomes::answer,
              key ->
                  checked(
                      type,
                      request,
                      (resource, findings) ->
                          creating.stored().store(resource, findings, request, key)));
    }
    return creating
        .idempotent()
        .create(
            request,
            FhirFacade.MOUNT,
            Outcomes::answer,
            sending ->
                checked(
                    type,
                    request,
                    (resource, findings) -> sending.send(() -> sent(resource, findings, request))));
  }

  /**
   * @param good is given the resource as it is to be sent, and what Cerner will ignore of it
   */
  private RestAnswer checked(
      ResourceCalls type,
      RestRequest request,
      BiFunction<ObjectNode, List<TargetFinding>, RestAnswer> good) {
    Optional<Refusal> refusal = refuseRequest(type, request);
    if (refusal.isPresent()) {
      return Outcomes.answer(refusal.get());
    }
    JsonText.Read read = json.object(request.body());
    if (read instanceof JsonText.Read.Unreadable unreadable) {
      return Outcomes.answer(unreadable.refusal());
    }
    ObjectNode resource = ((JsonText.Read.Object) read).json();
    List<Finding> faults = faults(type, resource, request.root());
    if (!faults.isEmpty()) {
      return Outcomes.answer(
          Refusal.of(RefusalReason.INVALID_INPUT, "the resource is no valid R4 resource", faults));
    }
    ObjectNode toSend = links.withoutOwnRoot(resource, request.root());
    List<TargetFinding> findings = target.check(toSend);
    if (findings.stream().anyMatch(TargetFinding::refused)) {
      return Outcomes.answer(refused(findings));
    }
    return good.apply(toSend, findings);
  }

  private IdempotentCreates.Sent sent(
      ObjectNode resource, List<TargetFinding> findings, RestRequest request) {
    Settled settled = creating.chart().create(resource, Call.within(settings.answerWithin()));
    if (settled instanceof Settled.Made made) {
      return new IdempotentCreates.Sent(created(made.created(), findings, request), true);
    }
    if (settled instanceof Settled.Failed failed) {
      return new IdempotentCreates.Sent(FhirFacade.refuse(failed.fault()), false);
    }
    Settled.OutcomeUnknown unknown = (Settled.OutcomeUnknown) settled;
    return new IdempotentCreates.Sent(
        Outcomes.answer(Refusal.outcomeUnknown(unknown)),
        true,
        unknown
            .look()
            .map(
                look ->
                    () ->
                        look.apply(Call.within(settings.answerWithin()))
                            .map(found -> created(found, findings, request))));
  }

  static Refusal refused(List<TargetFinding> findings) {
    List<Finding> refused =
        findings.stream()
            .filter(TargetFinding::refused)
            .map(finding -> new Finding(finding.place(), finding.sentence()))
            .toList();
    return Refusal.of(
        RefusalReason.TARGET_REFUSES, "the resource holds what cannot be stored", refused);
  }

  private static Optional<Refusal> refuseRequest(ResourceCalls type, RestRequest request) {
    if (request.header("if-none-exist").isPresent()) {
      return Optional.of(
          Refusal.of(
              RefusalReason.CONDITION_NOT_SUPPORTED,
              "If-None-Exist is not served: Cerner knows no conditional create"));
    }
    if (MediaTypes.prefersAsync(request) && !StoredCreates.carries(type.type())) {
      return Optional.of(Refusal.asyncNotSupported());
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

  private List<Finding> faults(ResourceCalls type, ObjectNode resource, String root) {
    if (!resource.path("resourceType").asText().equals(type.type())) {
      return List.of(
          new Finding(
              "resourceType", "must be " + type.type() + ", as the path it was posted to says"));
    }
    List<Finding> faults = new ArrayList<>(strict.faults(resource));
    String at = PATIENT_OF.getOrDefault(type.type(), "");
    if (faults.isEmpty() && !at.isEmpty()) {
      String patient = links.withoutOwnRoot(resource, root).path(at).path("reference").asText();
      if (!patient.startsWith("Patient/") || !FhirId.isId(FhirId.ofReference("Patient", patient))) {
        faults.add(
            new Finding(type.type() + "." + at + ".reference", "must be Patient/ and its id"));
      }
    }
    return faults;
  }

  /**
   * Who asks for nothing in particular is told what was ignored, for nothing may be lost without a
   * word; who asks for {@code minimal} gets no body, as FHIR has it.
   */
  private RestAnswer created(Created created, List<TargetFinding> ignored, RestRequest request) {
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
      case "minimal" -> new RestAnswer(201, headers, new byte[0]);
      case "operationoutcome" -> FhirFacade.json(201, outcome("It was created.", ignored), headers);
      default ->
          ignored.isEmpty()
              ? new RestAnswer(201, headers, new byte[0])
              : FhirFacade.json(201, outcome("It was created.", ignored), headers);
    };
  }

  /** An OperationOutcome that says what was done, and what was ignored. */
  static ObjectNode outcome(String done, List<TargetFinding> ignored) {
    ObjectNode outcome = Outcomes.remark("information", "informational", done);
    ignored.forEach(
        finding -> Outcomes.addRemark(outcome, "warning", finding.place(), finding.sentence()));
    return outcome;
  }

  /** The value of {@code return=} in Prefer, in lower case; empty if it says none. */
  static String preferredReturn(RestRequest request) {
    return Arrays.stream(request.header("prefer").orElse("").split("[,;]"))
        .map(preference -> preference.trim().toLowerCase(Locale.ROOT))
        .filter(preference -> preference.startsWith("return="))
        .map(preference -> preference.substring("return=".length()).replace("\"", ""))
        .findFirst()
        .orElse("");
  }
}
