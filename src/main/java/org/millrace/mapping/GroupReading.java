package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.hl7.V2Segment;

/**
 * One group of a message on its way to resources: one for each type, and where its entries say
 * {@code for-each}, one for each of those segments. For one run, not thread-safe.
 */
final class GroupReading {
  private final MessageMap.Group group;
  private final V2Marks marks;
  private final Run run;
  private final MadeResources made;

  /** A resource while its segments are read. */
  private static final class Draft {
    final String type;
    final int slice;
    final V2Segment from;
    final Tree tree;
    final List<Rule> links = new ArrayList<>();
    String action = "";
    Optional<Verdict> hold = Optional.empty();
    Optional<MadeResources.Named> named = Optional.empty();

    Draft(SegmentMap map, int slice, V2Segment from) {
      this.type = map.resource();
      this.slice = slice;
      this.from = from;
      this.tree = new Tree(map.where());
    }
  }

  GroupReading(MessageMap.Group group, V2Marks marks, Run run, MadeResources made) {
    this.group = group;
    this.marks = marks;
    this.run = run;
    this.made = made;
  }

  /** Reads one group and adds what it became, in the order of its entries. */
  void read(Grouping.Cut cut) {
    List<Grouping.Slice> slices = Grouping.slices(marks.message(), cut, group);
    Map<String, Draft> drafts = new LinkedHashMap<>();
    for (MessageMap.Entry entry : group.entries()) {
      for (int i = 0; i < slices.size(); i++) {
        if (slices.get(i).forEach().equals(entry.scope().forEach())) {
          read(entry, slices.get(i), i, drafts);
        }
      }
    }
    List<Draft> real = new ArrayList<>();
    for (Draft draft : drafts.values()) {
      if (!draft.tree.made().isNothing() || draft.hold.isPresent()) {
        draft.named = Optional.of(made.name(draft.from, draft.type));
        real.add(draft);
      }
    }
    Neighbours neighbours = new Neighbours(real);
    real.forEach(draft -> link(draft, neighbours));
    for (Draft draft : real) {
      MadeResources.Named named = draft.named.orElseThrow();
      MappedResource resource =
          MessageRun.resource(draft.action, named.anchor(), draft.type, draft.tree, run);
      made.add(
          draft
              .hold
              .map(hold -> MappedResource.held(draft.action, named.anchor(), hold))
              .orElse(resource)
              .named(named.reference()));
      made.publish(named);
    }
  }

  private void read(
      MessageMap.Entry entry, Grouping.Slice slice, int number, Map<String, Draft> drafts) {
    SegmentMap map = entry.map();
    for (V2Segment segment : slice.cut().segments()) {
      if (!segment.name().equals(map.segment())) {
        continue;
      }
      ToFhir.Source source = new MessageRun.Segments(slice.cut(), segment, marks);
      run.at(map.where());
      V2Facts facts = new V2Facts(source, run);
      if (entry.scope().when().isPresent() && !entry.scope().when().get().holds(facts)) {
        continue;
      }
      Draft draft =
          drafts.computeIfAbsent(
              number + "/" + map.resource(), key -> new Draft(map, number, segment));
      draft.action = draft.action.isEmpty() ? entry.action() : draft.action;
      segment(map, source, draft);
      draft.hold = draft.hold.or(run::takeHold);
    }
  }

  private void segment(SegmentMap map, ToFhir.Source source, Draft draft) {
    if (map.each().isEmpty()) {
      new ToFhir(source, draft.tree, run).apply(map.forward());
      draft.links.addAll(map.links());
      return;
    }
    Tree element = new Tree(map.where());
    new ToFhir(source, element, run).apply(map.forward());
    Made content = element.made();
    if (!content.isNothing()) {
      draft.tree.put(map.eachPlace(), content, false);
    }
  }

  /** References to what else the message became, once it is known what it became. */
  private void link(Draft draft, Neighbours neighbours) {
    for (Rule rule : draft.links) {
      FhirPlace place = rule.ends().fhir().orElseThrow();
      String given = run.given(rule.extras().value("given"));
      if (!given.isEmpty()) {
        put(draft, rule, place, given, "given:" + rule.extras().value("given"));
        continue;
      }
      MadeResources.Named self = draft.named.orElseThrow();
      for (MadeResources.Named named : found(draft, rule.extras().value("made"), neighbours)) {
        if (named != self) {
          put(draft, rule, place, named.reference(), "made:" + named.anchor() + " " + named.type());
          if (!place.repeats()) {
            break;
          }
        }
      }
    }
  }

  private static void put(Draft draft, Rule rule, FhirPlace place, String text, String source) {
    draft.tree.put(place, Made.value(TextNode.valueOf(text), source, rule.where(), ""), true);
  }

  /** Of a type: those of its own slice, else of its group, else the nearest before. */
  private List<MadeResources.Named> found(Draft draft, String type, Neighbours neighbours) {
    List<MadeResources.Named> near = neighbours.of(draft.slice, type);
    if (holdsOther(near, draft)) {
      return near;
    }
    List<MadeResources.Named> all = neighbours.of(type);
    return holdsOther(all, draft)
        ? all
        : made.before(type, draft.from.position()).stream().toList();
  }

  private static boolean holdsOther(List<MadeResources.Named> found, Draft draft) {
    return found.size() > 1 || (found.size() == 1 && found.get(0) != draft.named.orElseThrow());
  }

  /** The resources of one group by type, and by slice and type; a group may have very many. */
  private static final class Neighbours {
    private final Map<String, List<MadeResources.Named>> ofGroup = new HashMap<>();
    private final Map<String, List<MadeResources.Named>> ofSlice = new HashMap<>();

    Neighbours(List<Draft> real) {
      for (Draft draft : real) {
        MadeResources.Named named = draft.named.orElseThrow();
        ofGroup.computeIfAbsent(draft.type, type -> new ArrayList<>()).add(named);
        ofSlice
            .computeIfAbsent(draft.slice + "/" + draft.type, type -> new ArrayList<>())
            .add(named);
      }
    }

    List<MadeResources.Named> of(int slice, String type) {
      return ofSlice.getOrDefault(slice + "/" + type, List.of());
    }

    List<MadeResources.Named> of(String type) {
      return ofGroup.getOrDefault(type, List.of());
    }
  }
}
