package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compiles the YAML files of one set: data types, segments, messages, actions, in that order. */
final class MappingFiles {
  private final Compiler compiler;
  private final Map<String, RuleText> files;

  /**
   * @param files by path under the folder, {@code segments/PID.yaml}
   */
  MappingFiles(Compiler compiler, Map<String, RuleText> files) {
    this.compiler = compiler;
    this.files = files;
  }

  void compile() {
    DatatypeFiles datatypes = new DatatypeFiles(compiler, folder("datatypes/"));
    datatypes.declare();
    folder("segments/").values().forEach(this::segment);
    datatypes.complete();
    MessageFiles messages = new MessageFiles(compiler, files);
    folder("messages/").values().forEach(messages::message);
    new ActionFiles(compiler).read(folder("actions/").values());
  }

  private Map<String, RuleText> folder(String prefix) {
    Map<String, RuleText> found = new LinkedHashMap<>();
    files.forEach(
        (file, text) -> {
          if (file.startsWith(prefix)) {
            String name = file.substring(prefix.length(), file.length() - ".yaml".length());
            found.put(name, text);
          }
        });
    return found;
  }

  private void segment(RuleText text) {
    text.allow(Set.of("segment", "resource", "variant", "each", "source", "rules", "extends"));
    text.required("source");
    String segment = text.required("segment");
    String resource = text.required("resource");
    if (!segment.isEmpty() && !compiler.dictionary().hasSegment(segment)) {
      text.get("segment").orElseThrow().fault("HL7 v2.5.1 has no segment " + segment + ".");
    }
    String each = text.text("each");
    String element = each.replaceFirst("[\\[(].*", "");
    Optional<BaseRuntimeElementDefinition<?>> root = compiler.model().element(resource, element);
    if (root.isEmpty()) {
      text.get(text.has("each") ? "each" : "resource")
          .ifPresent(at -> at.fault("FHIR R4 has no such resource, or no such repeating element."));
      return;
    }
    RuleReader reader = new RuleReader(compiler, new RuleReader.Scope(segment, root));
    SegmentMap map =
        new SegmentMap(
            segment,
            resource,
            text.text("variant"),
            each(text, resource),
            text.where(),
            reader.read(text.items("rules")));
    SegmentMap before = compiler.rules().segments().putIfAbsent(map.key(), map);
    if (before != null) {
      text.fault("The same segment and resource stand in " + before.where() + " too.");
    }
  }

  /** The list that segments are elements of; a condition in brackets tells which are theirs. */
  private Optional<FhirPlace> each(RuleText text, String resource) {
    if (!text.has("each")) {
      return Optional.empty();
    }
    try {
      BaseRuntimeElementDefinition<?> root = compiler.model().resource(resource).orElseThrow();
      return Optional.of(compiler.place(root, text.text("each")));
    } catch (Scanner.Unreadable e) {
      text.get("each").orElseThrow().fault(e.sentence());
      return Optional.empty();
    }
  }
}
