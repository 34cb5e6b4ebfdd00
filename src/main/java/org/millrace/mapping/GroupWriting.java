package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
    GroupResources resources = new GroupResources(group, pool, run);
    Set<ResourcePool.Entry> heads = resources.heads();
    for (ResourcePool.Entry head : heads) {
      new OneGroup(resources, Optional.of(head), heads.size() == 1).write();
    }
    if (heads.isEmpty() && resources.holdsAny() && !resources.isHeadKeptOut()) {
      new OneGroup(resources, Optional.empty(), true).write();
    }
  }

  /** Writes a group once, led by the first resource that can. */
  void writeOne(MessageMap.Group group) {
    GroupResources resources = new GroupResources(group, pool, run);
    new OneGroup(resources, resources.heads().stream().findFirst(), true).write();
  }

  /** An element of a resource that is written in the segment of another. */
  private record Part(int number, FhirNode element) {}

  /** One writing of a group. */
  private final class OneGroup {
    private final MessageMap.Group group;
    private final GroupResources resources;
    private final Optional<ResourcePool.Entry> head;
    private final boolean alone;
    private final Map<MessageMap.Entry, Optional<ResourcePool.Entry>> own = new IdentityHashMap<>();
    private final Map<String, Map<String, Part>> parts = new HashMap<>();

    OneGroup(GroupResources resources, Optional<ResourcePool.Entry> head, boolean alone) {
      this.group = resources.group();
      this.resources = resources;
      this.head = head;
      this.alone = alone;
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
          List<MessageMap.Entry> own =
              block.stream().filter(entry -> !isPartOfSlice(entry)).toList();
          segment(own, new OfGroup(), Optional.empty());
        } else {
          slices(block);
        }
        from = to;
      }
      if (group.document().isPresent() && head.isPresent()) {
        int before = written.getOrDefault("OBX", 0);
        String where = group.document().get().where();
        new DocumentWriting(run, head.get().root(), pool, where, before)
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
      Optional<ResourcePool.Entry> known = own.get(entry);
      if (known == null) {
        boolean leads = head.isPresent() && head.get().type().equals(entry.map().resource());
        known =
            leads ? head.filter(resources.candidates(entry)::contains) : ofHead(entry).findFirst();
        own.put(entry, known);
      }
      return known;
    }

    private Stream<ResourcePool.Entry> ofHead(MessageMap.Entry entry) {
      return head.isEmpty()
          ? resources.candidates(entry).stream()
          : resources.belonging(entry, head.get(), alone);
    }

    private void slices(List<MessageMap.Entry> block) {
      String start = block.get(0).scope().forEach();
      ofHead(block.get(0))
          .filter(primary -> !primary.equals(head.orElse(null)))
          .filter(primary -> !resources.isTakenElsewhere(primary, start))
          .forEach(primary -> slice(block, primary));
    }

    private void slice(List<MessageMap.Entry> block, ResourcePool.Entry primary) {
      for (int from = 0; from < block.size(); ) {
        int to = from + 1;
        String name = block.get(from).map().segment();
        while (to < block.size() && block.get(to).map().segment().equals(name)) {
          to++;
        }
        segment(block.subList(from, to), new OfSlice(primary), Optional.of(primary));
        from = to;
      }
    }

    /**
     * The elements of a resource of the whole group that stand in the same segments as resources of
     * their own: the kind of a diagnosis (Encounter) and the diagnosis itself (Condition), DG1.
     */
    private boolean isPartOfSlice(MessageMap.Entry entry) {
      return !entry.map().each().isEmpty()
          && entry.scope().forEach().isEmpty()
          && group.entries().stream()
              .filter(other -> other.scope().forEach().equals(entry.map().segment()))
              .anyMatch(other -> Links.binds(entry.map(), other.map().resource()));
    }

    /** The element of such a resource that names the one whose segment is written. */
    private Optional<FhirNode> part(MessageMap.Entry entry, ResourcePool.Entry primary) {
      Optional<ResourcePool.Entry> whole = ofGroup(entry);
      if (whole.isEmpty()) {
        return Optional.empty();
      }
      pool.written(whole.get());
      String key = entry.map().where() + " " + whole.get().root().path() + " " + primary.type();
      Map<String, Part> byName =
          parts.computeIfAbsent(key, each -> partsByName(entry, whole.get(), primary.type()));
      return primary.names().stream()
          .flatMap(name -> Stream.ofNullable(byName.get(name)))
          .min(Comparator.comparingInt(Part::number))
          .map(Part::element);
    }

    /** The elements of a resource by the resource of a type that each names. */
    private Map<String, Part> partsByName(
        MessageMap.Entry entry, ResourcePool.Entry whole, String type) {
      Map<String, Part> byName = new HashMap<>();
      List<FhirNode> elements = parts(entry, whole);
      for (int i = 0; i < elements.size(); i++) {
        Part part = new Part(i, elements.get(i));
        for (String name : resources.links().named(part.element(), entry.map(), type)) {
          byName.putIfAbsent(name, part);
        }
      }
      return byName;
    }

    /** What belongs to the resource that leads the group. */
    private final class OfGroup implements Choice {
      @Override
      public Optional<ResourcePool.Entry> of(MessageMap.Entry entry) {
        return ofGroup(entry);
      }

      @Override
      public Optional<ResourcePool.Entry> of(String type) {
        if (head.isPresent() && head.get().type().equals(type)) {
          return head;
        }
        return head.isEmpty()
            ? pool.ofType(type).stream().findFirst()
            : resources.links().belonging(type, head.get(), alone).findFirst();
      }
    }

    /** What belongs to the resource of a slice: the visit of this patient, not of another. */
    private final class OfSlice implements Choice {
      private final ResourcePool.Entry primary;

      OfSlice(ResourcePool.Entry primary) {
        this.primary = primary;
      }

      @Override
      public Optional<ResourcePool.Entry> of(MessageMap.Entry entry) {
        if (entry.map().resource().equals(primary.type())) {
          return Optional.of(primary);
        }
        return resources.belonging(entry, primary, false).findFirst();
      }

      @Override
      public Optional<ResourcePool.Entry> of(String type) {
        if (type.equals(primary.type())) {
          return Optional.of(primary);
        }
        boolean only = pool.ofType(primary.type()).size() == 1;
        return resources.links().belonging(type, primary, only).findFirst();
      }
    }

    private void segment(
        List<MessageMap.Entry> same, Choice choice, Optional<ResourcePool.Entry> primary) {
      List<MessageMap.Entry> whole = new ArrayList<>();
      for (MessageMap.Entry entry : same) {
        if (entry.map().each().isEmpty()) {
          whole.add(entry);
        } else {
          choice.of(entry).ifPresent(resource -> elements(entry, resource, choice));
        }
      }
      if (!whole.isEmpty()) {
        whole(whole, choice, primary);
      }
    }

    private void elements(MessageMap.Entry entry, ResourcePool.Entry resource, Choice choice) {
      pool.written(resource);
      for (FhirNode element : parts(entry, resource)) {
        SegmentDraft draft = draft(entry, true);
        if (apply(entry, draft, element, choice) || entry.required()) {
          emit(draft);
        }
      }
    }

    private List<FhirNode> parts(MessageMap.Entry entry, ResourcePool.Entry resource) {
      return resource.root().select(entry.map().each().orElseThrow(), run);
    }

    private void whole(
        List<MessageMap.Entry> entries, Choice choice, Optional<ResourcePool.Entry> primary) {
      SegmentDraft draft = draft(entries.get(0), !entries.get(0).scope().forEach().isEmpty());
      boolean wanted = false;
      for (MessageMap.Entry entry : entries) {
        if (!entry.scope().way().backward()) {
          continue;
        }
        Optional<ResourcePool.Entry> resource = choice.of(entry);
        if (resource.isPresent()) {
          pool.written(resource.get());
          wanted |= apply(entry, draft, resource.get().root(), choice) || entry.required();
        } else if (!entry.otherwise().isEmpty()) {
          FhirNode nothing = FhirNode.root(MissingNode.getInstance(), "");
          new ToV2(new Fields(draft), run).apply(entry.otherwise(), nothing);
          wanted = true;
        }
      }
      for (MessageMap.Entry entry : group.entries()) {
        boolean joins = entry.map().segment().equals(draft.name()) && isPartOfSlice(entry);
        Optional<FhirNode> part =
            joins ? primary.flatMap(each -> part(entry, each)) : Optional.empty();
        wanted |= part.isPresent() && apply(entry, draft, part.get(), choice);
      }
      if (wanted) {
        emit(draft);
      }
    }

    /** Runs the rules of an entry; those about another resource read that one. */
    private boolean apply(
        MessageMap.Entry entry, SegmentDraft draft, FhirNode root, Choice choice) {
      ToV2 segment = new ToV2(new Fields(draft), run);
      Map<String, Optional<FhirNode>> others = new HashMap<>();
      boolean real = false;
      for (Rule rule : entry.map().backward()) {
        String other = rule.ends().resource();
        Optional<FhirNode> from =
            other.isEmpty()
                ? Optional.of(root)
                : others.computeIfAbsent(
                    other, type -> choice.of(type).map(ResourcePool.Entry::root));
        real |= from.isPresent() && segment.apply(rule, from.get());
      }
      return real;
    }
  }

  /** Which resources a segment is written from. */
  private interface Choice {
    /** The one that an entry writes. */
    Optional<ResourcePool.Entry> of(MessageMap.Entry entry);

    /** The one of a type that a rule reads besides. */
    Optional<ResourcePool.Entry> of(String type);
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
      return new V2Slot(draft, place.field(), at, place.component(), place.subcomponent(), repeats);
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
