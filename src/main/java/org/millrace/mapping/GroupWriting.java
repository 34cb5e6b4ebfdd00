package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.hl7.V2Writer;

/** Writes groups of a message from FHIR resources. For one message, not thread-safe. */
final class GroupWriting {
  private final V2Writer writer;
  private final ResourcePool pool;
  private final Run run;
  private final Map<String, Integer> written = new HashMap<>();

  GroupWriting(V2Writer writer, ResourcePool pool, Run run) {
    this.writer = writer;
    this.pool = pool;
    this.run = run;
  }

  /** Writes a group once for each resource that leads it. */
  void writeEach(MessageMap.Group group) {
    List<ResourcePool.Entry> heads = heads(group);
    Links links = new Links(group, run);
    for (ResourcePool.Entry head : heads) {
      new OneGroup(group, Optional.of(head), heads.size() == 1, links).write();
    }
    if (heads.isEmpty() && holdsParts(group)) {
      new OneGroup(group, Optional.empty(), true, links).write();
    }
  }

  /** Writes a group once, led by the first resource that can. */
  void writeOne(MessageMap.Group group) {
    new OneGroup(group, heads(group).stream().findFirst(), true, new Links(group, run)).write();
  }

  private List<ResourcePool.Entry> heads(MessageMap.Group group) {
    return group.entries().stream()
        .filter(entry -> entry.scope().forEach().isEmpty())
        .findFirst()
        .map(this::candidates)
        .orElse(List.of());
  }

  private boolean holdsParts(MessageMap.Group group) {
    return group.entries().stream().anyMatch(entry -> !candidates(entry).isEmpty());
  }

  /** The resources an entry may write; none is written twice under the same segment. */
  private List<ResourcePool.Entry> candidates(MessageMap.Entry entry) {
    run.at(entry.map().where());
    List<ResourcePool.Entry> found = new ArrayList<>();
    for (ResourcePool.Entry resource : pool.ofType(entry.map().resource())) {
      Optional<Condition> where = entry.scope().where();
      if (where.isEmpty() || where.get().holds(new FhirFacts(resource.root(), run))) {
        found.add(resource);
      }
    }
    return found;
  }

  /** One writing of a group. */
  private final class OneGroup {
    private final MessageMap.Group group;
    private final Optional<ResourcePool.Entry> head;
    private final boolean alone;
    private final Links links;

    OneGroup(
        MessageMap.Group group, Optional<ResourcePool.Entry> head, boolean alone, Links links) {
      this.group = group;
      this.head = head;
      this.alone = alone;
      this.links = links;
    }

    void write() {
      List<MessageMap.Entry> entries = group.entries();
      for (int from = 0; from < entries.size(); ) {
        int to = from + 1;
        while (to < entries.size() && isOne(entries.get(from), entries.get(to))) {
          to++;
        }
        List<MessageMap.Entry> block = entries.subList(from, to);
        if (block.get(0).scope().forEach().isEmpty()) {
          segment(block, entry -> ofGroup(entry));
        } else {
          slices(block);
        }
        from = to;
      }
      if (group.document().isPresent() && head.isPresent()) {
        int before = written.getOrDefault("OBX", 0);
        new DocumentWriting(run, head.get().root(), before)
            .segments()
            .forEach(GroupWriting.this::emit);
      }
    }

    /** Entries of one segment, or of one slice, are written together. */
    private boolean isOne(MessageMap.Entry first, MessageMap.Entry next) {
      boolean sameScope = first.scope().forEach().equals(next.scope().forEach());
      boolean sameSegment = first.map().segment().equals(next.map().segment());
      return sameScope && (!first.scope().forEach().isEmpty() || sameSegment);
    }

    private Optional<ResourcePool.Entry> ofGroup(MessageMap.Entry entry) {
      if (head.isPresent() && head.get().type().equals(entry.map().resource())) {
        return candidates(entry).contains(head.get()) ? head : Optional.empty();
      }
      return candidates(entry).stream()
          .filter(each -> head.isEmpty() || links.belongs(each, head.get(), alone))
          .findFirst();
    }

