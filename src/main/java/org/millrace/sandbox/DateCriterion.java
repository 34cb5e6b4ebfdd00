package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One value of a date parameter: a prefix and the time it is about. */
record DateCriterion(String prefix, FhirTime time) {
  private static final Set<String> PREFIXES = Set.of("eq", "ge", "gt", "le", "lt");

  /** Reads every value of a parameter; refuses what is no date or has a prefix not in use. */
  static List<DateCriterion> all(SearchParameters query, String name) {
    List<DateCriterion> criteria = new ArrayList<>();
    for (String value : query.all(name)) {
      String prefix = value.length() > 2 ? value.substring(0, 2) : "";
      boolean named = PREFIXES.contains(prefix);
      FhirTime time =
          FhirTime.parse(named ? value.substring(2) : value)
              .orElseThrow(() -> Refusal.badSearch(name + " is not a valid date"));
      criteria.add(new DateCriterion(named ? prefix : "eq", time));
    }
    return criteria;
  }

  /** Refuses anything but one value or a closed pair. */
  static List<DateCriterion> oneOrPair(SearchParameters query, String name) {
    List<DateCriterion> criteria = all(query, name);
    boolean pair = isPair(criteria, Set.of("ge", "gt"), Set.of("le", "lt"));
    if (criteria.size() > 1 && !pair) {
      throw Refusal.badSearch(name + " must be provided once, or twice as a closed range");
    }
    return criteria;
  }

  static boolean isPair(List<DateCriterion> criteria, Set<String> lower, Set<String> upper) {
    if (criteria.size() != 2) {
      return false;
    }
    String first = criteria.get(0).prefix;
    String second = criteria.get(1).prefix;
    return (lower.contains(first) && upper.contains(second))
        || (upper.contains(first) && lower.contains(second));
  }

  static void requireTime(List<DateCriterion> criteria, String name) {
    if (criteria.stream().anyMatch(criterion -> !criterion.time.hasTime())) {
      throw Refusal.badSearch(name + " must be provided with a time and a zone");
    }
  }

  /** Whether a date element satisfies every criterion; an absent one satisfies none. */
  static boolean matches(List<DateCriterion> criteria, JsonNode element) {
    if (criteria.isEmpty()) {
      return true;
    }
    Optional<FhirTime> time = FhirTime.parse(element.asText(""));
    return time.isPresent()
        && criteria.stream().allMatch(c -> c.covers(time.get().start(), time.get().end()));
  }

  /** Whether a period satisfies every criterion; an open end reaches into the future. */
  static boolean matchesPeriod(List<DateCriterion> criteria, JsonNode period) {
    if (criteria.isEmpty()) {
      return true;
    }
    Optional<FhirTime> start = FhirTime.parse(period.path("start").asText(""));
    Optional<FhirTime> end = FhirTime.parse(period.path("end").asText(""));
    if (start.isEmpty() && end.isEmpty()) {
      return false;
    }
    Instant from = start.map(FhirTime::start).orElse(Instant.MIN);
    Instant until = end.map(FhirTime::end).orElse(Instant.MAX);
    return criteria.stream().allMatch(criterion -> criterion.covers(from, until));
  }

  private boolean covers(Instant from, Instant until) {
    return switch (prefix) {
      case "ge" -> until.isAfter(time.start());
      case "gt" -> until.isAfter(time.end());
      case "le" -> from.isBefore(time.end());
      case "lt" -> from.isBefore(time.start());
      default -> !from.isBefore(time.start()) && !until.isAfter(time.end());
    };
  }
}
