package org.millrace.mapping;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One compiled line of a mapping file.
 *
 * @param where {@code segments/PID.yaml:12}
 */
record Rule(String where, Ends ends, Way way, Extras extras, Conversion conversion) {
  /** {@code made: all}: whatever this segment and those after it have become. */
  static final String ALL = "all";

  /**
   * What it binds.
   *
   * @param v2 the first that holds anything is read; the first of all is written
   * @param v2Repeats whether the written field may repeat
   * @param resource another resource than the file's, or empty
   */
  record Ends(List<V2Place> v2, boolean v2Repeats, Optional<FhirPlace> fhir, String resource) {}

  /** Which way it goes and when. {@code first} tells which FHIR elements go first. */
  record Way(
      boolean forward,
      boolean backward,
      Optional<Condition> whenV2,
      Optional<Condition> whenFhir,
      Optional<Condition> first) {}

  /**
   * The rest; empty strings where absent.
   *
   * @param values {@code fixed}, {@code given}, {@code made}, {@code content}, {@code default},
   *     {@code default-v2}, {@code join} by key
   * @param usedFor as lineage says it, {@code used for: the envelope}
   * @param max characters of the text, 0 for no limit
   */
  record Extras(
      Map<String, String> values,
      String loss,
      String usedFor,
      int max,
      List<Part> parts,
      Map<FhirPlace, String> set) {
    String value(String key) {
      return values.getOrDefault(key, "");
    }

    boolean has(String key) {
      return !values.isEmpty() && values.containsKey(key);
    }
  }

  /**
   * One part of a text put together: a fixed text or the first valued place, each with its when.
   */
  record Part(List<V2Place> v2, String text, Optional<Condition> when) {}

  boolean isFixed() {
    return extras.has("fixed");
  }

  /** It names another resource of the same message, which is known only when all are made. */
  boolean isLink() {
    return extras.has("made");
  }
}
