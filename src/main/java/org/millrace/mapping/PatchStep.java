package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;

/**
 * One change that an action makes.
 *
 * @param op add or replace
 * @param path a JSON pointer in which {@code {use=home}} stands for the first element of a list
 *     with these members
 * @param value what is put there; in its texts {@code {}} stands for the field's text, {@code
 *     {system}} and {@code {code}} for what is before and after its bar
 * @param otherwise where an element is added if the path finds none; empty for nowhere
 * @param added what is added there
 * @param from the values of which one must stand at the path before, whoever put it there; empty
 *     for any
 */
public record PatchStep(
    String op, String path, JsonNode value, String otherwise, JsonNode added, List<String> from) {

  public PatchStep {
    from = List.copyOf(from);
  }

  /**
   * Whether what stands there already may be another caller's doing, so that it proves nothing: a
   * slot that is held is not held for everybody who asks.
   */
  public boolean isOnlyOnes() {
    return !from.isEmpty() && !from.contains(value.asText());
  }

  /** The same with the text of a field put in. */
  public PatchStep with(String text) {
    return new PatchStep(op, path, filled(value, text), otherwise, filled(added, text), from);
  }

  private static JsonNode filled(JsonNode template, String text) {
    if (template.isTextual()) {
      int bar = text.indexOf('|');
      return TextNode.valueOf(
          template
              .asText()
              .replace("{system}", bar < 0 ? "" : text.substring(0, bar))
              .replace("{code}", text.substring(bar + 1))
              .replace("{}", text));
    }
    if (template instanceof ObjectNode object) {
      ObjectNode copy = object.objectNode();
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        copy.set(member.getKey(), filled(member.getValue(), text));
      }
      return copy;
    }
    if (template instanceof ArrayNode list) {
      ArrayNode copy = list.arrayNode();
      list.forEach(item -> copy.add(filled(item, text)));
      return copy;
    }
    return template;
  }
}
