package org.millrace.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** Details of a request as the journal keeps them: one JSON object, all values texts. */
final class DetailsJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DetailsJson() {}

  static String write(Map<String, String> details) {
    if (details.isEmpty()) {
      return "";
    }
    ObjectNode object = JSON.createObjectNode();
    details.forEach(object::put);
    return object.toString();
  }

  static Map<String, String> read(String json) {
    Map<String, String> details = new HashMap<>();
    if (json.isEmpty()) {
      return details;
    }
    try {
      JSON.readTree(json)
          .properties()
          .forEach(each -> details.put(each.getKey(), each.getValue().asText()));
    } catch (JsonProcessingException damaged) {
      // Its words may quote what is a patient's.
      throw new JournalException("the details of a request in the journal cannot be read");
    }
    return details;
  }
}
