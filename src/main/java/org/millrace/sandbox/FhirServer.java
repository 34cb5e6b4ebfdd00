package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The FHIR server: who may, what is asked, and the form of the answer. What is particular to a type
 * of resource stands in its {@link ResourceRules}.
 *
 * <p>Source: Cerner Millennium R4, general information and the pages of each resource.
 */
final class FhirServer {
  private static final Set<String> JSON_TYPES =
      Set.of(
          "*/*",
          "application/*",
          "application/json",
          "application/fhir+json",
          "application/json+fhir");
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

  private final Site site;
  private final TokenServer tokens;
  private final Scopes scopes;
  private final Records records;
  private final Pages pages;
  private final Consumer<String> ignored;
  private final BinaryRenditions binaries;
  private final ChartSummaries summaries;
  private final Map<String, ResourceRules> rules = new LinkedHashMap<>();

  FhirServer(
      Site site,
      TokenServer tokens,
      Scopes scopes,
      Records records,
      Pages pages,
      Consumer<String> ignored) {
    this.site = site;
    this.tokens = tokens;
    this.scopes = scopes;
    this.records = records;
    this.pages = pages;
    this.ignored = ignored;
    this.binaries = new BinaryRenditions(records);
    this.summaries = new ChartSummaries(site, records);
    CernerShape shape = new CernerShape(site, records);
    for (ResourceRules each :
        List.of(
            new PatientRules(site, records, shape),
            new EncounterRules(site, records, shape),
            new AppointmentRules(site, records, shape),
            new DocumentReferenceRules(site, records, shape),
            new OrganizationRules(records),
            new PractitionerRules(records, shape),
            new LocationRules(records),
            new SlotRules(records),
            new ScheduleRules(records))) {
      rules.put(each.type(), each);
    }
    ChartRules.all(records, shape).forEach(each -> rules.put(each.type(), each));
  }

  /** Answers one request; refusals come out as answers too. */
  Answer answer(Request request) {
    try {
      return answered(request);
    } catch (Refusal refusal) {
      return refusal.answer();
    }
  }

  /** Lets the token of a request expire, and answers as to an expired one. */
  Answer expired(Request request) {
    bearer(request).ifPresent(tokens::expire);
    return Refusal.invalidToken(site.host()).answer();
  }

  private Answer answered(Request request) {
    if (!request.tenant().equals(site.tenant())) {
      throw Refusal.unknownTenant();
    }
    if (request.method().equals("GET")
        && request.path().equals(".well-known/smart-configuration")) {
      return Answer.json(200, Conformance.smartConfiguration(site));
    }
    List<String> path = request.segments();
    boolean binary = !path.isEmpty() && path.get(0).equals("Binary");
    if (!binary) {
      requireJson(request.header("Accept").orElse("*/*"));
    }
    if (request.method().equals("GET") && request.path().equals("metadata")) {
      return Answer.fhir(200, Conformance.capabilityStatement(site, rules.values()));
    }
    List<String> granted = grantedTo(request);
    if (binary) {
      return readBinary(request, path, granted);
    }
    if (path.equals(List.of("DocumentReference", ChartSummaries.DOCREF))) {
      requireGet(request);
      requireScope("DocumentReference", 'r', granted);
      return summaries.docref(request.query());
    }
    ResourceRules resource = path.isEmpty() ? null : rules.get(path.get(0));
    if (resource == null || path.size() > 2) {
      throw Refusal.notFound();
    }
    return path.size() == 1
        ? onType(request, resource, granted)
        : onInstance(request, resource, path.get(1), granted);
  }

  private Answer onType(Request request, ResourceRules resource, List<String> granted) {
    switch (request.method()) {
      case "GET" -> {
        require(resource, 's', granted);
        requireIncludes(request.query().all("_include"), granted);
        if (request.query().has("_revinclude")) {
          requireScope("Provenance", 'r', granted);
        }
        Optional<String> context = request.query().single(SearchParameters.PAGE_CONTEXT);
        return Answer.fhir(
            200,
            context.isPresent()
                ? pages.continued(resource.type(), context.get(), request)
                : pages.first(resource.type(), found(resource, request.query()), request));
      }
      case "POST" -> {
        require(resource, 'c', granted);
        ObjectNode sent = body(request, resource.type());
        ObjectNode created = resource.create(sent);
        Ignored.of(sent, created).forEach(ignored);
        String id = created.path("id").asText();
        return versioned(Answer.of(201, Answer.FHIR_JSON, Answer.empty(201).body()), created)
            .with("Location", site.fhirBaseUrl() + "/" + resource.type() + "/" + id);
      }
      default -> throw Refusal.notSupported(request.method() + " is not offered on a type");
    }
  }

  private Found found(ResourceRules resource, SearchParameters query) {
    Found found = resource.search(query);
    return query.all("_revinclude").contains("Provenance:target")
        ? found.including(this::provenances)
        : found;
  }

  /** Who recorded a resource. */
  private List<ObjectNode> provenances(ObjectNode resource) {
    String address = resource.path("resourceType").asText() + "/" + resource.path("id").asText();
    return records.all("Provenance").stream()
        .filter(each -> each.path("target").findValuesAsText("reference").contains(address))
        .toList();
  }

