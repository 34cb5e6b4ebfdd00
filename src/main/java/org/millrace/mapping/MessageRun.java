package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.hl7.V2Charset;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/** One message on its way to FHIR, by its message file. Not thread-safe. */
final class MessageRun {
  private final V2Message message;
  private final MessageMap map;
  private final Run run;
  private final V2Marks marks;
  private final MadeResources made;

  MessageRun(V2Message message, MessageMap map, Run run) {
    this.message = message;
    this.map = map;
    this.run = run;
    this.marks = new V2Marks(message);
    this.made = new MadeResources(message);
  }

  MappingRun map() {
    V2Charset charset = message.charset();
    if (charset.doubtful()) {
      run.note(
          CoverageNote.Kind.DEFAULTED,
          "MSH-18",
          "The message was read as " + charset.words() + ".");
    }
    for (Rule rule : map.usedFor()) {
      for (V2Place place : rule.ends().v2()) {
        for (V2Segment segment : message.all(place.owner())) {
          for (V2Node node : V2Reading.read(segment, place, marks)) {
            node.markWhole();
            run.used(node.path(), rule.extras().usedFor(), rule.where());
          }
        }
      }
    }
    SharedResources shared = new SharedResources(made);
    List<Runnable> read = new ArrayList<>();
    for (MessageMap.Group group : map.groups()) {
      if (!group.isRead()) {
        continue;
      }
      // A document is sent by itself: nothing of the message goes with it that it could name.
      boolean alone = group.document().isPresent();
      run.share(alone ? Optional.empty() : Optional.of(shared));
      for (Grouping.Cut cut : Grouping.cut(message, group.bounds())) {
        read.add(
            alone ? documents(group, cut) : new GroupReading(group, marks, run, made).read(cut));
      }
    }
    read.forEach(Runnable::run);
    shared.finish(run);
    run.addNotes(marks.unread());
    List<MappedResource> resources = new ArrayList<>(made.resources());
    return new MappingRun(
        resources, run.lineage(), run.notes(), run.unknownCodes(), Optional.of(message.asRead()));
  }

  private Runnable documents(MessageMap.Group group, Grouping.Cut cut) {
    List<MappedResource> documents =
        new DocumentRun(group, group.document().orElseThrow(), cut, marks, run).documents();
    return () -> documents.forEach(made::add);
  }

  /** A tree as a resource, its values traced. */
  static MappedResource resource(String action, String anchor, String type, Tree tree, Run run) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("resourceType", type);
    json.setAll(tree.root());
    String root = anchor + " " + type;
    for (Made.Leaf leaf : tree.leaves()) {
      run.trace(root + leaf.path(), leaf.source(), leaf.rule(), leaf.through());
    }
    return run.takeHold()
        .map(hold -> MappedResource.held(action, anchor, hold))
        .orElseGet(
            () -> new MappedResource(action, anchor, json, Verdict.file("mapped"), Map.of()));
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
