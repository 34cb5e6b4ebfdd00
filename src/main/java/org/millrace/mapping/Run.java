package org.millrace.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one run collects: lineage, coverage, and what was read of FHIR. Not thread-safe. */
final class Run {
  /** What begins the target of lineage that makes no element. */
  static final String USED_FOR = "used for: ";

  private final RuleSet rules;
  private final MappingContext context;
  private final Map<String, FhirNode> resolvable;
  private final List<Lineage> lineage = new ArrayList<>();
  private final Set<CoverageNote> notes = new LinkedHashSet<>();
  private final Set<UnknownCode> unknownCodes = new LinkedHashSet<>();
  private final Map<String, String> asked = new LinkedHashMap<>();
  private final Set<String> fhirRead = new HashSet<>();

  /** Paths of resources read by a reference to them; true if a whole value was written of one. */
  private final Map<String, Boolean> resolved = new HashMap<>();

  private Optional<Verdict> hold = Optional.empty();
  private Optional<SharedResources> shared = Optional.empty();
  private boolean silent;
  private boolean asking;
  private String current = "";

  /**
   * @param resolvable resources that references may point at, by {@code Location/12}, their full
   *     URL, or {@code Encounter#bed} for one that another contains
   */
  Run(RuleSet rules, MappingContext context, Map<String, FhirNode> resolvable) {
    this.rules = rules;
    this.context = context;
    this.resolvable = resolvable;
  }

  RuleSet rules() {
    return rules;
  }

  MappingContext context() {
    return context;
  }

  /** Where values become resources that others name too; empty where nothing could name them. */
  Optional<SharedResources> shared() {
    return shared;
  }

  void share(Optional<SharedResources> with) {
    shared = with;
  }

  /** Runs what another run has told of already: nothing is noted again. */
  void silently(Runnable work) {
    boolean before = silent;
    silent = true;
    try {
      work.run();
    } finally {
      silent = before;
    }
  }

  /** The resource of a type that a reference names, if it is at hand; it counts as unread still. */
  Optional<FhirNode> named(FhirNode reference, String type) {
    String name = target(reference, reference.json().path("reference").asText());
    return Optional.ofNullable(resolvable.get(name))
        .filter(resource -> resource.json().path("resourceType").asText().equals(type));
  }

  /** A value was written from a resource that a reference names; what is unread of it is told. */
  void written(FhirNode resource) {
    resolved.put(resource.path(), true);
    fhirRead(resource.path() + ".id");
  }

  boolean isWritten(FhirNode resource) {
    return resolved.getOrDefault(resource.path(), false);
  }

  /** The resource that a Reference element names, if it is one of those at hand. */
  Optional<FhirNode> resolve(FhirNode reference) {
    String name = target(reference, reference.json().path("reference").asText());
    Optional<FhirNode> found = Optional.ofNullable(resolvable.get(name));
    if (!asking) {
      found.ifPresent(this::resolved);
    }
    return found;
  }

  /** Something of a resource is read by a reference to it. */
  void resolved(FhirNode resource) {
    resolved.putIfAbsent(resource.path(), false);
    fhirRead(resource.path() + ".id");
  }

  /**
   * From now on references are followed for a condition only, which does not count as reading.
   *
   * @return whether it was so before
   */
  boolean asking(boolean now) {
    boolean before = asking;
    asking = now;
    return before;
  }

  /**
   * What a reference names, as the resources at hand are named: without a version, and what is
   * contained by what contains it.
   *
   * @param element where the reference stands
   */
  static String target(FhirNode element, String reference) {
    if (reference.startsWith("#")) {
      return element.home() + reference;
    }
    int version = reference.indexOf("/_history/");
    return version < 0 ? reference : reference.substring(0, version);
  }

  /** Whether a reference names a resource of a type: the one at hand, or as its path says. */
  boolean mayBe(String target, String type) {
    FhirNode resource = resolvable.get(target);
    return resource == null
        ? target.startsWith(type + "/") || target.contains("/" + type + "/")
        : resource.json().path("resourceType").asText().equals(type);
  }

  boolean isAtHand(String target) {
    return resolvable.containsKey(target);
  }

  /** Whether a rule has read this resource by a reference to it. */
  boolean isResolved(FhirNode resource) {
    return resolved.containsKey(resource.path());
  }

  String given(String name) {
    return context.given().getOrDefault(name, "");
  }

  void note(CoverageNote.Kind kind, String path, String sentence) {
    if (silent) {
      return;
    }
    notes.add(new CoverageNote(kind, path, sentence));
  }

  void unknown(UnknownCode code, String sentence) {
    note(CoverageNote.Kind.UNKNOWN_CODE, code.path(), sentence);
    unknown(code);
  }

  /** A code that is noted otherwise. */
  void unknown(UnknownCode code) {
    unknownCodes.add(code);
    if (code.held() && hold.isEmpty()) {
      hold =
          Optional.of(
              Verdict.hold(
                  "unknown-code",
                  code.path(),
                  "Table "
                      + code.table()
                      + " has no row for this code, and its rule waits for one.",
                  "Add the code to the table, restart, then retry the message."));
    }
  }

  /** Why what was made since the last call must wait; asked once for each resource. */
  Optional<Verdict> takeHold() {
    Optional<Verdict> taken = hold;
    hold = Optional.empty();
    return taken;
  }

  void trace(String target, String source, String rule, String through) {
    trace(new Lineage(target, source, rule, through));
  }

  void trace(Lineage way) {
    lineage.add(way);
  }

  /**
   * A value served some other end than an element.
   *
   * @param target begins with {@link #USED_FOR}
   */
  void used(String path, String target, String rule) {
    trace(target, path, rule, "");
  }

  /** The line that is being run: places in it ask too, and do not know where they stand. */
  void at(String rule) {
    current = rule;
  }

  /** A condition was decided by this value; told unless it turns up elsewhere. */
  void asked(String path) {
    asked.putIfAbsent(path, current);
  }

  /** An element was read, and with it all that is below it. */
  void fhirRead(String path) {
    fhirRead.add(path);
  }

  boolean isFhirRead(String path) {
    return fhirRead.contains(path);
  }

  /** The way of each value, and after them the values that only conditions asked for. */
  List<Lineage> lineage() {
    if (asked.isEmpty()) {
      return List.copyOf(lineage);
    }
    Map<String, String> untold = new LinkedHashMap<>(asked);
    lineage.forEach(way -> untold.remove(way.source()));
    notes.forEach(note -> untold.remove(note.path()));
    List<Lineage> all = new ArrayList<>(lineage);
    untold.forEach((path, rule) -> all.add(new Lineage(USED_FOR + "a condition", path, rule, "")));
    return List.copyOf(all);
  }

  List<CoverageNote> notes() {
    return List.copyOf(notes);
  }

  List<UnknownCode> unknownCodes() {
    return List.copyOf(unknownCodes);
  }

  void addNotes(List<CoverageNote> more) {
    notes.addAll(more);
  }
}
