package org.millrace.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** Settings of a feed as the journal keeps them: one JSON object, all values texts. */
final class SettingsJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SettingsJson() {}

  static String write(FeedSettings settings) {
    ObjectNode object = JSON.createObjectNode();
    settings.written().forEach(object::put);
    return object.toString();
  }

  /**
   * Reads them back; what this version does not know is left out, and what an older one did not
   * write has its default.
   */
  static FeedSettings read(String json) {
    Map<String, String> written = new HashMap<>();
    try {
      JSON.readTree(json)
          .properties()
          .forEach(each -> written.put(each.getKey(), each.getValue().asText()));
    } catch (JsonProcessingException damaged) {
      throw new JournalException("the journal's settings of a feed cannot be read", damaged);
    }
    return FeedSettings.read(new FeedParameters(written));
  }
}
