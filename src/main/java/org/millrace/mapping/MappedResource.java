package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * One resource that a message became.
 *
 * @param action the Cerner action it is for, for example {@code create-document}; empty where no
 *     action sends it
 * @param anchor where it stands in the message: {@code OBR[2]}, {@code OBR[2]/OBX[5]}; unique
 *     within the run
 * @param json the resource; empty of content where the verdict is not FILE
 * @param verdict what is to become of it
 * @param keys what the sender knows it by, as its message file names them: {@code filler}
 *     (OBR-3.1), {@code placer} (OBR-2.1), {@code parent} (TXA-13.1); a number that the message
 *     does not hold is left out
 * @param reference by which the other resources of the same message name it, {@code urn:uuid:…};
 *     empty if none can
 */
public record MappedResource(
    String action,
    String anchor,
    ObjectNode json,
    Verdict verdict,
    Map<String, String> keys,
    String reference) {
  public MappedResource {
    keys = Map.copyOf(keys);
  }

  /** One that no other resource names. */
  public MappedResource(
      String action, String anchor, ObjectNode json, Verdict verdict, Map<String, String> keys) {
    this(action, anchor, json, verdict, keys, "");
  }

  /** One that its sender knows by no number. */
  public MappedResource(String action, String anchor, ObjectNode json, Verdict verdict) {
    this(action, anchor, json, verdict, Map.of());
  }

  static MappedResource held(String action, String anchor, Verdict verdict) {
    return new MappedResource(action, anchor, JsonNodeFactory.instance.objectNode(), verdict);
  }

  MappedResource named(String name) {
    return new MappedResource(action, anchor, json, verdict, keys, name);
  }

  /** The action and the anchor only: the content is a patient's. */
  @Override
  public String toString() {
    return action + " " + anchor + " " + verdict;
  }
}
