package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Source: Cerner Millennium R4, Encounter. */
final class EncounterRules implements ResourceRules {
  private static final int PAGE = 10;
  private static final int LIMIT = 1000;
  private static final List<String> ANCHORS =
      List.of("_id", "patient", "subject", "subject:Patient", "account", "identifier");
  private static final Set<String> STATUSES =
      Set.of("planned", "in-progress", "finished", "cancelled");
  private static final Set<String> KEPT =
      Set.of(
          "patient", "subject", "subject:Patient", "identifier", "date", "status", "_lastUpdated");
  private static final Comparator<ObjectNode> OLDEST_FIRST =
      Comparator.comparing(
          encounter ->
              FhirTime.parse(encounter.path("period").path("start").asText("0001"))
                  .map(FhirTime::start)
                  .orElseThrow());

  private final Records records;
  private final EncounterCreate create;
  private final EncounterPatch patch;

  EncounterRules(Site site, Records records, CernerShape shape) {
    this.records = records;
    this.create = new EncounterCreate(site, records, shape);
    this.patch = new EncounterPatch(site, records, shape);
  }

  @Override
  public String type() {
    return "Encounter";
  }

  @Override
  public String interactions() {
    return "rscp";
  }

  @Override
  public Found search(SearchParameters query) {
    List<String> anchors = ANCHORS.stream().filter(query::has).toList();
    if (anchors.isEmpty()) {
      throw Refusal.badSearch(
          "at least one of _id, patient, subject, account, identifier, or -pageContext must be"
              + " provided");
    }
    if (anchors.size() > 1) {
      throw Refusal.badSearch(String.join(" and ", anchors) + " cannot be provided together");
    }
    String anchor = anchors.get(0);
    boolean ofPatient = anchor.equals("patient") || anchor.startsWith("subject");
    if ((query.has("date") && !ofPatient) || (query.has("status") && !anchor.equals("patient"))) {
      throw Refusal.badSearch("date and status may only be provided with patient");
    }
    List<DateCriterion> dates = DateCriterion.oneOrPair(query, "date");
    DateCriterion.requireTime(dates, "date");
    List<DateCriterion> updates = DateCriterion.oneOrPair(query, "_lastUpdated");
    List<String> statuses = query.choices("status");
    if (!STATUSES.containsAll(statuses)) {
      throw Refusal.badSearch("status must be one of planned, in-progress, finished, cancelled");
    }
    String value = query.single(anchor).orElseThrow();
    List<ObjectNode> matches =
        anchored(anchor, value)
            .filter(encounter -> !isCombined(encounter))
            .filter(e -> DateCriterion.matchesPeriod(dates, e.path("period")))
            .filter(e -> DateCriterion.matches(updates, e.path("meta").path("lastUpdated")))
            .filter(e -> statuses.isEmpty() || statuses.contains(e.path("status").asText()))
            .sorted(OLDEST_FIRST)
            .toList();
    int page = anchor.equals("patient") ? query.count(PAGE, LIMIT) : PAGE;
    return new Found(matches, page, KEPT);
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    return create.store(sent);
  }

  @Override
  public void patch(ObjectNode stored, ArrayNode operations) {
    patch.apply(stored, operations);
  }

  private Stream<ObjectNode> anchored(String anchor, String value) {
    Stream<ObjectNode> all = records.all("Encounter").stream();
    return switch (anchor) {
      case "_id" -> {
        List<String> ids = List.of(value.split(","));
        yield all.filter(encounter -> ids.contains(encounter.path("id").asText()));
      }
      case "identifier" ->
          all.filter(e -> PatientSearch.hasIdentifier(Json.list(e, "identifier"), value));
      case "account" -> all.filter(e -> refersTo(e.path("account"), "Account", value));
      default -> all.filter(e -> isOf(e.path("subject"), "Patient", value));
    };
  }

  /** Merged into another encounter: read by id only. */
  private static boolean isCombined(JsonNode encounter) {
    return encounter.path("status").asText().equals("unknown") && encounter.has("partOf");
  }

  private static boolean refersTo(JsonNode references, String type, String value) {
    return Json.list(references).stream().anyMatch(reference -> isOf(reference, type, value));
  }

  /**
   * Whether a reference is the one asked for, as {@code 1} or as {@code Patient/1}; without a type
   * only as the latter.
   */
  static boolean isOf(JsonNode reference, String type, String value) {
    String asked = type.isEmpty() || value.startsWith(type + "/") ? value : type + "/" + value;
    return reference.path("reference").asText("").equals(asked);
  }
}
