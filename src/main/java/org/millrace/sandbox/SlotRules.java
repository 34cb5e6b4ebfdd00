package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Source: Cerner Millennium R4, Slot. */
final class SlotRules implements ResourceRules {
  private static final int PAGE = 50;
  private static final int FEWEST = 5;
  private static final int LIMIT = 200;

  private final Records records;

  SlotRules(Records records) {
    this.records = records;
  }

  @Override
  public String type() {
    return "Slot";
  }

  @Override
  public String interactions() {
    return "rsp";
  }

  @Override
  public Found search(SearchParameters query) {
    if (query.has("_id")) {
      List<String> ids = query.choices("_id");
      return Found.onOnePage(
          records.all("Slot").stream()
              .filter(slot -> ids.contains(slot.path("id").asText()))
              .toList());
    }
    List<String> types = query.choices("service-type");
    if (types.isEmpty()) {
      throw Refusal.badSearch("_id or service-type must be provided");
    }
    long own = types.stream().filter(type -> type.startsWith("https://fhir.cerner.com/")).count();
    if (types.stream().anyMatch(type -> type.indexOf('|') < 1) || (own > 0 && own < types.size())) {
      throw Refusal.badSearch(
          "service-type must be provided as system and code, all standard or all proprietary");
    }
    List<DateCriterion> starts = DateCriterion.all(query, "start");
    if (!DateCriterion.isPair(starts, Set.of("ge"), Set.of("lt"))) {
      throw Refusal.badSearch("start must be provided twice, with ge and lt");
    }
    DateCriterion.requireTime(starts, "start");
    int count = query.count(PAGE, LIMIT);
    if (count < FEWEST) {
      throw Refusal.badSearch("_count must be between 5 and 200");
    }
    List<String> locations = query.choices("-location");
    List<String> actors = query.choices("schedule.actor");
    List<ObjectNode> matches =
        records.all("Slot").stream()
            .filter(slot -> slot.path("status").asText().equals("free"))
            .filter(slot -> types.stream().anyMatch(type -> isFor(slot, type)))
            .filter(slot -> DateCriterion.matches(starts, slot.path("start")))
            .filter(slot -> locations.isEmpty() || locations.contains(location(slot)))
            .filter(slot -> actors.isEmpty() || hasActor(slot, actors))
            .sorted(Comparator.comparing((ObjectNode slot) -> slot.path("start").asText()))
            .toList();
    return new Found(matches, count, Set.of(), slot -> included(slot, query.all("_include")));
  }

  @Override
  public void patch(ObjectNode stored, ArrayNode sent) {
    List<JsonPatch.Operation> operations = JsonPatch.read(sent);
    Rule.require(
        operations.size() == 1
            && operations.get(0).is("replace", "/status")
            && Set.of("free", "busy-tentative").contains(operations.get(0).value().asText()),
        "a slot's status can only be replaced by free or busy-tentative");
    Rule.require(!stored.path("status").asText().equals("busy"), "the slot is booked");
    ObjectNode slot = stored.deepCopy();
    JsonPatch.apply(slot, operations.get(0));
    records.revise(slot);
  }

  private List<ObjectNode> included(ObjectNode slot, List<String> includes) {
    List<ObjectNode> found = new ArrayList<>();
    records
        .find("Schedule", slot.path("schedule"))
        .ifPresent(
            schedule -> {
              if (includes.contains("Slot:schedule")) {
                found.add(schedule);
              }
              if (includes.contains("Schedule:actor:Practitioner")) {
                schedule
                    .path("actor")
                    .forEach(a -> records.find("Practitioner", a).ifPresent(found::add));
              }
            });
    return found;
  }

  private static boolean isFor(ObjectNode slot, String type) {
    return Json.list(slot, "serviceType").stream()
        .anyMatch(concept -> DocumentReferenceRules.isCoded(concept, type));
  }

  private static String location(ObjectNode slot) {
    return Json.list(slot, "extension").stream()
        .filter(extension -> extension.path("url").asText().endsWith("/scheduling-location"))
        .map(e -> e.path("valueReference").path("reference").asText().replace("Location/", ""))
        .findFirst()
        .orElse("");
  }

  private boolean hasActor(ObjectNode slot, List<String> actors) {
    return records.find("Schedule", slot.path("schedule")).stream()
        .flatMap(schedule -> Json.list(schedule, "actor").stream())
        .anyMatch(actor -> actors.contains(actor.path("reference").asText()));
  }
}
