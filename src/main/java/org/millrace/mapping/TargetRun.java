package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.V2Message;

/**
 * Holds what a run has mapped against a target, before anything is sent: what the target would
 * ignore is taken out and noted, and a resource of which it would refuse anything is held. Not
 * thread-safe.
 */
final class TargetRun {
  private static final String REMEDY =
      "Do it in %s by hand and discard the message; or have the sender or the mapping send what"
          + " %s takes, then retry.";
  private final TargetProfile target;
  private final Run run;
  private final List<CoverageNote> notes = new ArrayList<>();
  private final Set<Lineage> dropped = new HashSet<>();
  private final Map<String, int[]> moved = new HashMap<>();
  private Optional<LineageIndex> index = Optional.empty();

  TargetRun(TargetProfile target, MappingContext context) {
    this.target = target;
    this.run = new Run(RuleSet.EMPTY, context, Map.of());
  }

  /** The run as the target takes it; the same run if the target takes all of it. */
  MappingRun applied(MappingRun mapped, V2Message message) {
    Condition.Facts head = facts(message);
    List<MappedResource> resources = new ArrayList<>(mapped.resources().size());
    for (MappedResource resource : mapped.resources()) {
      resources.add(applied(resource, mapped.lineage(), head));
    }
    if (notes.isEmpty() && moved.isEmpty()) {
      return mapped;
    }
    List<CoverageNote> coverage = new ArrayList<>(mapped.coverage());
    notes.stream().distinct().forEach(coverage::add);
    return new MappingRun(
        resources,
        kept(mapped.lineage()),
        List.copyOf(coverage),
        mapped.unknownCodes(),
        mapped.asRead());
  }

  private Condition.Facts facts(V2Message message) {
    V2Marks marks = new V2Marks(message);
    return new V2Facts(
        place ->
            message
                .first(place.owner())
                .map(segment -> V2Reading.read(segment, place, marks))
                .orElse(List.of()),
        run);
  }

  private MappedResource applied(
      MappedResource resource, List<Lineage> lineage, Condition.Facts head) {
    if (resource.action().isEmpty()
        || !resource.verdict().decision().files()
        || resource.json().isEmpty()) {
      return resource;
    }
    TargetProfile.Key key =
        new TargetProfile.Key(
            resource.json().path("resourceType").asText(),
            TargetProfile.Interaction.of(resource.action()));
    Optional<TargetProfile.Checks> checks = target.checks(key.resource(), key.interaction());
    if (checks.isEmpty()) {
      return resource;
    }
    TargetCheck check = new TargetCheck(checks.get(), run, head);
    List<TargetCheck.Found> found = check.found(resource.json());
    if (found.isEmpty()) {
      moved(resource, check);
      return resource;
    }
    if (index.isEmpty()) {
      index = Optional.of(new LineageIndex(lineage));
    }
    return told(resource, found, check, new TargetSentences(target, key));
  }

  private MappedResource told(
      MappedResource resource,
      List<TargetCheck.Found> found,
      TargetCheck check,
      TargetSentences sentences) {
    String prefix = resource.anchor() + " ";
    boolean refused = found.stream().anyMatch(TargetCheck.Found::refused);
    Optional<Verdict> verdict = Optional.empty();
    int refusals = 0;
    for (TargetCheck.Found each : found) {
      List<CoverageNote> own = notes(each, resource, sentences);
      notes.addAll(own);
      if (each.refused()) {
        refusals++;
        verdict = verdict.isPresent() ? verdict : Optional.of(held(own.get(0), each));
      } else if (!refused && each.kind() == TargetCheck.Kind.THERE) {
        dropped.addAll(ways().below(prefix + each.path()));
      }
    }
    if (verdict.isEmpty()) {
      moved(resource, check);
      return resource;
    }
    ObjectNode nothing = JsonNodeFactory.instance.objectNode();
    return new MappedResource(
        resource.action(),
        resource.anchor(),
        nothing,
        withOthers(verdict.get(), refusals - 1),
        resource.keys());
  }

  private void moved(MappedResource resource, TargetCheck check) {
    String prefix = resource.anchor() + " ";
    check.close(resource.json()).forEach((list, numbers) -> moved.put(prefix + list, numbers));
  }

  private LineageIndex ways() {
    return index.orElseThrow();
  }

