package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

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
    boolean wholeNames = places.containsKey(key(whole.type(), part.type()));
    boolean partNames = places.containsKey(key(part.type(), whole.type()));
    if (!wholeNames && !partNames) {
      return true;
    }
    Set<String> parts = named(whole, part.type());
    Set<String> wholes = named(part, whole.type());
    if (names(part, parts) || names(whole, wholes)) {
      return true;
    }
    return alone
        && parts.stream().allMatch(mayMean(part))
        && wholes.stream().allMatch(mayMean(whole));
  }

  private static boolean names(ResourcePool.Entry entry, Set<String> references) {
    return entry.names().stream().anyMatch(references::contains);
  }

  /**
   * References that this resource cannot be told from. A name that holds within one bundle only
   * ({@code urn:uuid:}) may mean the same as an id; an id never means the same as another id.
   */
  private static Predicate<String> mayMean(ResourcePool.Entry entry) {
    return reference ->
        entry.names().stream().noneMatch(name -> isLocal(name) == isLocal(reference));
  }

  private static boolean isLocal(String name) {
    return name.startsWith("urn:");
  }

  private Set<String> named(ResourcePool.Entry from, String type) {
    Set<String> references = new HashSet<>();
    for (FhirPlace place : places.getOrDefault(key(from.type(), type), List.of())) {
      for (FhirNode node : from.root().select(place, run)) {
        references.add(Run.target(node, node.text()));
      }
    }
    return references;
  }
}
