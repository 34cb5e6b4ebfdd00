package org.millrace.mapping;

import java.util.List;
import java.util.Optional;

/**
 * One compiled segment file.
 *
 * @param each the repeating element that each segment of this name makes, {@code contact}; empty if
 *     its rules start from the resource itself
 * @param forward the rules that read this segment on the way to FHIR
 * @param links those of them that name other resources of the same message
 */
record SegmentMap(
    String segment,
    String resource,
    String each,
    String where,
    List<Rule> rules,
    List<Rule> forward,
    List<Rule> links) {

  SegmentMap(String segment, String resource, String each, String where, List<Rule> rules) {
    this(
        segment,
        resource,
        each,
        where,
        rules,
        rules.stream().filter(rule -> rule.ends().resource().isEmpty()).toList(),
        rules.stream().filter(rule -> rule.isLink() && rule.way().forward()).toList());
  }

  String key() {
    return segment + "/" + resource;
  }

  /** The element as a place that each segment adds one to. */
  FhirPlace eachPlace() {
    FhirPlace.Step step =
        new FhirPlace.Step(each, true, FhirPlace.Span.ALL, true, "", Optional.empty());
    return new FhirPlace(each, List.of(step), "", true);
  }
}
