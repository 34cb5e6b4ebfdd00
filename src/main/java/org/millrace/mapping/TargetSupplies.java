package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a site supplies to one resource where the caller left it out: elements in front of its
 * lists. They are put in when all has been said of the resource, so that the numbers of the others
 * are true meanwhile. Not thread-safe.
 */
final class TargetSupplies {
  private final List<Supply> supplies = new ArrayList<>();

  /** A text for a place. */
  private record Supply(FhirPlace place, String text) {}

  /** Whether an element can be made for a place: a list of the resource, and names below it. */
  static boolean fits(FhirPlace place) {
    List<FhirPlace.Step> steps = place.steps();
    return steps.size() > 1
        && steps.get(0).list()
        && steps.stream().skip(1).noneMatch(FhirPlace.Step::list)
        && steps.stream().allMatch(step -> step.filter().isEmpty() && step.url().isEmpty());
  }

  void add(FhirPlace place, String text) {
    supplies.add(new Supply(place, text));
  }

  /**
   * Puts them into the resource.
   *
   * @param moved by the path of a list as it was: what number each of its elements has; told anew
   *     for the lists that begin with something else now
   */
  void putInto(ObjectNode resource, Map<String, int[]> moved) {
    for (Supply supply : supplies) {
      List<FhirPlace.Step> steps = supply.place.steps();
      String list = steps.get(0).name();
      ArrayNode elements = resource.withArray("/" + list);
      String path = resource.path("resourceType").asText() + "." + list;
      int[] before = moved.getOrDefault(path, IntStream.range(0, elements.size()).toArray());
      elements.insert(0, element(steps, supply.text));
      moved.put(path, IntStream.of(before).map(number -> number + 1).toArray());
    }
  }

  private static ObjectNode element(List<FhirPlace.Step> steps, String text) {
    ObjectNode element = JsonNodeFactory.instance.objectNode();
    ObjectNode at = element;
    for (FhirPlace.Step step : steps.subList(1, steps.size() - 1)) {
      at = at.putObject(step.name());
    }
    at.put(steps.get(steps.size() - 1).name(), text);
    return element;
  }
}
