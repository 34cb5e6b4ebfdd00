package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.cerner.Call;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.Reply;
import org.millrace.cerner.Updated;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.TargetFinding;
import org.millrace.rest.Refusal.Finding;

/**
 * Updates and patches of the FHIR facade, each for the version that the caller has seen, so that
 * one that is sent again is stored once at most. Thread-safe. Source: FHIR R4, RESTful API, update
 * and patch; RFC 6902.
 */
final class FhirChanges {
  private static final Set<String> PATCH_BODIES = Set.of(MediaTypes.JSON_PATCH);
  private static final Pattern ETAG = Pattern.compile("(?:W/)?\"([\\x21\\x23-\\x7e]{1,200})\"");

  private final FhirInteractions fhir;
  private final WriteCheck target;
  private final RestSettings settings;
  private final Links links;
  private final JsonText json;
  private final StrictReader strict = new StrictReader();
  private final FhirCreates.ReadBack readBack;

  /**
   * @param target what the server refuses or ignores of an update or patch
   */
  FhirChanges(
      FhirInteractions fhir,
      WriteCheck target,
      RestSettings settings,
      Links links,
      FhirCreates.ReadBack readBack) {
    this.fhir = fhir;
    this.target = target;
    this.settings = settings;
    this.links = links;
    json = new JsonText(settings);
    this.readBack = readBack;
  }

  /** {@code PUT Type/{id}}. */
  RestAnswer update(ResourceCalls type, String id, RestRequest request) {
    Optional<Refusal> refusal =
        refuseRequest(request).or(() -> MediaTypes.refuseJsonBody(request, MediaTypes.FHIR_BODIES));
    if (refusal.isPresent()) {
      return Outcomes.answer(refusal.get());
    }
    JsonText.Read read = json.object(request.body());
    if (read instanceof JsonText.Read.Unreadable unreadable) {
      return Outcomes.answer(unreadable.refusal());
    }
    ObjectNode resource = ((JsonText.Read.Object) read).json();
    List<Finding> faults = faults(type, id, resource);
    if (!faults.isEmpty()) {
      return Outcomes.answer(
          Refusal.of(RefusalReason.INVALID_INPUT, "the resource is no valid R4 resource", faults));
    }
    ObjectNode toSend = links.withoutOwnRoot(resource, request.root());
    List<TargetFinding> findings = target.check(toSend);
    if (findings.stream().anyMatch(TargetFinding::refused)) {
      return Outcomes.answer(FhirCreates.refused(findings));
    }
    Call call = Call.within(settings.answerWithin());
    return answer(
        fhir.update(type.type(), id, version(request), toSend, call), type, id, findings, request);
  }

  /** {@code PATCH Type/{id}}, a JSON Patch. */
  RestAnswer patch(ResourceCalls type, String id, RestRequest request) {
    Optional<Refusal> refusal =
        refuseRequest(request).or(() -> MediaTypes.refuseJsonBody(request, PATCH_BODIES));
    if (refusal.isPresent()) {
      return Outcomes.answer(refusal.get());
    }
    JsonText.Read read = json.list(request.body());
    if (read instanceof JsonText.Read.Unreadable unreadable) {
      return Outcomes.answer(unreadable.refusal());
    }
    ArrayNode patch = links.withoutOwnRoot(((JsonText.Read.List) read).json(), request.root());
    List<Finding> faults = PatchChecks.faults(type, patch);
    if (!faults.isEmpty()) {
      return Outcomes.answer(refused(faults));
    }
    PatchValues values =
        PatchValues.check(
            type.type(),
            patch,
            target,
            (index, path, below, found) ->
                new TargetFinding(
                    "patch[" + index + "].value" + below, found.sentence(), found.refused()));
    if (!values.faults().isEmpty()) {
      return Outcomes.answer(refused(values.faults()));
    }
    Call call = Call.within(settings.answerWithin());
    return answer(
        fhir.patch(type.type(), id, version(request), patch, call),
        type,
        id,
        values.notTaken(),
        request);
  }

  private static Refusal refused(List<Finding> faults) {
    return Refusal.of(
        RefusalReason.TARGET_REFUSES, "the patch holds what cannot be changed", faults);
  }

  private static Optional<Refusal> refuseRequest(RestRequest request) {
    if (MediaTypes.prefersAsync(request)) {
      return Optional.of(Refusal.asyncNotSupported());
    }
    List<Finding> unknown =
        request.query().stream()
            .filter(parameter -> !parameter.name().equals("_format"))
            .map(parameter -> new Finding(parameter.name(), "is not known on a change"))
            .toList();
    if (!unknown.isEmpty()) {
      return Optional.of(
          Refusal.of(RefusalReason.UNKNOWN_PARAMETER, "a change takes _format only", unknown));
    }
    return version(request).isEmpty()
        ? Optional.of(
            Refusal.of(
                RefusalReason.VERSION_MISSING,
                "a change says which version it is made for: If-Match: W/\"version\", as ETag told"
                    + " it"))
        : Optional.empty();
  }

  /** Of If-Match; empty if it names none. */
  private static String version(RestRequest request) {
    Matcher etag = ETAG.matcher(request.header("if-match").orElse("").trim());
    return etag.matches() ? etag.group(1) : "";
  }

  private List<Finding> faults(ResourceCalls type, String id, ObjectNode resource) {
    if (!resource.path("resourceType").asText().equals(type.type())) {
      return List.of(new Finding("resourceType", "must be " + type.type() + ", as the path says"));
    }
    List<Finding> faults = new ArrayList<>(strict.faults(resource));
    if (!resource.path("id").asText().equals(id)) {
      faults.add(new Finding(type.type() + ".id", "must be the id in the path"));
    }
    return faults;
  }

  private RestAnswer answer(
      Reply<Updated> reply,
      ResourceCalls type,
      String id,
      List<TargetFinding> ignored,
      RestRequest request) {
    if (!(reply instanceof Reply.Done<Updated> done)) {
      return FhirFacade.refuse(((Reply.Failed<Updated>) reply).fault());
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Location", Links.toResource(request.root(), type.type(), id));
    if (!done.value().version().isEmpty()) {
      headers.put("ETag", "W/\"" + done.value().version() + "\"");
    }
    String wanted = FhirCreates.preferredReturn(request);
    if (wanted.equals("representation")) {
      return readBack
          .read(type.type(), id, request.root())
          .map(resource -> FhirFacade.json(200, resource, headers))
          .orElseGet(
              () ->
                  FhirFacade.json(
                      200,
                      Outcomes.remark(
                          "warning", "incomplete", "It was changed, but could not be read back."),
                      headers));
    }
    boolean silent = wanted.equals("minimal") || (wanted.isEmpty() && ignored.isEmpty());
    return silent
        ? new RestAnswer(200, headers, new byte[0])
        : FhirFacade.json(200, FhirCreates.outcome("It was changed.", ignored), headers);
  }
}
