package org.millrace.mapping;

import java.util.List;
import java.util.Optional;

/**
 * One compiled segment file.
 *
 * @param variant the file's own name where several bind the same two; else empty
 * @param each the repeating element that each segment of this name makes, {@code contact}; empty if
 *     its rules start from the resource itself
 * @param forward the rules that read this segment on the way to FHIR
 * @param backward the rules that write this segment on the way to v2
 * @param links those of them that name other resources of the same message
 */
record SegmentMap(
    String segment,
    String resource,
    String variant,
    Optional<FhirPlace> each,
    String where,
    List<Rule> rules,
    List<Rule> forward,
    List<Rule> backward,
    List<Rule> links) {

  SegmentMap(
      String segment,
      String resource,
      String variant,
      Optional<FhirPlace> each,
      String where,
      List<Rule> rules) {
    this(
        segment,
        resource,
        variant,
        each,
        where,
        rules,
        rules.stream()
            .filter(rule -> rule.way().forward() && rule.ends().resource().isEmpty())
            .toList(),
        rules.stream().filter(rule -> rule.way().backward()).toList(),
        rules.stream().filter(rule -> rule.isLink() && rule.way().forward()).toList());
  }

  String key() {
    return key(segment, resource, variant);
  }

  /** {@code NTE/Appointment}; with a variant {@code NTE/Appointment/instruction}. */
  static String key(String segment, String resource, String variant) {
    return segment + "/" + resource + (variant.isEmpty() ? "" : "/" + variant);
  }
}
