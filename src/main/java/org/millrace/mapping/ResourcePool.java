package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The resources a message is written from. For one run, not thread-safe. */
final class ResourcePool {
  private final Map<String, List<Entry>> byType = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, FhirNode> resolvable = new HashMap<>();
  private final Set<Entry> written = new LinkedHashSet<>();

  /**
   * One resource.
   *
   * @param position among those of its type
   * @param names by which references may name it: {@code Patient/12}, its full URL, {@code
   *     Encounter#bed} where another contains it
   */
  record Entry(String type, int position, FhirNode root, Set<String> names) {
    boolean isContained() {
      return root.path().indexOf('.') > 0;
    }

    /** Told apart by where it stands, never by what it holds. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Entry entry && entry.root.path().equals(root.path());
    }

    @Override
    public int hashCode() {
      return root.path().hashCode();
    }
  }

  /**
   * A resource and the URL a bundle gives it.
   *
   * @param fullUrl empty if it has none
   */
  record Source(String fullUrl, JsonNode resource) {}

  ResourcePool(List<Source> sources) {
    for (Source source : sources) {
      add(source);
    }
  }

  private void add(Source source) {
    JsonNode resource = source.resource();
    String type = resource.path("resourceType").asText();
    Set<String> names = new LinkedHashSet<>();
    if (!source.fullUrl().isEmpty()) {
      names.add(source.fullUrl());
    }
    String id = resource.path("id").asText();
    if (!id.isEmpty()) {
      names.add(type + "/" + id);
    }
    FhirNode root = FhirNode.root(resource, path(type));
    add(new Entry(type, ofType(type).size(), root, names));
    JsonNode contained = resource.path("contained");
    for (int i = 0; i < contained.size(); i++) {
      JsonNode inner = contained.get(i);
      add(
          new Entry(
              inner.path("resourceType").asText(),
              ofType(inner.path("resourceType").asText()).size(),
              FhirNode.root(inner, root.path() + ".contained[" + i + "]"),
              Set.of(root.path() + "#" + inner.path("id").asText())));
    }
  }

  /** The first of a type is named by it alone; those contained have their container's name. */
  private String path(String type) {
    int number = counts.merge(type, 1, Integer::sum);
    return number == 1 ? type : type + "[" + number + "]";
  }

  private void add(Entry entry) {
    byType.computeIfAbsent(entry.type(), name -> new ArrayList<>()).add(entry);
    entry.names().forEach(name -> resolvable.putIfAbsent(name, entry.root()));
  }

  /** What references may point at. */
  Map<String, FhirNode> resolvable() {
    return resolvable;
  }

  List<Entry> ofType(String type) {
    return byType.getOrDefault(type, List.of());
  }

  /** The resource that a reference or URL names, also behind the root of a server. */
  Optional<Entry> named(String url) {
    for (List<Entry> same : byType.values()) {
      for (Entry entry : same) {
        if (entry.names().contains(url)
            || entry.names().stream().anyMatch(name -> url.endsWith("/" + name))) {
          return Optional.of(entry);
        }
      }
    }
    return Optional.empty();
  }

  boolean isWritten(Entry entry) {
    return written.contains(entry);
  }

  void written(Entry entry) {
    written.add(entry);
  }

  /** Notes what no rule read of the resources that were written. */
  void noteUnread(Run run) {
    Set<Entry> all = new LinkedHashSet<>(written);
    byType.values().stream()
        .flatMap(List::stream)
        .filter(entry -> run.isWritten(entry.root()))
        .forEach(all::add);
    for (Entry entry : all) {
      if (!entry.isContained()) {
        entry.root().noteUnread(run);
      }
    }
  }

  /** Notes the resources that no group took; what is contained is told with its container. */
  void noteUnwritten(Run run) {
    for (List<Entry> same : byType.values()) {
      for (Entry entry : same) {
        if (!written.contains(entry) && !entry.isContained() && !run.isResolved(entry.root())) {
          run.note(
              CoverageNote.Kind.UNREAD,
              entry.root().path(),
              "No segment of this message is made from this resource; it is left out.");
        }
      }
    }
  }
}
