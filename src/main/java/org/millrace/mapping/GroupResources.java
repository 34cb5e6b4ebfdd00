package org.millrace.mapping;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which resources the segments of a group may be written from. Found out once for the group: it is
 * asked for each of its segments, and there may be very many. Not thread-safe.
 */
final class GroupResources {
  private final MessageMap.Group group;
  private final ResourcePool pool;
  private final Run run;
  private final Links links;
  private final Map<MessageMap.Entry, Set<ResourcePool.Entry>> candidates = new IdentityHashMap<>();
  private Optional<Map<String, Set<String>>> owners = Optional.empty();

  GroupResources(MessageMap.Group group, ResourcePool pool, Run run) {
    this.group = group;
    this.pool = pool;
    this.run = run;
    this.links = new Links(group, pool, run);
  }

  MessageMap.Group group() {
    return group;
  }

  Links links() {
    return links;
  }

  /** The resources that may lead the group. */
  Set<ResourcePool.Entry> heads() {
    return head().map(this::candidates).orElse(Set.of());
  }

  private Optional<MessageMap.Entry> head() {
    return group.entries().stream().filter(entry -> entry.scope().forEach().isEmpty()).findFirst();
  }

  /**
   * What would lead the group is at hand and not to be written (a patient who was merged away): the
   * rest is of nobody else, and is not written without it.
   */
  boolean isHeadKeptOut() {
    return head()
        .filter(entry -> entry.required() && entry.scope().where().isPresent())
        .filter(entry -> !pool.ofType(entry.map().resource()).isEmpty())
        .isPresent();
  }

  boolean holdsAny() {
    return group.entries().stream().anyMatch(entry -> !candidates(entry).isEmpty());
  }

  /** The resources an entry may write, in their order. */
  Set<ResourcePool.Entry> candidates(MessageMap.Entry entry) {
    Set<ResourcePool.Entry> known = candidates.get(entry);
    if (known == null) {
      known = found(entry);
      candidates.put(entry, known);
    }
    return known;
  }

  private Set<ResourcePool.Entry> found(MessageMap.Entry entry) {
    if (!entry.scope().way().backward()) {
      return Set.of();
    }
    run.at(entry.map().where());
    Optional<Condition> where = entry.scope().where();
    Set<ResourcePool.Entry> found = new LinkedHashSet<>();
    for (ResourcePool.Entry resource : pool.ofType(entry.map().resource())) {
      if (where.isEmpty() || where.get().holds(new FhirFacts(resource.root(), run))) {
        found.add(resource);
      }
    }
    return found;
  }

  /** Those that an entry may write and that belong to a resource, as {@link Links#belonging}. */
  Stream<ResourcePool.Entry> belonging(
      MessageMap.Entry entry, ResourcePool.Entry whole, boolean alone) {
    Set<ResourcePool.Entry> written = candidates(entry);
    return links.belonging(entry.map().resource(), whole, alone).filter(written::contains);
  }

  /**
   * A resource that another kind of slice names as its own (the insured of IN1) is written there
   * and nowhere else.
   *
   * @param start the segment that slices start at
   */
  boolean isTakenElsewhere(ResourcePool.Entry resource, String start) {
    return resource.names().stream()
        .flatMap(name -> owners().getOrDefault(name, Set.of()).stream())
        .anyMatch(owner -> !owner.equals(start));
  }

  /** The segments whose slices name a resource of their own, by its references. */
  private Map<String, Set<String>> owners() {
    if (owners.isPresent()) {
      return owners.get();
    }
    Map<String, Set<String>> found = new HashMap<>();
    for (MessageMap.Entry entry : group.entries()) {
      String start = entry.scope().forEach();
      for (String type : typesOf(start)) {
        if (!type.equals(entry.map().resource())) {
          for (ResourcePool.Entry owner : candidates(entry)) {
            for (String reference : links.named(owner, type)) {
              found.computeIfAbsent(reference, key -> new HashSet<>()).add(start);
            }
          }
        }
      }
    }
    owners = Optional.of(found);
    return found;
  }

  /** What the slices of a segment are made of. */
  private Set<String> typesOf(String start) {
    Set<String> types = new HashSet<>();
    for (MessageMap.Entry entry : group.entries()) {
      if (!start.isEmpty() && entry.scope().forEach().equals(start)) {
        types.add(entry.map().resource());
      }
    }
    return types;
  }
}
