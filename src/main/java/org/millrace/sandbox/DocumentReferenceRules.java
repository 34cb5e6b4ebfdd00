package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Source: Cerner Millennium R4, DocumentReference. */
final class DocumentReferenceRules implements ResourceRules {
  private static final int PAGE = 10;
  private static final int LIMIT = 100;
  private static final Set<String> KEPT =
      Set.of(
          "patient", "encounter", "type", "category", "_count", "date", "period", "_lastUpdated");
  private static final Comparator<ObjectNode> NEWEST_FIRST =
      Comparator.<ObjectNode, Instant>comparing(
              document ->
                  FhirTime.parse(document.path("date").asText("0001"))
                      .map(FhirTime::start)
                      .orElseThrow())
          .reversed();

  private final Records records;
  private final DocumentReferenceWrite write;

  DocumentReferenceRules(Site site, Records records, CernerShape shape) {
    this.records = records;
    this.write = new DocumentReferenceWrite(site, records, shape);
  }

  @Override
  public String type() {
    return "DocumentReference";
  }

  @Override
  public String interactions() {
    return "rscu";
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    return write.create(sent);
  }

  @Override
  public void update(ObjectNode stored, ObjectNode sent) {
    write.update(stored, sent);
  }

  @Override
  public Found search(SearchParameters query) {
    if (query.has("_id")) {
      if (query.has("patient")) {
        throw Refusal.badSearch("_id and patient cannot be provided together");
      }
      List<String> ids = query.choices("_id");
      return new Found(
          records.all("DocumentReference").stream()
              .filter(document -> ids.contains(document.path("id").asText()))
              .toList(),
          PAGE,
          Set.of());
    }
    String patient =
        query
            .single("patient")
            .orElseThrow(
                () ->
                    Refusal.badSearch(
                        "at least one of _id, patient, or -pageContext must be provided"));
    Stream<ObjectNode> documents =
        records.all("DocumentReference").stream()
            .filter(document -> EncounterRules.isOf(document.path("subject"), "Patient", patient));
    List<ObjectNode> matches =
        narrowed(timed(documents, query), query).sorted(NEWEST_FIRST).toList();
    return new Found(matches, query.count(PAGE, LIMIT), KEPT);
  }

  private static Stream<ObjectNode> timed(Stream<ObjectNode> documents, SearchParameters query) {
    long given = Stream.of("date", "period", "_lastUpdated").filter(query::has).count();
    if (given > 1) {
      throw Refusal.badSearch("only one of date, period and _lastUpdated may be provided");
    }
    List<DateCriterion> dates = DateCriterion.oneOrPair(query, "date");
    if (dates.size() == 2) {
      DateCriterion.requireTime(dates, "date");
    }
    List<DateCriterion> periods = DateCriterion.all(query, "period");
    if (!periods.isEmpty()) {
      boolean pair = DateCriterion.isPair(periods, Set.of("ge"), Set.of("lt"));
      if (!pair || periods.get(0).time().digits() != periods.get(1).time().digits()) {
        throw Refusal.badSearch(
            "period must be provided twice, with ge and lt, in the same precision");
      }
    }
    List<DateCriterion> updates = DateCriterion.oneOrPair(query, "_lastUpdated");
    return documents
        .filter(d -> DateCriterion.matches(dates, d.path("date")))
        .filter(d -> DateCriterion.matchesPeriod(periods, d.path("context").path("period")))
        .filter(d -> DateCriterion.matches(updates, d.path("meta").path("lastUpdated")));
  }

  private static Stream<ObjectNode> narrowed(Stream<ObjectNode> documents, SearchParameters query) {
    List<String> encounters = query.choices("encounter");
    List<String> types = query.choices("type");
    List<String> categories = query.choices("category");
    return documents
        .filter(
            d ->
                encounters.isEmpty()
                    || encounters.stream()
                        .anyMatch(
                            e ->
                                EncounterRules.isOf(
                                    d.path("context").path("encounter").path(0), "Encounter", e)))
        .filter(d -> types.isEmpty() || types.stream().anyMatch(t -> isCoded(d.path("type"), t)))
        .filter(
            d ->
                categories.isEmpty()
                    || Json.list(d, "category").stream()
                        .anyMatch(c -> categories.stream().anyMatch(asked -> isCoded(c, asked))));
  }

  /** Whether a concept has the coding {@code system|code}, or a bare code. */
  static boolean isCoded(JsonNode concept, String token) {
    int bar = token.indexOf('|');
    String code = token.substring(bar + 1);
    return Json.list(concept, "coding").stream()
        .filter(coding -> code.isEmpty() || coding.path("code").asText().equals(code))
        .anyMatch(
            coding -> bar < 0 || coding.path("system").asText().equals(token.substring(0, bar)));
  }
}
