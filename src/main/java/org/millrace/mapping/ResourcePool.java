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
  private final Map<String, JsonNode> resolvable = new HashMap<>();
  private final Set<Entry> written = new LinkedHashSet<>();

  /**
   * One resource.
   *
   * @param names by which references may name it: {@code Patient/12}, its full URL
   */
  record Entry(String type, FhirNode root, Set<String> names) {
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
    names.forEach(name -> resolvable.put(name, resource));
    for (JsonNode contained : resource.path("contained")) {
      resolvable.put("#" + contained.path("id").asText(), contained);
    }
    List<Entry> same = byType.computeIfAbsent(type, name -> new ArrayList<>());
    String path = same.isEmpty() ? type : type + "[" + (same.size() + 1) + "]";
    same.add(new Entry(type, FhirNode.root(resource, path), names));
  }

  /** What references may point at. */
  Map<String, JsonNode> resolvable() {
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
    written.forEach(entry -> entry.root().noteUnread(run));
  }

  /** Notes the resources that no group took. */
  void noteUnwritten(Run run) {
    for (List<Entry> same : byType.values()) {
      for (Entry entry : same) {
        if (!written.contains(entry)) {
          run.note(
              CoverageNote.Kind.UNREAD,
              entry.root().path(),
              "No segment of this message is made from this resource; it is left out.");
        }
      }
    }
  }
}
