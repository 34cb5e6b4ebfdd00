package org.millrace.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Picks the visits that a reply shows out of a patient's encounters. Thread-safe. */
final class VisitChoice {
  private static final Set<String> GOING_ON =
      Set.of("arrived", "triaged", "in-progress", "onleave");

  /** Mistaken and cancelled visits never took place; v2 has no field in PV1 that would say so. */
  private static final Set<String> NEVER_TOOK_PLACE = Set.of("entered-in-error", "cancelled");

  private static final String PLANNED = "planned";

  private final QuerySettings.Visit visit;
  private final ZoneId zone;

  VisitChoice(QuerySettings.Visit visit, ZoneId zone) {
    this.visit = visit;
    this.zone = zone;
  }

  /** True if the encounters have to be read at all. */
  boolean wantsEncounters() {
    return visit != QuerySettings.Visit.NONE;
  }

  /**
   * The visits to show, newest first; empty if none is to be shown.
   *
   * @param encounters oldest first, as Cerner pages them
   */
  List<ObjectNode> choose(List<ObjectNode> encounters) {
    List<ObjectNode> real = new ArrayList<>();
    for (ObjectNode encounter : encounters) {
      if (!NEVER_TOOK_PLACE.contains(status(encounter)) && !isCombined(encounter)) {
        real.add(encounter);
      }
    }
    // Reversed first and sorted stably: without a start, the order of Cerner's pages decides.
    Collections.reverse(real);
    real.sort(Comparator.comparing(this::start).reversed());
    return switch (visit) {
      case NONE -> List.of();
      case ALL -> List.copyOf(real);
      case LATEST -> real.stream().filter(one -> !status(one).equals(PLANNED)).limit(1).toList();
      case LATEST_ACTIVE ->
          real.stream().filter(one -> GOING_ON.contains(status(one))).limit(1).toList();
    };
  }

  private static String status(JsonNode encounter) {
    return encounter.path("status").asText();
  }

  /** Cerner keeps a combined encounter as status unknown, part of the one that goes on. */
  private static boolean isCombined(JsonNode encounter) {
    return status(encounter).equals("unknown") && encounter.has("partOf");
  }

  /** When the visit began; the dawn of time if nobody wrote it down. */
  private Instant start(JsonNode encounter) {
    String start = encounter.path("period").path("start").asText();
    try {
      return start.contains("T")
          ? OffsetDateTime.parse(start).toInstant()
          : LocalDate.parse(start).atStartOfDay(zone).toInstant();
    } catch (DateTimeParseException e) {
      return Instant.MIN;
    }
  }
}
