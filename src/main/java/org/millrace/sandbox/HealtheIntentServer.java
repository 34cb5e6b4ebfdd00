package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * An imitation of HealtheIntent below {@code /healtheintent}: JSON, not FHIR, and nothing can be
 * written.
 *
 * <p>Source: HealtheIntent documentation of the patient, allergy, condition, observation,
 * encounter, longitudinal-record and personnel APIs. What a list answers to an unknown parameter is
 * not documented; here it is ignored.
 */
final class HealtheIntentServer {
  /** What stands before every path, in addresses, in faults and in the list of requests. */
  static final String ROOT = "healtheintent";

  private static final int USUAL_PAGE = 20;
  private static final int LARGEST_PAGE = 100;

  /** The API and the list's name, by its name in an address. */
  private static final Map<String, String> LISTS =
      Map.of(
          "allergies", "allergy",
          "conditions", "condition",
          "observations", "observation",
          "encounters", "encounter",
          "demographics", "patient");

  private final String root;
  private final HealtheIntentDoor door;
  private final HealtheIntentRecords records;

  /**
   * @param origin scheme, host and port
   */
  HealtheIntentServer(String origin, HealtheIntentDoor door, HealtheIntentRecords records) {
    this.root = origin;
    this.door = door;
    this.records = records;
  }

  HealtheIntentRecords records() {
    return records;
  }

  Answer answer(Request request) {
    Answer answer = routed(request);
    return answer.with("cerner-correlation-id", UUID.randomUUID().toString());
  }

  /** As if the token had expired before it came. */
  Answer expired() {
    door.expireAll();
    return HealtheIntentDoor.refusal();
  }

  private Answer routed(Request request) {
    List<String> path = request.segments();
    if (path.equals(List.of(ROOT, "oauth", "access"))) {
      return door.access(request);
    }
    if (!door.admits(request)) {
      return HealtheIntentDoor.refusal();
    }
    List<String> below = path.subList(1, path.size());
    if (below.size() < 3) {
      return wrong(404, "no such API");
    }
    if (below.equals(List.of("personnel", "v1", "personnel"))) {
      return request.method().equals("GET") ? personnel(request) : notAllowed();
    }
    boolean ofPopulation = below.get(1).equals("v1") && below.get(2).equals("populations");
    if (!ofPopulation || below.size() < 5) {
      return wrong(404, "no such resource");
    }
    if (!below.get(3).equals(records.population())) {
      return wrong(403, "the account has no access to this population");
    }
    return ofPopulation(request, below.get(0), below.subList(4, below.size()));
  }

  private Answer ofPopulation(Request request, String api, List<String> tail) {
    if (api.equals("patient") && tail.equals(List.of("patient-id-lookup"))) {
      return request.method().equals("GET") ? lookUp(request) : notAllowed();
    }
    if (api.equals("patient") && tail.equals(List.of("patient-search"))) {
      return request.method().equals("POST") ? search(request) : notAllowed();
    }
    if (!request.method().equals("GET")) {
      return notAllowed();
    }
    if (tail.size() < 3 || tail.size() > 4 || !tail.get(0).equals("patients")) {
      return wrong(404, "no such resource");
    }
    Optional<JsonNode> patient = records.patient(tail.get(1));
    if (patient.isEmpty()) {
      return wrong(404, "there is no such patient in this population");
    }
    String list = tail.get(2);
    if (api.equals("longitudinal-record") && list.equals("document-references")) {
      return tail.size() == 4
          ? single(records.entries(patient.get(), "documents"), tail.get(3))
          : wrong(404, "no such resource");
    }
    if (!api.equals(LISTS.get(list))) {
      return wrong(404, "no such resource");
    }
    List<ObjectNode> entries = records.entries(patient.get(), list);
    return tail.size() == 4
        ? single(entries, tail.get(3))
        : page(request, entries, !list.equals("demographics"));
  }

  private Answer lookUp(Request request) {
    Optional<String> partition = request.query().all("dataPartitionId").stream().findFirst();
    Optional<String> person = request.query().all("sourcePersonId").stream().findFirst();
    if (partition.isEmpty() || person.isEmpty()) {
      return wrong(400, "dataPartitionId and sourcePersonId are required");
    }
    List<ObjectNode> found = new ArrayList<>();
    if (partition.get().equals(records.dataPartition())) {
      for (String id : records.withPersonId(person.get())) {
        ObjectNode item = Json.object();
        item.putObject("patient").put("id", id);
        found.add(item);
      }
    }
    return page(request, found, false);
  }

