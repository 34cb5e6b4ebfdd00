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
  private final Map<String, Set<String>> named = new HashMap<>();
  private final Run run;

  Links(MessageMap.Group group, Run run) {
    this.run = run;
    for (MessageMap.Entry entry : group.entries()) {
      for (Rule rule : entry.map().rules()) {
        if (rule.isLink()) {
          String key = key(entry.map().resource(), rule.extras().value("made"));
          places
              .computeIfAbsent(key, both -> new ArrayList<>())
              .add(rule.ends().fhir().orElseThrow());
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

  private static boolean names(ResourcePool.Entry entry, Set<String> references) {
    return entry.names().stream().anyMatch(references::contains);
  }

  /** The references of a resource to those of a type; asked for each of them. */
  private Set<String> named(ResourcePool.Entry from, String type) {
    return named.computeIfAbsent(from.root().path() + ">" + type, pair -> references(from, type));
  }

  private Set<String> references(ResourcePool.Entry from, String type) {
    Set<String> references = new HashSet<>();
    for (FhirPlace place : places.getOrDefault(key(from.type(), type), List.of())) {
      from.root().select(place, run).forEach(node -> references.add(node.text()));
    }
    return references;
  }
}
