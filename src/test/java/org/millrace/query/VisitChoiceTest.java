package org.millrace.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisitChoiceTest {
  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  @Test
  void theLatestActiveVisitIsTheNewestStartAmongThoseGoingOn() {
    assertThat(
            chosen(
                QuerySettings.Visit.LATEST_ACTIVE,
                encounter("old", "in-progress", "2026-11-01T08:00:00Z"),
                encounter("newest", "arrived", "2026-11-19T23:00:00-06:00"),
                encounter("middle", "onleave", "2026-11-20T01:00:00Z"),
                encounter("ended", "finished", "2026-11-20T09:00:00Z")))
        .containsExactly("newest");
  }

  @Test
  void withoutAVisitGoingOnThereIsNoLatestActiveOne() {
    assertThat(
            chosen(
                QuerySettings.Visit.LATEST_ACTIVE,
                encounter("ended", "finished", "2026-11-20T09:00:00Z"),
                encounter("coming", "planned", "2026-12-20T09:00:00Z")))
        .isEmpty();
  }

  @Test
  void theLatestVisitMayHaveEndedButHasBegun() {
    assertThat(
            chosen(
                QuerySettings.Visit.LATEST,
                encounter("older", "in-progress", "2026-11-01T08:00:00Z"),
                encounter("ended", "finished", "2026-11-20T09:00:00Z"),
                encounter("coming", "planned", "2026-12-20T09:00:00Z"),
                encounter("cancelled", "cancelled", "2026-11-21T09:00:00Z")))
        .containsExactly("ended");
  }

  @Test
  void allVisitsComeNewestFirstWithoutCancelledMistakenAndCombinedOnes() {
    ObjectNode combined = encounter("combined", "unknown", "2026-11-03T08:00:00Z");
    combined.putObject("partOf").put("reference", "Encounter/older");
    assertThat(
            chosen(
                QuerySettings.Visit.ALL,
                encounter("older", "finished", "2026-11-01T08:00:00Z"),
                encounter("cancelled", "cancelled", "2026-11-02T08:00:00Z"),
                combined,
                encounter("mistake", "entered-in-error", "2026-11-04T08:00:00Z"),
                encounter("newer", "in-progress", "2026-11-05T08:00:00Z")))
        .containsExactly("newer", "older");
  }

  @Test
  void withoutAStartTheOrderOfCernersPagesDecides() {
    assertThat(
            chosen(
                QuerySettings.Visit.LATEST_ACTIVE,
                encounter("first", "in-progress", ""),
                encounter("last", "in-progress", "")))
        .containsExactly("last");
  }

  @Test
  void aVisitWithAStartIsNewerThanOneWithout() {
    assertThat(
            chosen(
                QuerySettings.Visit.LATEST_ACTIVE,
                encounter("dated", "in-progress", "2026-11-01"),
                encounter("undated", "in-progress", "")))
        .containsExactly("dated");
  }

  @Test
  void noneAsksForNothing() {
    VisitChoice choice = new VisitChoice(QuerySettings.Visit.NONE, CHICAGO);

    assertThat(choice.wantsEncounters()).isFalse();
    assertThat(choice.choose(List.of(encounter("one", "in-progress", "")))).isEmpty();
  }

  @Test
  void theSettingNamesEachChoice() {
    assertThat(QuerySettings.Visit.named("latest-active"))
        .contains(QuerySettings.Visit.LATEST_ACTIVE);
    assertThat(QuerySettings.Visit.named("latest")).contains(QuerySettings.Visit.LATEST);
    assertThat(QuerySettings.Visit.named("all")).contains(QuerySettings.Visit.ALL);
    assertThat(QuerySettings.Visit.named("none")).contains(QuerySettings.Visit.NONE);
    assertThat(QuerySettings.Visit.named("newest")).isEmpty();
    assertThat(QuerySettings.TooMany.named("refuse")).contains(QuerySettings.TooMany.REFUSE);
    assertThat(QuerySettings.TooMany.named("REFUSE")).isEmpty();
  }

  private static List<String> chosen(QuerySettings.Visit visit, ObjectNode... encounters) {
    return new VisitChoice(visit, CHICAGO)
        .choose(List.of(encounters)).stream().map(one -> one.path("id").asText()).toList();
  }

  private static ObjectNode encounter(String id, String status, String start) {
    ObjectNode encounter = JsonNodeFactory.instance.objectNode();
    encounter.put("resourceType", "Encounter").put("id", id).put("status", status);
    if (!start.isEmpty()) {
      encounter.putObject("period").put("start", start);
    }
    return encounter;
  }
}
