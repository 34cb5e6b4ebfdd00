package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compiles the files under {@code messages/}, once the segment files are. Used at load only. */
final class MessageFiles {
  private static final Set<String> FILE =
      Set.of("message", "also", "variant", "like", "source", "used-for", "groups");
  private static final Set<String> ENTRY =
      Set.of(
          "segment",
          "resource",
          "variant",
          "after",
          "for-each",
          "when",
          "where",
          "direction",
          "action",
          "required",
          "otherwise");
  private static final Set<String> GROUP =
      Set.of(
          "group",
          "starts-at",
          "led-by",
          "belongs-to",
          "action",
          "segments",
          "content",
          "verdict",
          "keys",
          "requires",
          "resource",
          "rules");
  private static final Set<String> VERDICT =
      Set.of("v2", "table", "before", "before-table", "each", "each-table", "content", "corrects");
  private final Compiler compiler;
  private final Map<String, RuleText> files;

  /**
   * @param files by path under the folder, {@code messages/ORU_R01.yaml}
   */
  MessageFiles(Compiler compiler, Map<String, RuleText> files) {
    this.compiler = compiler;
    this.files = files;
  }

  void message(RuleText text) {
    text.allow(FILE);
    text.required("source");
    List<String> types = new ArrayList<>(List.of(text.required("message")));
    types.addAll(text.texts("also"));
    types.forEach(type -> type(text, type));
    RuleText content = text.has("like") ? like(text) : text;
    RuleReader reader = new RuleReader(compiler, new RuleReader.Scope("", Optional.empty()));
    List<Rule> usedFor = reader.read(content.items("used-for"));
    List<MessageMap.Group> groups = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (RuleText group : content.items("groups")) {
      group.allow(GROUP);
      group(group).ifPresent(groups::add);
      if (!names.add(group.text("group"))) {
        group.fault("This group stands twice.");
      }
    }
    for (String type : types) {
      String key = text.has("variant") ? type + "/" + text.text("variant") : type;
      MessageMap map = new MessageMap(type, text.where(), usedFor, groups);
      MessageMap before = compiler.rules().messages().putIfAbsent(key, map);
      if (before == null) {
        continue;
      }
      // A sender's file for one type goes before a file of all that names the type under 'also';
      // a tenant's goes between them.
      int above = RuleLayers.above(map.where()) - RuleLayers.above(before.where());
      if (above > 0) {
        compiler.rules().messages().put(key, map);
      } else if (above == 0) {
        text.fault(type + " has a file already: " + before.where() + ".");
      }
    }
  }

  private static void type(RuleText text, String type) {
    if (!type.matches("[A-Z]{3}\\^[A-Z0-9]{3}|ACK")) {
      text.get("message").ifPresent(at -> at.fault("Write each type as in MSH-9: ORU^R01."));
    }
  }

  /** The groups of another file, under the type of this one. */
  private RuleText like(RuleText text) {
    RuleText other = files.get(text.text("like"));
    if (other == null || other.has("like")) {
      text.get("like")
          .ifPresent(at -> at.fault("Write the path of a message file with groups of its own."));
      return text;
    }
    if (text.has("groups") || text.has("used-for")) {
      text.fault("A file that is like another has no groups of its own.");
    }
    return other;
  }

  private Optional<MessageMap.Group> group(RuleText text) {
    String name = text.required("group");
    String startsAt = text.required("starts-at");
    for (String key : List.of("starts-at", "led-by", "belongs-to")) {
      text.get(key)
          .filter(at -> !compiler.dictionary().hasSegment(at.scalar()))
          .ifPresent(at -> at.fault("HL7 v2.5.1 has no segment " + at.scalar() + "."));
    }
    List<MessageMap.Entry> entries = new ArrayList<>();
    for (RuleText entry : text.items("segments")) {
      entry.allow(ENTRY);
      entry(entry, text).ifPresent(entries::add);
    }
    Optional<MessageMap.Document> document =
        text.has("content") ? document(text) : Optional.empty();
    return Optional.of(
        new MessageMap.Group(
            name,
            new MessageMap.Bounds(startsAt, text.text("led-by"), text.text("belongs-to")),
            text.text("action"),
            entries,
            document));
  }

