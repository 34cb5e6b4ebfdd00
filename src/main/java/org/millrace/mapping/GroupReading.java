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
      this.tree = new Tree(map.where(), map.resource());
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

  /**
   * Reads one group.
   *
   * @return adds what it became, in the order of its entries; to be run when all groups are read,
   *     in their order
   */
  Runnable read(Grouping.Cut cut) {
    List<Grouping.Slice> slices =
        Grouping.slices(marks.message(), cut, group, segment -> starts(segment, cut));
    Map<String, Draft> drafts = new LinkedHashMap<>();
    for (MessageMap.Entry entry : group.entries()) {
      if (!entry.scope().way().forward()) {
        continue;
      }
      for (int i = 0; i < slices.size(); i++) {
        for (At at : segments(entry, slices.get(i), i)) {
          read(entry, at, drafts);
        }
      }
    }
    List<Draft> real = new ArrayList<>();
    for (Draft draft : drafts.values()) {
      if (!draft.tree.made().isNothing() || draft.hold.isPresent()) {
        MadeResources.Named named = made.name(draft.from, draft.type);
        draft.named = Optional.of(named);
        made.known(named);
        real.add(draft);
      }
    }
    return () -> add(real);
  }

  private void add(List<Draft> real) {
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

  /** Whether any entry takes the segment that a slice would start at. */
  private boolean starts(V2Segment segment, Grouping.Cut cut) {
    return group.entries().stream()
        .filter(entry -> entry.scope().forEach().equals(segment.name()))
        .filter(entry -> entry.map().segment().equals(segment.name()))
        .anyMatch(entry -> entry.scope().way().forward() && takes(entry, segment, cut));
  }

  private boolean takes(MessageMap.Entry entry, V2Segment segment, Grouping.Cut cut) {
    ToFhir.Source source = new MessageRun.Segments(cut, segment, marks);
    run.at(entry.map().where());
    V2Facts facts = new V2Facts(source, run);
    return entry.scope().when().isEmpty() || entry.scope().when().get().holds(facts);
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
    List<At> found = new ArrayList<>();
    String followed = "";
    for (V2Segment segment : slice.cut().segments()) {
      if (!segment.name().equals(name)) {
        followed = segment.name();
      } else if (entry.scope().follows(followed)) {
        found.add(new At(segment, slice, number));
      }
    }
    return found;
  }

  private void read(MessageMap.Entry entry, At at, Map<String, Draft> drafts) {
    SegmentMap map = entry.map();
    if (!takes(entry, at.segment(), at.slice().cut())) {
      return;
    }
    ToFhir.Source source = new MessageRun.Segments(at.slice().cut(), at.segment(), marks);
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
    FhirPlace each = map.each().orElseThrow();
    String list = each.steps().get(0).name();
    Tree element = new Tree(map.where(), map.resource() + "." + list);
    new ToFhir(source, element, run).apply(map.forward());
    Made content = element.made();
    if (!content.isNothing()) {
      if (draft.tree.put(each, content, false)) {
        int last = draft.tree.root().path(list).size() - 1;
        for (Rule rule : links(map, source)) {
          FhirPlace place = rule.ends().fhir().orElseThrow();
          FhirPlace whole = place.within(each, new FhirPlace.Span(last, false));
          draft.links.add(new Link(rule, whole, at.number(), starts));
        }
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
  private void link(Draft draft, Neighbours neighbours) {
    for (Link link : draft.links) {
      Rule rule = link.rule();
      FhirPlace place = link.place();
      String given = run.given(rule.extras().value("given"));
      if (!given.isEmpty()) {
        put(draft, rule, place, given, "given:" + rule.extras().value("given"));
        continue;
      }
      MadeResources.Named self = draft.named.orElseThrow();
      for (MadeResources.Named named : found(draft, link, neighbours)) {
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
    Made made = Made.value(TextNode.valueOf(text), source, rule.where(), "");
    draft.tree.put(place, made, rule.extras().set(), true);
  }

  /**
   * Those of its own slice, else of its group, else the nearest before. Where each slice makes one
   * of its own (the insured of IN1), that of another slice is somebody else.
   */
  private List<MadeResources.Named> found(Draft draft, Link link, Neighbours neighbours) {
    String type = link.rule().extras().value("made");
    if (type.equals(Rule.ALL)) {
      return fromHere(draft.from);
    }
    List<MadeResources.Named> near = neighbours.of(link.slice(), type);
    if (holdsOther(near, draft) || isOfSlice(draft, link)) {
      return near;
    }
    List<MadeResources.Named> all = neighbours.of(type);
    return holdsOther(all, draft)
        ? all
        : made.before(type, draft.from.position()).stream().toList();
  }

  /** What a segment and those after it have become, up to the next of its name. */
  private List<MadeResources.Named> fromHere(V2Segment segment) {
    List<V2Segment> same = marks.message().all(segment.name());
    boolean last = segment.sequence() >= same.size();
    int end = last ? Integer.MAX_VALUE : same.get(segment.sequence()).position();
    return made.between(segment.position(), end);
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

  private boolean isOfSlice(Draft draft, Link link) {
    String type = link.rule().extras().value("made");
    return !link.starts().isEmpty()
        && !type.equals(draft.type)
        && group.entries().stream()
            .filter(entry -> entry.map().resource().equals(type))
            .anyMatch(entry -> entry.scope().forEach().equals(link.starts()));
  }
}
