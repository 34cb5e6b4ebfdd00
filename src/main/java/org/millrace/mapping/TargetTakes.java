package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The elements that a target takes, as a tree of names. Not changed once loaded. */
final class TargetTakes {
  private final Map<String, TargetTakes> below = new HashMap<>();
  private boolean whole;

  /** Adds a place with all that is below it. */
  void add(FhirPlace place) {
    TargetTakes at = this;
    for (FhirPlace.Step step : place.steps()) {
      at = at.below.computeIfAbsent(key(step.name(), step.url()), name -> new TargetTakes());
    }
    at.whole = true;
  }

  private static String key(String name, String url) {
    return url.isEmpty() ? name : name + " " + url;
  }

  /** Tells of each element that the target does not take, the highest of its branch. */
  void others(TargetSpot at, Consumer<TargetSpot> into) {
    for (Map.Entry<String, JsonNode> member : at.json().properties()) {
      String name = member.getKey();
      boolean head = at.up().isEmpty() && (name.equals("resourceType") || name.equals("id"));
      if (head) {
        continue;
      }
      if (name.equals("extension")) {
        at.children(name, each -> next(key(name, each.json().path("url").asText()), each, into));
      } else if (below.containsKey(name)) {
        at.children(name, each -> next(name, each, into));
      } else {
        into.accept(at.member(name));
      }
    }
  }

  private void next(String key, TargetSpot spot, Consumer<TargetSpot> into) {
    TargetTakes taken = below.get(key);
    if (taken == null) {
      into.accept(spot);
    } else if (!taken.whole) {
      taken.others(spot, into);
    }
  }
}