  private Answer search(Request request) {
    Optional<JsonNode> body = Json.read(request.body());
    JsonNode alias = body.orElseGet(Json::object).path("alias");
    Optional<String> value = Json.text(alias, "value");
    if (value.isEmpty()) {
      return wrong(400, "the sandbox searches by alias only, and it needs a value");
    }
    List<ObjectNode> found = new ArrayList<>();
    for (String id : records.withAlias(alias.path("system").asText(), value.get())) {
      ObjectNode item = Json.object();
      item.putObject("id").put("id", id).put("populationId", records.population());
      found.add(item);
    }
    return page(request, found, false);
  }

  private Answer personnel(Request request) {
    Optional<String> type = request.query().all("aliasType").stream().findFirst();
    Optional<String> value = request.query().all("aliasValue").stream().findFirst();
    if (type.isEmpty() || value.isEmpty()) {
      return wrong(400, "the sandbox finds personnel by aliasType and aliasValue only");
    }
    return page(request, records.personnel(type.get(), value.get()), false);
  }

  private static Answer single(List<ObjectNode> entries, String id) {
    return entries.stream()
        .filter(entry -> entry.path("id").asText().equals(id))
        .findFirst()
        .map(entry -> Answer.json(200, entry))
        .orElseGet(() -> wrong(404, "there is no such entry"));
  }

  /**
   * @param byCursor longitudinal data are paged by an opaque cursor and without a total
   */
  private Answer page(Request request, List<ObjectNode> all, boolean byCursor) {
    int limit = number(request, "limit").orElse(USUAL_PAGE);
    Optional<Integer> from =
        byCursor ? cursor(request) : number(request, "offset").or(() -> Optional.of(0));
    if (limit < 1 || limit > LARGEST_PAGE || from.isEmpty() || from.get() < 0) {
      return wrong(400, "limit is a number from 1 to 100; offset or cursor is one that was given");
    }
    int start = Math.min(from.get(), all.size());
    int end = Math.min(start + limit, all.size());
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    all.subList(start, end).forEach(items::add);
    if (!byCursor) {
      body.put("totalResults", all.size());
    }
    body.put("firstLink", link(request, byCursor, 0, limit));
    if (start > 0 && !byCursor) {
      body.put("previousLink", link(request, false, Math.max(0, start - limit), limit));
    }
    if (end < all.size()) {
      body.put("nextLink", link(request, byCursor, end, limit));
    }
    return Answer.json(200, body);
  }

  private String link(Request request, boolean byCursor, int from, int limit) {
    String place =
        byCursor
            ? "cursor="
                + encode(
                    Base64.getEncoder()
                        .encodeToString(("from " + from).getBytes(StandardCharsets.UTF_8)))
            : "offset=" + from;
    StringBuilder link = new StringBuilder(root).append('/').append(request.path()).append('?');
    for (SearchParameters.Parameter each : request.query().parameters()) {
      if (!List.of("cursor", "offset", "limit").contains(each.name())) {
        link.append(encode(each.name())).append('=').append(encode(each.value())).append('&');
      }
    }
    return link.append(place).append("&limit=").append(limit).toString();
  }

  private static Optional<Integer> cursor(Request request) {
    Optional<String> cursor = request.query().all("cursor").stream().findFirst();
    if (cursor.isEmpty()) {
      return Optional.of(0);
    }
    try {
      String text = new String(Base64.getDecoder().decode(cursor.get()), StandardCharsets.UTF_8);
      return text.matches("from [0-9]{1,6}")
          ? Optional.of(Integer.parseInt(text.substring(5)))
          : Optional.empty();
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /** Empty where it is absent; minus one where it is no number. */
  private static Optional<Integer> number(Request request, String name) {
    return request.query().all(name).stream()
        .findFirst()
        .map(text -> text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1);
  }

  private static Answer notAllowed() {
    return wrong(405, "nothing can be written here");
  }

  private static Answer wrong(int status, String message) {
    return Answer.json(status, error(status, message)).because(message);
  }

  static ObjectNode error(int status, String message) {
    ObjectNode error = Json.object().put("code", status).put("message", message);
    error
        .putArray("errorDetails")
        .addObject()
        .put("domain", "sandbox")
        .put("reason", "status" + status)
        .put("message", message);
    return error;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