  private Optional<MessageMap.Entry> entry(RuleText text, RuleText group) {
    String segment = text.text("segment");
    String resource = text.text("resource");
    String key = SegmentMap.key(segment, resource, text.text("variant"));
    SegmentMap map = compiler.rules().segments().get(key);
    for (RuleText after : text.items("after")) {
      if (!compiler.dictionary().hasSegment(after.scalar())) {
        after.fault("HL7 v2.5.1 has no segment " + after.scalar() + ".");
      }
    }
    if (map == null) {
      text.fault("No file under segments/ binds " + segment + " to " + resource + ".");
      return Optional.empty();
    }
    compiler.use(map.key());
    RuleReader reader =
        new RuleReader(compiler, new RuleReader.Scope(map.segment(), Optional.empty()));
    String forEach = text.text("for-each");
    if (!forEach.isEmpty() && !compiler.dictionary().hasSegment(forEach)) {
      text.fault("HL7 v2.5.1 has no segment " + forEach + ".");
    }
    if (!forEach.isEmpty() && group.has("content")) {
      text.fault("A group that becomes documents has no for-each.");
    }
    boolean leads = forEach.isEmpty() && segment.equals(group.text("starts-at"));
    String action = leads && !text.has("action") ? group.text("action") : text.text("action");
    return Optional.of(
        new MessageMap.Entry(
            map,
            new MessageMap.Scope(
                forEach,
                Set.copyOf(text.texts("after")),
                condition(text, "when", segment, Optional.empty()),
                condition(text, "where", "", compiler.model().resource(resource)),
                way(text)),
            action,
            text.flag("required"),
            reader.read(text.items("otherwise"))));
  }

  private static MessageMap.Way way(RuleText text) {
    String direction = text.text("direction");
    if (!Set.of("", "both", "v2-to-fhir", "fhir-to-v2").contains(direction)) {
      text.get("direction")
          .ifPresent(
              at -> at.fault("The direction is v2-to-fhir or fhir-to-v2; both needs no word."));
    }
    return new MessageMap.Way(!direction.equals("fhir-to-v2"), !direction.equals("v2-to-fhir"));
  }

  /** A condition of an entry, which speaks of the side it chooses on. */
  private Optional<Condition> condition(
      RuleText text, String key, String owner, Optional<BaseRuntimeElementDefinition<?>> root) {
    if (!text.has(key)) {
      return Optional.empty();
    }
    RuleReader reader = new RuleReader(compiler, new RuleReader.Scope(owner, root));
    try {
      return Optional.of(compiler.condition(text.text(key), reader.places(root)));
    } catch (Scanner.Unreadable e) {
      text.get(key).orElseThrow().fault(e.sentence());
      return Optional.empty();
    }
  }

  private Optional<MessageMap.Document> document(RuleText text) {
    if (!text.text("content").equals("report-content")) {
      text.get("content").orElseThrow().fault("The content is made by report-content.");
    }
    Optional<BaseRuntimeElementDefinition<?>> root =
        compiler.model().resource(text.required("resource"));
    if (root.isEmpty()) {
      text.fault("Name the resource that the content goes into: DocumentReference.");
      return Optional.empty();
    }
    RuleReader reader = new RuleReader(compiler, new RuleReader.Scope("", root));
    List<FhirPlace> required = new ArrayList<>();
    for (RuleText path : text.items("requires")) {
      try {
        required.add(compiler.place(root.get(), path.scalar()));
      } catch (Scanner.Unreadable e) {
        path.fault(e.sentence());
      }
    }
    Map<String, V2Place> keys = new LinkedHashMap<>();
    text.get("keys")
        .ifPresent(
            all ->
                all.entries()
                    .forEach((key, path) -> v2(path).ifPresent(place -> keys.put(key, place))));
    Optional<Verdicts> verdicts = text.get("verdict").flatMap(this::verdicts);
    if (verdicts.isEmpty()) {
      text.fault("Say under 'verdict' which status fields and tables decide.");
      return Optional.empty();
    }
    return Optional.of(
        new MessageMap.Document(
            text.where(), verdicts.get(), reader.read(text.items("rules")), keys, required));
  }

  private Optional<V2Place> v2(RuleText path) {
    Optional<V2Place> place = V2Place.parse(path.scalar());
    if (place.isEmpty()) {
      path.fault("'" + path.scalar() + "' is no v2 path; write it as OBR-3.1.");
    } else if (compiler.dictionary().find(place.get()) instanceof V2Dictionary.NotFound not) {
      path.fault(not.sentence());
      return Optional.empty();
    }
    return place;
  }

  private Optional<Verdicts> verdicts(RuleText text) {
    text.allow(VERDICT);
    Optional<Verdicts.Status> before =
        text.has("before") ? status(text, "before", "before-table") : Optional.empty();
    Optional<Verdicts.Status> whole = status(text, "v2", "table");
    Optional<Verdicts.Status> part = status(text, "each", "each-table");
    Optional<V2Place> content = text.get("content").flatMap(this::v2);
    if (whole.isEmpty() || part.isEmpty() || content.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Verdicts(
            before,
            whole.get(),
            part.get(),
            content.get().field(),
            condition(text, "corrects", "", Optional.empty()),
            text.where()));
  }

  private Optional<Verdicts.Status> status(RuleText text, String placeKey, String tableKey) {
    Optional<V2Place> place = text.get(placeKey).flatMap(this::v2);
    Optional<VerdictTable> table = compiler.verdicts(text.text(tableKey));
    if (table.isEmpty()) {
      text.fault("There is no verdict table '" + text.text(tableKey) + "' under tables/.");
    }
    return place.isPresent() && table.isPresent()
        ? Optional.of(new Verdicts.Status(place.get(), table.get()))
        : Optional.empty();
  }
}
