package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;

/**
 * What a conversion made for FHIR, not yet put in its place.
 *
 * @param json missing if there is no value
 * @param beside what goes to the element of the same name with an underscore; missing if nothing
 * @param leaves the way of each value, paths relative to the place it will stand in
 */
record Made(JsonNode json, JsonNode beside, List<Leaf> leaves) {
  private static final Made NOTHING = of(MissingNode.getInstance(), List.of());

  /**
   * A value's way: {@code path} starts with a dot or is empty; with {@code ~} if the value stands
   * beside.
   */
  record Leaf(String path, String source, String rule, String through) {
    Leaf beside(String shadow) {
      return new Leaf(shadow + path.substring(1), source, rule, through);
    }

    Leaf below(String prefix) {
      return new Leaf(path.isEmpty() ? prefix : prefix + path, source, rule, through);
    }
  }

  static Made nothing() {
    return NOTHING;
  }

  static Made of(JsonNode json, List<Leaf> leaves) {
    return new Made(json, MissingNode.getInstance(), leaves);
  }

  static Made value(JsonNode json, String source, String rule, String through) {
    return of(json, List.of(new Leaf("", source, rule, through)));
  }

  boolean isNothing() {
    return json.isMissingNode() && beside.isEmpty();
  }

  /** The paths only: the content may be a patient's. */
  @Override
  public String toString() {
    return leaves.toString();
  }
}
