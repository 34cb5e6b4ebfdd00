package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which resources of a group belong together, told by the places that its {@code made} rules fill.
 */
final class Links {
  private final Map<String, List<FhirPlace>> places = new HashMap<>();
  private final Map<String, Set<String>> named = new HashMap<>();
  private final Map<String, Map<String, List<ResourcePool.Entry>>> byName = new HashMap<>();
  private final Map<String, Map<String, List<ResourcePool.Entry>>> byReference = new HashMap<>();
  private final ResourcePool pool;
  private final Run run;

  Links(MessageMap.Group group, ResourcePool pool, Run run) {
    this.pool = pool;
    this.run = run;
    for (MessageMap.Entry entry : group.entries()) {
      for (Rule rule : entry.map().rules()) {
        if (rule.isLink()) {
          String key = key(entry.map().resource(), rule.extras().value("made"));
          FhirPlace place = rule.ends().fhir().orElseThrow();
          places
              .computeIfAbsent(key, both -> new ArrayList<>())
              .add(
                  entry
                      .map()
                      .each()
                      .map(each -> place.within(each, FhirPlace.Span.ALL))
                      .orElse(place));
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
    if (!areLinked(part.type(), whole.type())) {
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

  private boolean areLinked(String one, String other) {
    return !places(one, other).isEmpty() || !places(other, one).isEmpty();
  }

  /**
   * The resources of a type that belong to one, in their order. Where others of its type are at
   * hand, they are looked up by their names and references: each of very many may be asked about.
   *
   * @param alone as in {@link #belongs}
   */
  Stream<ResourcePool.Entry> belonging(String type, ResourcePool.Entry whole, boolean alone) {
    if (alone) {
      return pool.ofType(type).stream().filter(part -> belongs(part, whole, true));
    }
    if (!type.equals(whole.type()) && !areLinked(type, whole.type())) {
      return pool.ofType(type).stream();
    }
    Map<Integer, ResourcePool.Entry> found = new TreeMap<>();
    for (String reference : named(whole, type)) {
      for (ResourcePool.Entry part : byName(type).getOrDefault(reference, List.of())) {
        found.put(part.position(), part);
      }
    }
    for (String name : whole.names()) {
      for (ResourcePool.Entry part :
          byReference(type, whole.type()).getOrDefault(name, List.of())) {
        found.put(part.position(), part);
      }
    }
    return found.values().stream();
  }

  private Map<String, List<ResourcePool.Entry>> byName(String type) {
    return byName.computeIfAbsent(type, each -> index(type, ResourcePool.Entry::names));
  }

  private Map<String, List<ResourcePool.Entry>> byReference(String type, String to) {
    return byReference.computeIfAbsent(key(type, to), each -> index(type, from -> named(from, to)));
  }

  private Map<String, List<ResourcePool.Entry>> index(
      String type, Function<ResourcePool.Entry, Set<String>> texts) {
    Map<String, List<ResourcePool.Entry>> index = new HashMap<>();
    for (ResourcePool.Entry entry : pool.ofType(type)) {
      for (String text : texts.apply(entry)) {
        index.computeIfAbsent(text, each -> new ArrayList<>(1)).add(entry);
      }
    }
    return index;
  }

  private boolean named(ResourcePool.Entry by, ResourcePool.Entry other) {
    return names(other, named(by, other.type()));
  }

  /** Whether the elements that a file makes name resources of a type. */
  static boolean binds(SegmentMap from, String to) {
    return from.links().stream().anyMatch(rule -> rule.extras().value("made").equals(to));
  }

  /**
   * Which resource of a type an element names, an element made by a file of segments that make
   * elements.
   */
  Set<String> named(FhirNode element, SegmentMap map, String type) {
    Set<String> references = new HashSet<>();
    for (Rule rule : map.links()) {
      if (rule.extras().value("made").equals(type)) {
        for (FhirNode node : element.select(rule.ends().fhir().orElseThrow(), run)) {
          references.add(Run.target(node, node.text()));
        }
      }
    }
    return references;
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

  /** The references of a resource to those of a type; asked for each of them. */
  Set<String> named(ResourcePool.Entry from, String type) {
    return named.computeIfAbsent(from.root().path() + ">" + type, pair -> references(from, type));
  }

  private Set<String> references(ResourcePool.Entry from, String type) {
    Set<String> references = new HashSet<>();
    for (FhirPlace place : places(from.type(), type)) {
      for (FhirNode node : from.root().select(place, run)) {
        String target = Run.target(node, node.text());
        if (places.containsKey(key(from.type(), type)) || run.mayBe(target, type)) {
          references.add(target);
        }
      }
    }
    return references;
  }

  /** Where a resource may name one of a type: by rules of that type, else by those of any. */
  private List<FhirPlace> places(String from, String to) {
    List<FhirPlace> own = places.get(key(from, to));
    return own != null ? own : places.getOrDefault(key(from, Rule.ALL), List.of());
  }
}
