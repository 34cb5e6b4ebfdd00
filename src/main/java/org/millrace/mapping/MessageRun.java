package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/** One message on its way to FHIR, by its message file. Not thread-safe. */
final class MessageRun {
  private final V2Message message;
  private final MessageMap map;
  private final Run run;
  private final V2Marks marks;
  private final List<MappedResource> made = new ArrayList<>();

  MessageRun(V2Message message, MessageMap map, Run run) {
    this.message = message;
    this.map = map;
    this.run = run;
    this.marks = new V2Marks(message);
  }

  MappingRun map() {
    for (Rule rule : map.usedFor()) {
      for (V2Place place : rule.ends().v2()) {
        for (V2Segment segment : message.all(place.owner())) {
          V2Reading.read(segment, place, marks).forEach(V2Node::markWhole);
        }
      }
    }
    for (MessageMap.Group group : map.groups()) {
      for (Grouping.Cut cut : Grouping.cut(message, group.bounds())) {
        if (group.document().isPresent()) {
          made.addAll(new DocumentRun(group, group.document().get(), cut, marks, run).documents());
        } else {
          resources(group, cut);
        }
      }
    }
    run.addNotes(marks.unread());
    return new MappingRun(List.copyOf(made), run.lineage(), run.notes());
  }

  /** The resources of a group without documents, in the order of its entries. */
  private void resources(MessageMap.Group group, Grouping.Cut cut) {
    Map<String, Tree> trees = new LinkedHashMap<>();
    Map<String, V2Segment> anchors = new LinkedHashMap<>();
    for (MessageMap.Entry entry : group.entries()) {
      SegmentMap segments = entry.map();
      for (V2Segment segment : cut.segments()) {
        if (segment.name().equals(segments.segment())) {
          anchors.putIfAbsent(segments.resource(), segment);
          Tree tree =
              trees.computeIfAbsent(segments.resource(), name -> new Tree(segments.where()));
          segment(segments, segment, cut, tree);
        }
      }
    }
    trees.forEach(
        (resource, tree) -> {
          if (!tree.made().isNothing()) {
            V2Segment at = anchors.get(resource);
            String anchor = at == null ? resource : at.name() + "[" + at.sequence() + "]";
            made.add(resource(group.action(), anchor, resource, tree, run));
          }
        });
  }

  private void segment(SegmentMap map, V2Segment segment, Grouping.Cut cut, Tree into) {
    List<Rule> rules =
        map.rules().stream().filter(rule -> rule.ends().resource().isEmpty()).toList();
    ToFhir.Source source = new Segments(cut, segment, marks);
    if (map.each().isEmpty()) {
      new ToFhir(source, into, run).apply(rules);
      return;
    }
    Tree element = new Tree(map.where());
    new ToFhir(source, element, run).apply(rules);
    Made made = element.made();
    if (!made.isNothing()) {
      FhirPlace.Step step =
          new FhirPlace.Step(map.each(), true, FhirPlace.Span.ALL, true, "", Optional.empty());
      into.put(new FhirPlace(map.each(), List.of(step), "", true), made, false);
    }
  }

  /** A tree as a resource, its values traced. */
  static MappedResource resource(String action, String anchor, String type, Tree tree, Run run) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("resourceType", type);
    json.setAll(tree.root());
    for (Made.Leaf leaf : tree.leaves()) {
      run.trace(anchor + " " + type + leaf.path(), leaf.source(), leaf.rule(), leaf.through());
    }
    return new MappedResource(action, anchor, json, Verdict.file("mapped"), Map.of());
  }

  /** The segments a rule of a group may read: the one at hand, its group, and what went before. */
  record Segments(Grouping.Cut cut, V2Segment current, V2Marks marks) implements ToFhir.Source {
    @Override
    public List<V2Node> at(V2Place place) {
      if (place.owner().equals(current.name())) {
        return V2Reading.read(current, place, marks);
      }
      return cut.find(place.owner())
          .map(segment -> V2Reading.read(segment, place, marks))
          .orElse(List.of());
    }
  }
}
