package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a conversion made for FHIR, not yet put in its place.
 *
 * @param json missing if there is no value
 * @param beside what goes to the element of the same name with an underscore; empty if nothing
 * @param leaves the way of each value, paths relative to the place it will stand in
 */
record Made(JsonNode json, ObjectNode beside, List<Leaf> leaves) {

  /** A value's way: {@code path} starts with a dot or is empty. */
  record Leaf(String path, String source, String rule, String through) {
    Leaf below(String prefix) {
      return new Leaf(prefix + path, source, rule, through);
    }
  }

  static Made nothing() {
    return new Made(MissingNode.getInstance(), JsonNodeFactory.instance.objectNode(), List.of());
  }

  static Made of(JsonNode json, List<Leaf> leaves) {
    return new Made(json, JsonNodeFactory.instance.objectNode(), leaves);
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
