package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which resources of a group belong together, told by the places that its {@code made} rules fill.
 */
final class Links {
  private final Map<String, List<FhirPlace>> places = new HashMap<>();
  private final Run run;

  Links(MessageMap.Group group, Run run) {
    this.run = run;
    for (MessageMap.Entry entry : group.entries()) {
      for (Rule rule : entry.map().rules()) {
        if (rule.isLink()) {
          String key = key(entry.map().resource(), rule.extras().value("made"));
          FhirPlace place = rule.ends().fhir().orElseThrow();
          String each = entry.map().each();
          places
              .computeIfAbsent(key, both -> new ArrayList<>())
              .add(each.isEmpty() ? place : place.within(each, FhirPlace.Span.ALL));
        }
      }
    }
  }

  private static String key(String from, String to) {
    return from + ">" + to;
  }

  /**
   * Whether one belongs to the other.
   *
   * @param alone whether there is no other that it could belong to
   */
  boolean belongs(ResourcePool.Entry part, ResourcePool.Entry whole, boolean alone) {
    if (part.type().equals(whole.type())) {
      return alone || named(part, whole) || named(whole, part);
    }
    if (places.containsKey(key(whole.type(), part.type()))) {
      Set<String> named = named(whole, part.type());
      return names(part, named) || (named.isEmpty() && alone && !named(part, whole));
    }
    if (places.containsKey(key(part.type(), whole.type()))) {
      return alone || named(part, whole);
    }
    return true;
  }

  private boolean named(ResourcePool.Entry by, ResourcePool.Entry other) {
    return names(other, named(by, other.type()));
  }

  /** Whether resources of one type name those of another. */
  boolean binds(String from, String to) {
    return places.containsKey(key(from, to));
  }

  /** Whether an element, made by a file of segments that make elements, names a resource. */
  boolean names(FhirNode element, SegmentMap map, ResourcePool.Entry resource) {
    for (Rule rule : map.links()) {
      if (rule.extras().value("made").equals(resource.type())) {
        for (FhirNode node : element.select(rule.ends().fhir().orElseThrow(), run)) {
          if (resource.names().contains(node.text())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean names(ResourcePool.Entry entry, Set<String> references) {
    return entry.names().stream().anyMatch(references::contains);
  }

  /** The references by which a resource names those of a type. */
  Set<String> named(ResourcePool.Entry from, String type) {
    Set<String> references = new HashSet<>();
    for (FhirPlace place : places.getOrDefault(key(from.type(), type), List.of())) {
      from.root().select(place, run).forEach(node -> references.add(node.text()));
    }
    return references;
  }
}
