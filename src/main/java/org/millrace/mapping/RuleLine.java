package org.millrace.mapping;

import java.util.List;
import java.util.Map;

/**
 * One rule as its file says it, for pages and reports.
 *
 * @param where {@code segments/PID.yaml:12}
 * @param v2 the places it reads, or writes the first of; empty if it has none
 * @param fhir the place from its resource or data type on, {@code contact.name}; empty if it has
 *     none
 * @param resource the resource or data type that {@code fhir} starts from; empty for none
 * @param how what becomes of the v2 place
 * @param through the data type file, table or function; empty if copied
 * @param when its conditions
 * @param says the other keys that make or explain a value, by their names: {@code fixed}, {@code
 *     given}, {@code loss}, {@code used-for} and so on
 */
public record RuleLine(
    String where,
    List<String> v2,
    String fhir,
    String resource,
    How how,
    String through,
    List<String> when,
    Map<String, String> says) {

  /** What becomes of a place, the best first. */
  public enum How {
    /** Both directions by one rule. */
    BOTH_WAYS("both ways"),
    /** Read, and not written back. */
    TO_FHIR("to FHIR"),
    /** Written, and not read. */
    TO_V2("to v2"),
    /** Read and kept, but it comes back otherwise. */
    KEPT("kept, not as it was"),
    /** Read and not kept. */
    LOST("lost"),
    /** Read for something else than a value of a resource. */
    USED("used");

    private final String words;

    How(String words) {
      this.words = words;
    }

    /** As a page says it. */
    public String words() {
      return words;
    }
  }

  public RuleLine {
    v2 = List.copyOf(v2);
    when = List.copyOf(when);
    says = Map.copyOf(says);
  }

  /** What a key says; the empty string if the rule has none of that name. */
  public String says(String key) {
    return says.getOrDefault(key, "");
  }
}