    private Optional<ResourcePool.Entry> ofGroup(String type) {
      if (head.isPresent() && head.get().type().equals(type)) {
        return head;
      }
      return pool.ofType(type).stream()
          .filter(each -> head.isEmpty() || links.belongs(each, head.get(), alone))
          .findFirst();
    }

    private void slices(List<MessageMap.Entry> block) {
      for (ResourcePool.Entry primary : candidates(block.get(0))) {
        boolean ours =
            !primary.equals(head.orElse(null))
                && (head.isEmpty() || links.belongs(primary, head.get(), alone));
        if (ours) {
          slice(block, primary);
        }
      }
    }

    private void slice(List<MessageMap.Entry> block, ResourcePool.Entry primary) {
      for (int from = 0; from < block.size(); ) {
        int to = from + 1;
        String name = block.get(from).map().segment();
        while (to < block.size() && block.get(to).map().segment().equals(name)) {
          to++;
        }
        segment(block.subList(from, to), entry -> ofSlice(entry, primary));
        from = to;
      }
    }

    private Optional<ResourcePool.Entry> ofSlice(
        MessageMap.Entry entry, ResourcePool.Entry primary) {
      if (entry.map().resource().equals(primary.type())) {
        return Optional.of(primary);
      }
      return candidates(entry).stream()
          .filter(each -> links.belongs(each, primary, false))
          .findFirst();
    }

    private void segment(List<MessageMap.Entry> same, Choice choice) {
      List<MessageMap.Entry> whole = new ArrayList<>();
      for (MessageMap.Entry entry : same) {
        if (entry.map().each().isEmpty()) {
          whole.add(entry);
        } else {
          choice.of(entry).ifPresent(resource -> elements(entry, resource));
        }
      }
      if (!whole.isEmpty()) {
        whole(whole, choice);
      }
    }

    private void elements(MessageMap.Entry entry, ResourcePool.Entry resource) {
      pool.written(resource);
      String each = entry.map().each();
      JsonNode elements = resource.root().json().path(each);
      for (int i = 0; i < elements.size(); i++) {
        String path = resource.root().path() + "." + each + "[" + i + "]";
        SegmentDraft draft = draft(entry, true);
        if (apply(entry, draft, FhirNode.root(elements.get(i), path)) || entry.required()) {
          emit(draft);
        }
      }
    }

    private void whole(List<MessageMap.Entry> entries, Choice choice) {
      SegmentDraft draft = draft(entries.get(0), !entries.get(0).scope().forEach().isEmpty());
      boolean wanted = false;
      for (MessageMap.Entry entry : entries) {
        Optional<ResourcePool.Entry> resource = choice.of(entry);
        if (resource.isPresent()) {
          pool.written(resource.get());
          wanted |= apply(entry, draft, resource.get().root()) || entry.required();
        } else if (!entry.otherwise().isEmpty()) {
          FhirNode nothing = FhirNode.root(MissingNode.getInstance(), "");
          new ToV2(new Fields(draft), run).apply(entry.otherwise(), nothing);
          wanted = true;
        }
      }
      if (wanted) {
        emit(draft);
      }
    }

    /** Runs the rules of an entry; those about another resource read that one. */
    private boolean apply(MessageMap.Entry entry, SegmentDraft draft, FhirNode root) {
      boolean real = false;
      for (Rule rule : entry.map().rules()) {
        String other = rule.ends().resource();
        Optional<FhirNode> from =
            other.isEmpty() ? Optional.of(root) : ofGroup(other).map(ResourcePool.Entry::root);
        if (from.isPresent()) {
          real |= new ToV2(new Fields(draft), run).apply(List.of(rule), from.get());
        }
      }
      return real;
    }
  }

  /** Which resource an entry writes. */
  private interface Choice {
    Optional<ResourcePool.Entry> of(MessageMap.Entry entry);
  }

  private SegmentDraft draft(MessageMap.Entry entry, boolean named) {
    String name = entry.map().segment();
    return new SegmentDraft(name, written.getOrDefault(name, 0) + 1, named);
  }

  private void emit(SegmentDraft draft) {
    written.merge(draft.name(), 1, Integer::sum);
    draft.write(writer, run);
  }

  /** The fields of one segment as places to write. */
  record Fields(SegmentDraft draft) implements ToV2.Sink {
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