  /** One note for each field the element came from. */
  private List<CoverageNote> notes(
      TargetCheck.Found found, MappedResource resource, TargetSentences sentences) {
    CoverageNote.Kind kind =
        found.kind() == TargetCheck.Kind.SHORTENED
            ? CoverageNote.Kind.SHORTENED
            : CoverageNote.Kind.NOT_TAKEN;
    String type = resource.json().path("resourceType").asText();
    if (found.path().equals(type)) {
      String sentence =
          found.kind() == TargetCheck.Kind.MISSING
              ? sentences.of(found, "")
              : sentences.never(found.outcome().why());
      return List.of(new CoverageNote(kind, resource.anchor(), sentence));
    }
    String prefix = resource.anchor() + " ";
    List<CoverageNote> own = new ArrayList<>();
    for (String field : ways().fields(prefix + found.path(), prefix + type)) {
      own.add(new CoverageNote(kind, field, sentences.of(found, field)));
    }
    return own.isEmpty()
        ? List.of(new CoverageNote(kind, resource.anchor(), sentences.of(found, "")))
        : own;
  }

  private Verdict held(CoverageNote first, TargetCheck.Found found) {
    String remedy = found.outcome().remedy();
    return Verdict.hold(
        "target-refuses",
        first.path(),
        first.sentence(),
        remedy.isEmpty() ? String.format(REMEDY, target.title(), target.title()) : remedy);
  }

  private static Verdict withOthers(Verdict verdict, int others) {
    if (others == 0) {
      return verdict;
    }
    String more = others == 1 ? "One more element is" : others + " more elements are";
    return Verdict.hold(
        verdict.code(),
        verdict.path(),
        verdict.reason() + " " + more + " refused; the coverage names each.",
        verdict.remedy());
  }

  /** Lineage without what was taken out, and with the numbers that elements of lists have now. */
  private List<Lineage> kept(List<Lineage> all) {
    List<Lineage> kept = new ArrayList<>(all.size());
    for (Lineage each : all) {
      if (!dropped.contains(each)) {
        String target = moved.isEmpty() ? each.target() : renumbered(each.target());
        kept.add(new Lineage(target, each.source(), each.rule(), each.through()));
      }
    }
    return List.copyOf(kept);
  }

  private String renumbered(String target) {
    StringBuilder now = new StringBuilder();
    int from = 0;
    for (int open = target.indexOf('['); open >= 0; open = target.indexOf('[', open + 1)) {
      int[] numbers = moved.get(target.substring(0, open));
      int close = target.indexOf(']', open);
      if (numbers != null && close > 0) {
        int old = Integer.parseInt(target, open + 1, close, 10);
        if (old < numbers.length) {
          now.append(target, from, open + 1).append(numbers[old]);
          from = close;
        }
      }
    }
    return now.append(target, from, target.length()).toString();
  }

  /** The fields of an action as the target takes them: what it refuses is a fault of its field. */
  Mapper.ActionRun applied(Mapper.ActionRun mapped) {
    List<TargetFinding> findings = checked(mapped.resource(), TargetProfile.Interaction.CREATE);
    if (findings.isEmpty()) {
      return mapped;
    }
    List<Mapper.FieldFault> faults = new ArrayList<>();
    List<TargetFinding> ignored = new ArrayList<>();
    for (TargetFinding finding : findings) {
      if (finding.refused()) {
        String field = mapped.field(finding.place());
        faults.add(new Mapper.FieldFault(field, finding.place() + " " + finding.sentence()));
      } else {
        ignored.add(finding);
      }
    }
    return faults.isEmpty()
        ? new Mapper.ActionRun(mapped.resource(), List.of(), mapped.lineage(), ignored)
        : new Mapper.ActionRun(JsonNodeFactory.instance.objectNode(), faults, List.of(), List.of());
  }

  /** What the target finds in a resource that a caller sends; what it ignores is taken out. */
  List<TargetFinding> checked(ObjectNode resource, TargetProfile.Interaction interaction) {
    TargetProfile.Key key =
        new TargetProfile.Key(resource.path("resourceType").asText(), interaction);
    Optional<TargetProfile.Checks> checks = target.checks(key.resource(), interaction);
    if (checks.isEmpty()) {
      return List.of();
    }
    TargetCheck check = new TargetCheck(checks.get(), run, new V2Facts(place -> List.of(), run));
    List<TargetFinding> findings = new ArrayList<>();
    TargetSentences sentences = new TargetSentences(target, key);
    for (TargetCheck.Found found : check.found(resource)) {
      String place = found.isOnePlace() ? found.said() : found.path();
      findings.add(new TargetFinding(place, sentences.beside(found), found.refused()));
    }
    check.close(resource);
    return List.copyOf(findings);
  }
}
