package org.millrace.sandbox;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The operations of an RFC 6902 patch that Cerner takes: add, remove, replace, test. */
final class JsonPatch {
  /** One operation; {@code value} is missing for a removal. */
  record Operation(String op, String path, JsonNode value) {
    boolean is(String otherOp, String otherPath) {
      return op.equals(otherOp) && path.equals(otherPath);
    }
  }

  private JsonPatch() {}

  static List<Operation> read(ArrayNode operations) {
    List<Operation> read = new ArrayList<>();
    for (JsonNode operation : operations) {
      String op = operation.path("op").asText("");
      String path = operation.path("path").asText("");
      boolean known = List.of("add", "remove", "replace", "test").contains(op);
      if (!known || !path.startsWith("/") || (!op.equals("remove") && !operation.has("value"))) {
        throw Refusal.badRequest("an operation needs op, path and, unless it removes, value");
      }
      read.add(new Operation(op, path, operation.path("value")));
    }
    return read;
  }

  /** Carries out one operation on the resource; refuses one whose path leads nowhere. */
  static void apply(ObjectNode resource, Operation operation) {
    JsonPointer pointer = JsonPointer.compile(operation.path());
    if (operation.op().equals("test")) {
      Rule.require(
          resource.at(pointer).equals(operation.value()), "a test finds another value than given");
      return;
    }
    String last = pointer.last().getMatchingProperty();
    if (operation.op().equals("add") && last.equals("-")) {
      // A list without elements is not shown, and yet it is there to be added to.
      resource.withArray(pointer.head());
    }
    JsonNode parent = resource.at(pointer.head());
    boolean there = !resource.at(pointer).isMissingNode();
    Rule.require(
        there || !operation.op().equals("remove"), "the path to be removed does not exist");
    if (parent instanceof ObjectNode object) {
      if (operation.op().equals("remove")) {
        object.remove(last);
      } else {
        object.set(last, operation.value().deepCopy());
      }
    } else if (parent instanceof ArrayNode array) {
      onList(array, last, there, operation);
    } else {
      throw Refusal.unprocessable("the path of an operation does not exist");
    }
  }

  private static void onList(ArrayNode array, String last, boolean there, Operation operation) {
    if (operation.op().equals("add") && last.equals("-")) {
      array.add(operation.value().deepCopy());
      return;
    }
    Rule.require(last.matches("[0-9]{1,4}"), "the path of an operation does not exist");
    int index = Integer.parseInt(last);
    switch (operation.op()) {
      case "remove" -> array.remove(index);
      case "replace" -> {
        Rule.require(there, "the path to be replaced does not exist");
        array.set(index, operation.value().deepCopy());
      }
      default -> {
        Rule.require(index <= array.size(), "the path of an operation does not exist");
        array.insert(index, operation.value().deepCopy());
      }
    }
  }
}
