package org.millrace.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a case that is begun with a message: what is received, and the case file. What is
 * expected is written by {@code ./millrace replay --accept}, once the message holds nothing of a
 * patient any more.
 *
 * @param title what the case shows
 * @param clock the engine's time when the message comes
 * @param message as received, without MLLP framing
 */
public record NewCase(String title, Instant clock, byte[] message) {
  private static final String NOTE =
      "# Samples hold no real patient's data. Before this is kept, replace names, numbers, dates and"
          + " texts by invented ones,\n# and set MSH-11 to D. Then ./millrace replay --accept FOLDER"
          + " writes what is expected: read it before it is kept.\n";

  /** The files by their names in the folder of the case. */
  public Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("1-received.hl7", MessageFile.write(List.of(message)));
    files.put("case.yaml", caseFile().getBytes(StandardCharsets.UTF_8));
    return files;
  }

  private String caseFile() {
    try {
      // A text of JSON is one of YAML, whatever it holds.
      return NOTE
          + "title: "
          + SampleCase.JSON.writeValueAsString(title)
          + "\nclock: "
          + clock
          + "\nassert: []\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text can be written as JSON", e);
    }
  }

  /** The title only: the message may be a patient's. */
  @Override
  public String toString() {
    return title;
  }
}
