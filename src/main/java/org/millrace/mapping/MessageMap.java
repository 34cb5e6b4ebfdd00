package org.millrace.mapping;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One compiled message file.
 *
 * @param message {@code ORU^R01}
 * @param usedFor places that are read for something else than a resource (to find the patient)
 */
record MessageMap(String message, String where, List<Rule> usedFor, List<Group> groups) {

  /**
   * Segments that belong together.
   *
   * @param bounds where a group starts and what it may not follow
   * @param action the Cerner action its resource is for; empty if none
   * @param document set if the group becomes documents
   * @param sliced the segments of each slice, by the segment it starts at
   * @param unsliced the segments that entries outside the slices name
   */
  record Group(
      String name,
      Bounds bounds,
      String action,
      List<Entry> entries,
      Optional<Document> document,
      Map<String, Set<String>> sliced,
      Set<String> unsliced) {

    Group(
        String name,
        Bounds bounds,
        String action,
        List<Entry> entries,
        Optional<Document> document) {
      this(name, bounds, action, entries, document, sliced(entries), unsliced(entries));
    }

    /** Whether anything of it goes to FHIR. */
    boolean isRead() {
      return document.isPresent()
          || entries.stream().anyMatch(entry -> entry.scope().way().forward());
    }

    private static Map<String, Set<String>> sliced(List<Entry> entries) {
      Map<String, Set<String>> sliced = new LinkedHashMap<>();
      for (Entry entry : entries) {
        if (!entry.scope().forEach().isEmpty()) {
          sliced
              .computeIfAbsent(entry.scope().forEach(), start -> new LinkedHashSet<>())
              .add(entry.map().segment());
        }
      }
      return sliced;
    }

    private static Set<String> unsliced(List<Entry> entries) {
      return entries.stream()
          .filter(entry -> entry.scope().forEach().isEmpty())
          .map(entry -> entry.map().segment())
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /**
   * @param startsAt the segment a group starts at
   * @param ledBy a segment that may stand before that one and belongs to the next group
   * @param belongsTo a segment of which only the first is served: a second patient is held
   */
  record Bounds(String startsAt, String ledBy, String belongsTo) {}

  /**
   * One kind of segment of a group.
   *
   * @param action the Cerner action its resource is for; empty if none
   * @param required written even if only its fixed fields have a value
   * @param otherwise rules for when the resource is not there
   */
  record Entry(
      SegmentMap map, Scope scope, String action, boolean required, List<Rule> otherwise) {}

  /**
   * Which segments an entry reads and which resources it writes.
   *
   * @param forEach the segment of which each one makes a resource; empty for one resource a group
   * @param after on the way to FHIR, only segments that follow one of these; empty for any
   * @param when on the way to FHIR, only segments for which this holds
   * @param where on the way to v2, only resources for which this holds
   * @param way whether it is read, written, or both
   */
  record Scope(
      String forEach,
      Set<String> after,
      Optional<Condition> when,
      Optional<Condition> where,
      Way way) {

    boolean follows(String segment) {
      return after.isEmpty() || after.contains(segment);
    }
  }

  /** Which way an entry goes. */
  record Way(boolean forward, boolean backward) {}

  /**
   * How a group becomes documents.
   *
   * @param where the line the group starts at
   * @param rules the group's own rules, after those of its segments
   * @param keys names to places, told beside the resource
   * @param required FHIR places without which nothing can be filed
   */
  record Document(
      String where,
      Verdicts verdicts,
      List<Rule> rules,
      Map<String, V2Place> keys,
      List<FhirPlace> required) {}

  Optional<Group> group(String name) {
    return groups.stream().filter(group -> group.name().equals(name)).findFirst();
  }
}
