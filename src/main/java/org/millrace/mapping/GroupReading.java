package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
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
  /** The number of what is made of the group as a whole. */
  private static final int OUTSIDE = -1;

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
    final List<Link> links = new ArrayList<>();
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

  /**
   * A rule that names another resource.
   *
   * @param place where in the draft
   * @param slice the number of the slice of the segment whose rule it is
   * @param starts the segment which that slice starts at; empty outside of slices
   */
  private record Link(Rule rule, FhirPlace place, int slice, String starts) {}

  /**
   * One segment at its place.
   *
   * @param number of the slice it stands in
   */
  private record At(V2Segment segment, Grouping.Slice slice, int number) {}

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
        for (At at : segments(entry, slices.get(i), i)) {
          read(entry, at, drafts);
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
    real.forEach(draft -> link(draft, real));
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

  /**
   * The segments of a slice that an entry reads. An entry of the whole group reads what stands
   * outside the slices, and the segments that slices of its own segment start at.
   */
  private static List<At> segments(MessageMap.Entry entry, Grouping.Slice slice, int number) {
    String name = entry.map().segment();
    boolean own = slice.forEach().equals(entry.scope().forEach());
    if (!own && entry.scope().forEach().isEmpty() && slice.forEach().equals(name)) {
      return List.of(new At(slice.cut().head(), slice, number));
    }
    if (!own) {
      return List.of();
    }
    return slice.cut().segments().stream()
        .filter(segment -> segment.name().equals(name))
        .map(segment -> new At(segment, slice, number))
        .toList();
  }

  private void read(MessageMap.Entry entry, At at, Map<String, Draft> drafts) {
    SegmentMap map = entry.map();
    ToFhir.Source source = new MessageRun.Segments(at.slice().cut(), at.segment(), marks);
    run.at(map.where());
    V2Facts facts = new V2Facts(source, run);
    if (entry.scope().when().isPresent() && !entry.scope().when().get().holds(facts)) {
      return;
    }
    int slice = entry.scope().forEach().isEmpty() ? OUTSIDE : at.number();
    Draft draft =
        drafts.computeIfAbsent(
            slice + "/" + map.resource(), key -> new Draft(map, slice, at.segment()));
    draft.action = draft.action.isEmpty() ? entry.action() : draft.action;
    segment(map, source, at, draft);
    draft.hold = draft.hold.or(run::takeHold);
  }

  private void segment(SegmentMap map, ToFhir.Source source, At at, Draft draft) {
    String starts = at.slice().forEach();
    if (map.each().isEmpty()) {
      new ToFhir(source, draft.tree, run).apply(map.forward());
      for (Rule rule : links(map, source)) {
        draft.links.add(new Link(rule, rule.ends().fhir().orElseThrow(), draft.slice, starts));
      }
      return;
    }
    Tree element = new Tree(map.where());
    new ToFhir(source, element, run).apply(map.forward());
    Made content = element.made();
    if (!content.isNothing() && draft.tree.put(map.eachPlace(), content, false)) {
      int last = draft.tree.root().path(map.each()).size() - 1;
      for (Rule rule : links(map, source)) {
        FhirPlace place = rule.ends().fhir().orElseThrow();
        FhirPlace whole = place.within(map.each(), new FhirPlace.Span(last, false));
        draft.links.add(new Link(rule, whole, at.number(), starts));
      }
    }
  }

  private List<Rule> links(SegmentMap map, ToFhir.Source source) {
    List<Rule> holding = new ArrayList<>();
    for (Rule rule : map.links()) {
      run.at(rule.where());
      Optional<Condition> when = rule.way().whenV2();
      if (when.isEmpty() || when.get().holds(new V2Facts(source, run))) {
        holding.add(rule);
      }
    }
    return holding;
  }

  /** References to what else the message became, once it is known what it became. */
  private void link(Draft draft, List<Draft> real) {
    for (Link link : draft.links) {
      Rule rule = link.rule();
      FhirPlace place = link.place();
      String given = run.given(rule.extras().value("given"));
      if (!given.isEmpty()) {
        put(draft, rule, place, given, "given:" + rule.extras().value("given"));
        continue;
      }
      List<MadeResources.Named> found = found(draft, link, real);
      for (MadeResources.Named named : place.repeats() ? found : first(found)) {
        put(draft, rule, place, named.reference(), "made:" + named.anchor() + " " + named.type());
      }
    }
  }

  private static List<MadeResources.Named> first(List<MadeResources.Named> found) {
    return found.isEmpty() ? found : found.subList(0, 1);
  }

  private static void put(Draft draft, Rule rule, FhirPlace place, String text, String source) {
    draft.tree.put(place, Made.value(TextNode.valueOf(text), source, rule.where(), ""), true);
  }

  /**
   * Those of its own slice, else of its group, else the nearest before. Where each slice makes one
   * of its own (the insured of IN1), that of another slice is somebody else.
   */
  private List<MadeResources.Named> found(Draft draft, Link link, List<Draft> real) {
    String type = link.rule().extras().value("made");
    List<MadeResources.Named> near = new ArrayList<>();
    List<MadeResources.Named> all = new ArrayList<>();
    for (Draft other : real) {
      if (other != draft && other.type.equals(type)) {
        all.add(other.named.orElseThrow());
        if (other.slice == link.slice()) {
          near.add(other.named.orElseThrow());
        }
      }
    }
    if (!near.isEmpty() || isOfSlice(draft, link)) {
      return near;
    }
    return all.isEmpty() ? made.before(type, draft.from.position()).stream().toList() : all;
  }

  private boolean isOfSlice(Draft draft, Link link) {
    String type = link.rule().extras().value("made");
    return !link.starts().isEmpty()
        && !type.equals(draft.type)
        && group.entries().stream()
            .filter(entry -> entry.map().resource().equals(type))
            .anyMatch(entry -> entry.scope().forEach().equals(link.starts()));
  }
}
