package org.millrace.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;

/**
 * What was seen while a case ran, and how an assertion's places are looked up in it.
 *
 * @param received the messages as sent; empty for a REST case
 * @param replies the messages as received, in order; empty for a REST case
 * @param answers status, headers and body of each HTTP answer; empty for an HL7 case
 * @param requests what the sandbox was asked
 * @param health the management side's state: counts of messages and reasons
 */
record Observed(
    List<byte[]> received,
    List<byte[]> replies,
    ArrayNode answers,
    ArrayNode requests,
    JsonNode health) {

  private static final Pattern MESSAGE =
      Pattern.compile("(?:(received|reply)(?:\\[(\\d+)])?\\.)?([A-Z][A-Z0-9]{2})(.*)");
  private static final Pattern JSON =
      Pattern.compile("(requests|answers?)(?:\\[(\\d+)])?(?:\\.(.*))?");

  /** The text at a place of an assertion's left side; the empty string if nothing is there. */
  String at(String place) {
    if (place.startsWith("messages.") || place.startsWith("reasons.")) {
      String[] parts = place.split("\\.", 2);
      return health.path(parts[0]).path(parts[1]).asText("0");
    }
    Matcher json = JSON.matcher(place);
    if (json.matches()) {
      ArrayNode list = json.group(1).equals("requests") ? requests : answers;
      if ("count()".equals(json.group(3)) && json.group(2) == null) {
        return String.valueOf(list.size());
      }
      int index = json.group(2) == null ? 1 : Integer.parseInt(json.group(2));
      return text(list.path(index - 1), Optional.ofNullable(json.group(3)).orElse(""));
    }
    Matcher message = MESSAGE.matcher(place);
    if (!replies.isEmpty() && message.matches()) {
      return inMessage(message);
    }
    return text(answers.path(0), place);
  }

  /** A right side: a place in what was received, replied or asked, or else the literal itself. */
  String resolve(String right) {
    boolean isPlace =
        right.startsWith("received.")
            || right.matches("reply(\\[\\d+])?\\..*")
            || right.matches("requests\\[\\d+]\\..*");
    return isPlace ? at(right) : right;
  }

  private String inMessage(Matcher place) {
    boolean sent = "received".equals(place.group(1));
    List<byte[]> list = sent ? received : replies;
    int index = place.group(2) == null ? 1 : Integer.parseInt(place.group(2));
    if (index > list.size()) {
      return "";
    }
    try {
      V2Message message = V2Message.read(list.get(index - 1));
      String segment = place.group(3);
      String rest = place.group(4);
      if (rest.equals(".count()")) {
        return String.valueOf(message.all(segment).size());
      }
      if (rest.equals(".raw")) {
        return message.first(segment).map(first -> first.raw()).orElse("");
      }
      return message.value(segment + rest);
    } catch (V2FormatException e) {
      return "";
    }
  }

  /** {@code body.entry[2].resource.id}, {@code body.entry.count()}; lists count from 1. */
  private static String text(JsonNode root, String path) {
    JsonNode node = root;
    for (String step : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
      if (step.equals("count()")) {
        return String.valueOf(node.size());
      }
      int bracket = step.indexOf('[');
      node = node.path(bracket < 0 ? step : step.substring(0, bracket));
      if (bracket >= 0) {
        node = node.path(Integer.parseInt(step.substring(bracket + 1, step.length() - 1)) - 1);
      }
    }
    return node.isValueNode() ? node.asText() : node.isMissingNode() ? "" : node.toString();
  }
}
