package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Resources and bundles for the tests. */
final class Bodies {
  private Bodies() {}

  static ObjectNode document() {
    return JsonNodeFactory.instance.objectNode().put("resourceType", "DocumentReference");
  }

  static ObjectNode patient() {
    ObjectNode patient = JsonNodeFactory.instance.objectNode().put("resourceType", "Patient");
    patient.putArray("identifier").addObject().put("system", "urn:x").put("value", "A1");
    return patient;
  }

  /** A search bundle without total. */
  static String bundle(String next, String... entries) {
    String link =
        next.isEmpty() ? "" : ",\"link\":[{\"relation\":\"next\",\"url\":\"" + next + "\"}]";
    return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\""
        + link
        + ",\"entry\":["
        + Arrays.stream(entries).collect(Collectors.joining(","))
        + "]}";
  }

  static String match(String type, String id, String lastUpdated) {
    return "{\"search\":{\"mode\":\"match\"},\"resource\":{\"resourceType\":\""
        + type
        + "\",\"id\":\""
        + id
        + "\",\"meta\":{\"lastUpdated\":\""
        + lastUpdated
        + "\"}}}";
  }

  static String suppressed() {
    return "{\"search\":{\"mode\":\"outcome\"},\"resource\":{\"resourceType\":\"OperationOutcome\","
        + "\"issue\":[{\"severity\":\"warning\",\"code\":\"suppressed\","
        + "\"diagnostics\":\"Other search results were found\"}]}}";
  }
}