  private Answer onInstance(
      Request request, ResourceRules resource, String id, List<String> granted) {
    switch (request.method()) {
      case "GET" -> {
        require(resource, 'r', granted);
        ObjectNode stored = records.find(resource.type(), id).orElseThrow(Refusal::notFound);
        return versioned(Answer.fhir(200, stored), stored);
      }
      case "PUT" -> {
        require(resource, 'u', granted);
        // Cerner reads the stored one to compare: an update needs both scopes.
        requireScope(resource.type(), 'r', granted);
        ObjectNode sent = body(request, resource.type());
        resource.update(current(request, resource, id), sent);
        records
            .find(resource.type(), id)
            .ifPresent(kept -> Ignored.of(sent, kept).forEach(ignored));
      }
      case "PATCH" -> {
        require(resource, 'p', granted);
        ArrayNode operations = operations(request);
        resource.patch(current(request, resource, id), operations);
      }
      default -> throw Refusal.notSupported(request.method() + " is not offered on a resource");
    }
    ObjectNode changed = records.find(resource.type(), id).orElseThrow(Refusal::notFound);
    return versioned(Answer.of(200, Answer.FHIR_JSON, Answer.empty(200).body()), changed);
  }

  /** The stored resource, if the caller has seen its newest version. */
  private ObjectNode current(Request request, ResourceRules resource, String id) {
    ObjectNode stored = records.find(resource.type(), id).orElseThrow(Refusal::notFound);
    String seen = request.header("If-Match").orElseThrow(Refusal::withoutVersion);
    if (!seen.equals(etag(stored))) {
      throw Refusal.staleVersion();
    }
    return stored;
  }

  private Answer readBinary(Request request, List<String> path, List<String> granted) {
    if (!request.method().equals("GET") || path.size() != 2) {
      throw path.size() == 2 ? Refusal.notSupported("Binary is only read") : Refusal.notFound();
    }
    requireScope("Binary", 'r', granted);
    requireScope("DocumentReference", 'r', granted);
    if (path.get(1).equals(ChartSummaries.CCD)) {
      return summaries.ccd(request.query(), request.header("Accept").orElse(Answer.FHIR_JSON));
    }
    return binaries.read(path.get(1), request.header("Accept").orElse(Answer.FHIR_JSON));
  }

  private static void requireGet(Request request) {
    if (!request.method().equals("GET")) {
      throw Refusal.notSupported("this operation is asked for by GET");
    }
  }

  private void require(ResourceRules resource, char interaction, List<String> granted) {
    if (resource.interactions().indexOf(interaction) < 0) {
      throw Refusal.notSupported(resource.type() + " does not offer this interaction");
    }
    requireScope(resource.type(), interaction == 'p' ? 'u' : interaction, granted);
  }

  private void requireIncludes(List<String> includes, List<String> granted) {
    if (!includes.isEmpty()) {
      requireScope("Schedule", 'r', granted);
    }
    if (includes.contains("Schedule:actor:Practitioner")) {
      requireScope("Practitioner", 'r', granted);
    }
  }

  private void requireScope(String type, char letter, List<String> granted) {
    if (!scopes.allows(granted, type, letter)) {
      throw Refusal.insufficientScope(site.host(), scopes.needed(type, letter));
    }
  }

  private List<String> grantedTo(Request request) {
    return bearer(request)
        .flatMap(tokens::scopesOf)
        .orElseThrow(() -> Refusal.invalidToken(site.host()));
  }

  private static Optional<String> bearer(Request request) {
    return request
        .header("Authorization")
        .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(header -> header.substring(7).trim());
  }

  private static void requireJson(String accept) {
    for (String type : accept.split(",", -1)) {
      int semicolon = type.indexOf(';');
      String name = (semicolon < 0 ? type : type.substring(0, semicolon)).trim();
      if (JSON_TYPES.contains(name.toLowerCase(Locale.ROOT))) {
        return;
      }
    }
    throw Refusal.notAcceptable();
  }

  private static ObjectNode body(Request request, String type) {
    if (!JSON_TYPES.contains(request.contentType())) {
      throw Refusal.wrongContentType(Answer.FHIR_JSON);
    }
    JsonNode sent =
        Json.read(request.body()).orElseThrow(() -> Refusal.badRequest("the body is no JSON"));
    if (!sent.isObject() || !sent.path("resourceType").asText().equals(type)) {
      throw Refusal.badRequest("the body is no " + type);
    }
    if (sent.has("modifierExtension")) {
      throw Refusal.unprocessable("extension", "modifierExtension is not supported");
    }
    if (sent.has("implicitRules")) {
      throw Refusal.unprocessable("not-supported", "implicitRules is not supported");
    }
    return (ObjectNode) sent;
  }

  private static ArrayNode operations(Request request) {
    if (!request.contentType().equals("application/json-patch+json")) {
      throw Refusal.wrongContentType("application/json-patch+json");
    }
    JsonNode sent =
        Json.read(request.body()).orElseThrow(() -> Refusal.badRequest("the body is no JSON"));
    if (!sent.isArray() || sent.isEmpty()) {
      throw Refusal.badRequest("the body is no list of patch operations");
    }
    return (ArrayNode) sent;
  }

  private static Answer versioned(Answer answer, ObjectNode resource) {
    Answer tagged = answer.with("ETag", etag(resource));
    String updated = resource.path("meta").path("lastUpdated").asText("");
    return FhirTime.parse(updated)
        .map(
            time -> {
              OffsetDateTime at = time.start().atOffset(ZoneOffset.UTC);
              return tagged.with("Last-Modified", HTTP_DATE.format(at));
            })
        .orElse(tagged);
  }

  private static String etag(ObjectNode resource) {
    return "W/\"" + resource.path("meta").path("versionId").asText("0") + "\"";
  }
}
