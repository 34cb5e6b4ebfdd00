package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.RunDifference;

/** Shows what a message becomes by the rules on the workbench, beside those in force. */
final class WorkbenchResult {
  private static final MappingRun NOTHING = new MappingRun(List.of(), List.of(), List.of());

  private final FieldNames names;
  private final Cover cover;

  WorkbenchResult(FieldNames names, Cover cover) {
    this.names = names;
    this.cover = cover;
  }

  WorkbenchView.Result of(RuleTrial.Both both) {
    MappingRun before = both.inForce().orElse(NOTHING);
    RunDifference difference = RunDifference.between(before, both.now());
    Ways ways = Ways.of(both.now(), cover);
    return new WorkbenchView.Result(
        both.message().header().type(),
        both.inForce().isEmpty(),
        both.now().resources().stream().map(each -> made(each, before, ways)).toList(),
        DifferentValues.of(difference.values(), cover),
        difference.notes().stream()
            .limit(DifferentValues.MOST)
            .map(WorkbenchResult::moved)
            .toList(),
        Math.max(difference.values().size(), difference.notes().size()) > DifferentValues.MOST,
        ways.losses(),
        FieldLines.of(both.message(), names, ways, cover));
  }

  private WorkbenchView.Made made(MappedResource resource, MappingRun before, Ways ways) {
    // The reason of a verdict may name a code of the message.
    String why =
        cover.open() && !resource.verdict().reason().isEmpty()
            ? ": " + resource.verdict().reason() + " " + resource.verdict().remedy()
            : "";
    return new WorkbenchView.Made(
        resource.anchor(),
        resource.action().isEmpty() ? "no action sends it" : resource.action(),
        resource.verdict().decision() + " " + resource.verdict().code() + why,
        compared(resource, before),
        resource.json().isEmpty()
            ? List.of()
            : FhirLines.of(resource.anchor(), resource.json(), ways, cover));
  }

  private static Mark compared(MappedResource resource, MappingRun before) {
    Optional<MappedResource> was =
        before.resources().stream().filter(each -> same(each, resource)).findFirst();
    if (was.isEmpty()) {
      return new Mark("not by the rules in force", Mark.Tone.MOVING);
    }
    boolean equal =
        was.get().json().equals(resource.json()) && was.get().verdict().equals(resource.verdict());
    return equal
        ? new Mark("as by the rules in force", Mark.Tone.GOOD)
        : new Mark("different", Mark.Tone.HELD);
  }

  /** Of one that is held there is no content, and so no type. */
  private static boolean same(MappedResource one, MappedResource other) {
    boolean type = type(one).isEmpty() || type(other).isEmpty() || type(one).equals(type(other));
    return type && one.anchor().equals(other.anchor()) && one.action().equals(other.action());
  }

  private static String type(MappedResource resource) {
    return resource.json().path("resourceType").asText();
  }

  private static WorkbenchView.NoteMoved moved(RunDifference.Change change) {
    return new WorkbenchView.NoteMoved(DifferentValues.mark(change.kind()), change.path());
  }

  /** The files whose rules made something of the message, as far as the lineage names them. */
  static List<String> files(MappingRun run) {
    TreeSet<String> files = new TreeSet<>();
    run.lineage()
        .forEach(
            each -> {
              int line = each.rule().lastIndexOf(':');
              if (line > 0) {
                files.add(each.rule().substring(0, line));
              }
            });
    return new ArrayList<>(files);
  }
}
