package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.hl7.V2Writer;

/** Writes one group of a message from FHIR resources. Not thread-safe. */
final class GroupWriting {
  private final V2Writer writer;
  private final Run run;
  private final Map<String, FhirNode> roots = new LinkedHashMap<>();
  private final Map<String, Integer> written = new HashMap<>();

  /** References as resources write them, {@code Location/12} and {@code #contained}. */
  static Map<String, JsonNode> resolvable(List<? extends JsonNode> resources) {
    Map<String, JsonNode> found = new HashMap<>();
    for (JsonNode resource : resources) {
      String id = resource.path("id").asText();
      if (!id.isEmpty()) {
        found.put(resource.path("resourceType").asText() + "/" + id, resource);
      }
      for (JsonNode contained : resource.path("contained")) {
        found.put("#" + contained.path("id").asText(), contained);
      }
    }
    return found;
  }

  GroupWriting(V2Writer writer, List<? extends JsonNode> resources, Run run) {
    this.writer = writer;
    this.run = run;
    for (JsonNode resource : resources) {
      String type = resource.path("resourceType").asText();
      roots.putIfAbsent(type, FhirNode.root(resource, type));
    }
  }

  void write(MessageMap.Group group) {
    for (MessageMap.Entry entry : group.entries()) {
      SegmentMap map = entry.map();
      FhirNode root = roots.get(map.resource());
      if (root == null) {
        otherwise(entry);
      } else if (map.each().isEmpty()) {
        segment(entry, root);
      } else {
        JsonNode elements = root.json().path(map.each());
        for (int i = 0; i < elements.size(); i++) {
          String path = root.path() + "." + map.each() + "[" + i + "]";
          segment(entry, FhirNode.root(elements.get(i), path));
        }
      }
    }
    for (MessageMap.Entry entry : group.entries()) {
      Optional.ofNullable(roots.remove(entry.map().resource()))
          .ifPresent(root -> root.noteUnread(run));
    }
  }

  private SegmentDraft draft(MessageMap.Entry entry) {
    String name = entry.map().segment();
    int occurrence = written.getOrDefault(name, 0) + 1;
    return new SegmentDraft(name, occurrence, !entry.map().each().isEmpty());
  }

  private void otherwise(MessageMap.Entry entry) {
    if (!entry.otherwise().isEmpty()) {
      SegmentDraft draft = draft(entry);
      FhirNode nothing = FhirNode.root(MissingNode.getInstance(), "");
      new ToV2(new Fields(draft), run).apply(entry.otherwise(), nothing);
      emit(entry, draft);
    }
  }

  private void segment(MessageMap.Entry entry, FhirNode root) {
    SegmentDraft draft = draft(entry);
    boolean real = false;
    for (Rule rule : entry.map().rules()) {
      String other = rule.ends().resource();
      FhirNode from = other.isEmpty() ? root : roots.get(other);
      if (from != null) {
        real |= new ToV2(new Fields(draft), run).apply(List.of(rule), from);
      }
    }
    if (real || entry.required()) {
      emit(entry, draft);
    }
  }

  private void emit(MessageMap.Entry entry, SegmentDraft draft) {
    written.merge(entry.map().segment(), 1, Integer::sum);
    draft.write(writer, run);
  }

  /** The fields of one segment as places to write. */
  private record Fields(SegmentDraft draft) implements ToV2.Sink {
    @Override
    public V2Slot slot(V2Place place, int repetition, boolean repeats) {
      int at = place.repetition() > 0 ? place.repetition() : repetition;
      return new V2Slot(
          draft,
          new V2Slot.At(place.field(), at, place.component(), place.subcomponent(), repeats));
    }

    @Override
    public int filled(V2Place place) {
      return draft.repetitions(place.field());
    }

    @Override
    public int occurrence() {
      return draft.occurrence();
    }
  }
}
