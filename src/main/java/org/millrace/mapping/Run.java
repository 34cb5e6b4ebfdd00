package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one run collects: lineage, coverage, and what was read of FHIR. Not thread-safe. */
final class Run {
  private final RuleSet rules;
  private final MappingContext context;
  private final Map<String, JsonNode> resolvable;
  private final List<Lineage> lineage = new ArrayList<>();
  private final Set<CoverageNote> notes = new java.util.LinkedHashSet<>();
  private final Set<String> fhirRead = new HashSet<>();

  /**
   * @param resolvable resources that references may point at, by {@code Location/12} or {@code
   *     #contained}
   */
  Run(RuleSet rules, MappingContext context, Map<String, JsonNode> resolvable) {
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

  Map<String, JsonNode> resolvable() {
    return resolvable;
  }

  String given(String name) {
    return context.given().getOrDefault(name, "");
  }

  void note(CoverageNote.Kind kind, String path, String sentence) {
    notes.add(new CoverageNote(kind, path, sentence));
  }

  void trace(String target, String source, String rule, String through) {
    lineage.add(new Lineage(target, source, rule, through));
  }

  void fhirRead(String path) {
    fhirRead.add(path);
  }

  boolean isFhirRead(String path) {
    return fhirRead.contains(path);
  }

  List<Lineage> lineage() {
    return List.copyOf(lineage);
  }

  List<CoverageNote> notes() {
    return List.copyOf(notes);
  }

  void addNotes(List<CoverageNote> more) {
    notes.addAll(more);
  }
}
