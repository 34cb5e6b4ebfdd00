package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.V2Segment;

/** One report (an OBR and what follows it) on its way to documents. Not thread-safe. */
final class DocumentRun {
  private static final String TYPE = "DocumentReference";
  private static final String MARK = "PRELIMINARY";
  private final MessageMap.Group group;
  private final MessageMap.Document document;
  private final Grouping.Cut cut;
  private final V2Marks marks;
  private final Run run;
  private final Map<String, String> keys = new LinkedHashMap<>();

  DocumentRun(
      MessageMap.Group group,
      MessageMap.Document document,
      Grouping.Cut cut,
      V2Marks marks,
      Run run) {
    this.group = group;
    this.document = document;
    this.cut = cut;
    this.marks = marks;
    this.run = run;
  }

  private String anchor() {
    return cut.head().name() + "[" + cut.head().sequence() + "]";
  }

  List<MappedResource> documents() {
    Condition.Facts facts = new V2Facts(new MessageRun.Segments(cut, cut.head(), marks)::at, run);
    Verdicts.Judged judged = document.verdicts().judge(cut.segments(), marks, facts, run);
    List<ReportPart> parts = ReportContent.parts(marks.message(), cut.segments());
    for (ReportPart part : parts) {
      part.sources().forEach(marks::readPath);
      run.addNotes(part.notes());
    }
    Optional<Verdict> second = secondPatient();
    Optional<Verdict> whole =
        judged.files() ? second : second.or(() -> Optional.of(judged.verdict()));
    if (whole.isPresent()) {
      parts.forEach(part -> trace(part, Optional.empty()));
      boolean withdraws = second.isEmpty() && judged.withdraws();
      return withdraws ? withdrawn(parts, whole.get()) : List.of(empty(anchor(), whole.get()));
    }
    if (parts.isEmpty()) {
      Verdict nothing =
          Verdict.hold(
              "no-content",
              anchor(),
              "The report holds neither text nor a document.",
              "Ask the sender for the content, or discard the message if none was meant.");
      return List.of(empty(anchor(), nothing));
    }
    List<MappedResource> made = new ArrayList<>();
    for (ReportPart part : parts) {
      boolean files = part.verdict().decision() == Verdict.Decision.FILE;
      MappedResource one = files ? document(part, judged) : empty(part.anchor(), part.verdict());
      boolean filed = one.verdict().decision().files();
      trace(part, filed ? Optional.of(one) : Optional.empty());
      made.add(one);
    }
    return made;
  }

  /**
   * The patient is looked up once for a message: a report under a second one must not follow it.
   */
  private Optional<Verdict> secondPatient() {
    String owner = group.bounds().belongsTo();
    Optional<V2Segment> nearest = owner.isEmpty() ? Optional.empty() : cut.find(owner);
    if (nearest.isEmpty() || nearest.get().sequence() == 1) {
      return Optional.empty();
    }
    return Optional.of(
        Verdict.hold(
            "several-patients",
            owner + "[" + nearest.get().sequence() + "]",
            "The message holds several "
                + owner
                + " segments; one message is filed for one patient, so nothing of it was filed.",
            "Ask the sender for one message for each patient."));
  }

  /**
   * One for each document that the report became when it was filed, by the same anchors. What it
   * held need not be sent again to withdraw it.
   */
  private List<MappedResource> withdrawn(List<ReportPart> parts, Verdict verdict) {
    Set<String> anchors = new LinkedHashSet<>();
    for (ReportPart part : parts) {
      if (!part.anchor().equals(anchor())) {
        anchors.add(part.anchor());
      }
    }
    boolean text =
        cut.segments().stream()
            .filter(segment -> segment.name().equals("OBX"))
            .map(obx -> anchor() + "/OBX[" + obx.sequence() + "]")
            .anyMatch(obx -> anchors.stream().noneMatch(anchor -> anchor.startsWith(obx)));
    if (text || anchors.isEmpty()) {
      anchors.add(anchor());
    }
    return anchors.stream().map(anchor -> empty(anchor, verdict)).toList();
  }

  private MappedResource empty(String anchor, Verdict verdict) {
    return new MappedResource(
        group.action(), anchor, JsonNodeFactory.instance.objectNode(), verdict, keys());
  }

