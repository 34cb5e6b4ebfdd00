package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * The addresses of a video visit: the patient's and the provider's, each in a contained resource,
 * and from when to when they are good. Source: Cerner Millennium R4, Appointment, Patch.
 */
final class VideoVisit {
  private static final int LONGEST_ADDRESS = 255;
  private static final List<String> PATHS =
      List.of(
          "/contained/0/telecom/0/value",
          "/contained/1/telecom/0/value",
          "/contained/0/telecom/0/period/start",
          "/contained/0/telecom/0/period/end");

  private VideoVisit() {}

  /** Whether an operation, {@code add /contained/0/telecom/0/value}, is about addresses. */
  static boolean is(String operation) {
    return PATHS.stream()
        .anyMatch(path -> operation.equals("add " + path) || operation.equals("replace " + path));
  }

  /** Carries out those operations that are about addresses, if there are any. */
  static void apply(ObjectNode appointment, Map<String, JsonNode> asked) {
    List<String> operations = asked.keySet().stream().filter(VideoVisit::is).toList();
    if (operations.isEmpty()) {
      return;
    }
    String op = operations.get(0).substring(0, operations.get(0).indexOf(' '));
    Rule.require(
        operations.size() == PATHS.size()
            && operations.stream().allMatch(operation -> operation.startsWith(op + " ")),
        "the addresses of a video visit are given all at once, by one kind of operation");
    Rule.require(
        appointment.path("contained").size() == 2, "the appointment is not one for a video visit");
    boolean there = !appointment.at(PATHS.get(0)).isMissingNode();
    if (op.equals("add") && there) {
      throw Refusal.conflict("the addresses are there already");
    }
    Rule.require(there || op.equals("add"), "there are no addresses to be replaced");
    for (String path : PATHS) {
      String value = asked.getOrDefault(op + " " + path, appointment).asText();
      Rule.require(
          !value.isEmpty() && value.length() <= LONGEST_ADDRESS, "an address is too long or empty");
      put(appointment, path, value);
    }
  }

  private static void put(ObjectNode appointment, String path, String value) {
    String[] steps = path.substring(1).split("/", -1);
    ObjectNode contained =
        (ObjectNode) appointment.path("contained").path(steps[1].charAt(0) - '0');
    ObjectNode telecom =
        contained.path("telecom").isEmpty()
            ? contained.putArray("telecom").addObject().put("system", "url")
            : (ObjectNode) contained.path("telecom").path(0);
    if (steps[4].equals("period")) {
      telecom.withObject("/period").put(steps[5], value);
    } else {
      telecom.put("value", value);
    }
  }
}
