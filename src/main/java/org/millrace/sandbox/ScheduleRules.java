package org.millrace.sandbox;

import java.util.List;

/** Source: Cerner Millennium R4, Schedule: found by id only. */
final class ScheduleRules implements ResourceRules {
  private final Records records;

  ScheduleRules(Records records) {
    this.records = records;
  }

  @Override
  public String type() {
    return "Schedule";
  }

  @Override
  public String interactions() {
    return "rs";
  }

  @Override
  public Found search(SearchParameters query) {
    List<String> ids = query.choices("_id");
    if (ids.isEmpty()) {
      throw Refusal.badSearch("_id must be provided");
    }
    return Found.onOnePage(
        records.all("Schedule").stream()
            .filter(schedule -> ids.contains(schedule.path("id").asText()))
            .toList());
  }
}