  private Map<String, String> keys() {
    if (!keys.isEmpty()) {
      return keys;
    }
    document
        .keys()
        .forEach(
            (name, place) ->
                cut.find(place.owner()).stream()
                    .flatMap(segment -> V2Reading.read(segment, place, marks).stream())
                    .filter(node -> !node.isNull())
                    .findFirst()
                    .ifPresent(
                        node -> {
                          keys.put(name, node.text());
                          String target = Run.USED_FOR + "the " + name + " number";
                          run.used(node.path(), target, document.where());
                        }));
    return keys;
  }

  /** What a document's content was put together from, and what of it is filed nowhere. */
  private void trace(ReportPart part, Optional<MappedResource> filed) {
    for (String source : part.sources()) {
      if (filed.isPresent()) {
        String target = part.anchor() + " " + TYPE + ".content[0].attachment.data";
        run.trace(target, source, document.where(), "report-content");
      } else {
        run.used(source, Run.USED_FOR + "content that is not filed", document.where());
      }
    }
  }

  private MappedResource document(ReportPart part, Verdicts.Judged judged) {
    Tree tree = new Tree(document.where(), TYPE);
    ToFhir.Source source = new Contents(part, judged.verdict().code());
    ToFhir toFhir = new ToFhir(source, tree, run);
    for (MessageMap.Entry entry : group.entries()) {
      if (entry.scope().way().forward()) {
        toFhir.apply(entry.map().rules());
      }
    }
    toFhir.apply(document.rules());
    status(tree, judged, document.verdicts());
    // Before anything is found missing: what was read of the message is told in any case.
    MappedResource resource = MessageRun.resource(group.action(), part.anchor(), TYPE, tree, run);
    if (resource.verdict().decision() == Verdict.Decision.HOLD) {
      return judged(resource, resource.verdict());
    }
    FhirNode root = FhirNode.root(tree.root(), TYPE);
    for (FhirPlace need : document.required()) {
      if (root.select(need, run).isEmpty()) {
        return empty(
            part.anchor(),
            Verdict.hold(
                "incomplete",
                part.anchor(),
                "Cerner stores no document without " + need + ", and the message gives none.",
                "See the mapping report for what was missing; mend the rule, the table or the"
                    + " message, then release it."));
      }
    }
    return judged(resource, judged.verdict());
  }

  private MappedResource judged(MappedResource resource, Verdict verdict) {
    return new MappedResource(
        resource.action(), resource.anchor(), resource.json(), verdict, keys());
  }

  private static void status(Tree tree, Verdicts.Judged judged, Verdicts by) {
    if (!tree.root().has("docStatus")) {
      tree.root().put("docStatus", judged.docStatus());
      String path = judged.verdict().path().isEmpty() ? "verdict" : judged.verdict().path();
      tree.leaves().add(new Made.Leaf(".docStatus", path, by.where(), "verdict"));
    }
  }

  /** The report's segments, and the part of its content that is being filed. */
  private final class Contents implements ToFhir.Source {
    private final ReportPart part;
    private final String verdict;
    private final ToFhir.Source segments;

    Contents(ReportPart part, String verdict) {
      this.part = part;
      this.verdict = verdict;
      this.segments = new MessageRun.Segments(cut, cut.head(), marks);
    }

    @Override
    public List<V2Node> at(V2Place place) {
      return segments.at(place);
    }

    @Override
    public Optional<GivenText> content(String name) {
      String from = part.sources().isEmpty() ? part.anchor() : part.sources().get(0);
      return switch (name) {
        case "type" -> Optional.of(new GivenText(part.contentType(), from));
        case "data" -> Optional.of(new GivenText(base64(), from));
        case "verdict" -> Optional.of(new GivenText(verdict, "verdict"));
        default -> Optional.empty();
      };
    }

    /** A preliminary report says so in its first line, where its type lets us write one. */
    private String base64() {
      if (!verdict.equals("preliminary")) {
        return Base64.getEncoder().encodeToString(part.data());
      }
      byte[] marked = part.startingWith(MARK).data();
      if (Arrays.equals(marked, part.data())) {
        run.note(
            CoverageNote.Kind.NOT_TAKEN,
            part.anchor(),
            "Only the title says PRELIMINARY: a " + part.contentType() + " is sent as received.");
      }
      return Base64.getEncoder().encodeToString(marked);
    }
  }
}
