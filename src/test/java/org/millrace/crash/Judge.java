package org.millrace.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Judges a run by its history, what Cerner holds, and the messages that the journal says are
 * stopped. It knows nothing of how the run was made.
 */
final class Judge {
  /** The control id, which the sender also gave out as filler number: it stands in the title. */
  private static final Pattern NUMBER = Pattern.compile("\\bK\\d{6,}\\b");

  /**
   * What came of a run.
   *
   * @param acknowledged how many messages were answered AA
   * @param filed how many documents Cerner holds
   * @param kills how often the engine was killed or stopped
   * @param lost acknowledged, not at Cerner, and not listed as uncertain
   * @param twice at Cerner more than once
   * @param overtaken filed after a later one of the same sender and patient
   * @param uncertain listed by the journal as waiting for a person
   * @param unasked at Cerner, and never sent
   */
  record Verdict(
      int acknowledged,
      int filed,
      int kills,
      List<String> lost,
      List<String> twice,
      List<String> overtaken,
      Set<String> uncertain,
      List<String> unasked) {

    boolean clean() {
      return lost.isEmpty() && twice.isEmpty() && overtaken.isEmpty() && unasked.isEmpty();
    }

    /** Not so of an engine that holds or refuses what it should file, which loses nothing, too. */
    boolean mostlyFiled() {
      return acknowledged > 0 && filed >= 0.99 * acknowledged;
    }

    @Override
    public String toString() {
      return acknowledged
          + " acknowledged, "
          + filed
          + " filed, "
          + kills
          + " kills; lost "
          + lost
          + ", twice "
          + twice
          + ", out of order "
          + overtaken
          + ", unasked "
          + unasked
          + ", listed as uncertain "
          + uncertain;
    }
  }

  private Judge() {}

  /**
   * @param documents every DocumentReference that the run left, in the order they were stored
   * @param stopped control ids of messages that the journal lists as HELD or REFUSED
   */
  static Verdict judge(Path history, JsonNode documents, Set<String> stopped) throws IOException {
    Map<String, String> laneOf = new HashMap<>();
    Map<String, Integer> order = new HashMap<>();
    Set<String> acknowledged = new LinkedHashSet<>();
    int kills = 0;
    for (String line : Files.readAllLines(history, StandardCharsets.UTF_8)) {
      String[] words = line.split(" ");
      switch (words[1]) {
        case "sent" -> {
          laneOf.put(words[2], words[3] + " " + words[4]);
          order.putIfAbsent(words[2], order.size());
        }
        case "acked" -> {
          if (words[3].equals("AA")) {
            acknowledged.add(words[2]);
          }
        }
        case "kill", "pause" -> kills++;
        default -> {}
      }
    }
    Map<String, Integer> filed = new LinkedHashMap<>();
    List<String> unasked = new ArrayList<>();
    documents.forEach(document -> count(document, filed, order.keySet(), unasked));
    List<String> lost =
        acknowledged.stream()
            .filter(id -> !filed.containsKey(id) && !stopped.contains(id))
            .toList();
    List<String> twice =
        filed.entrySet().stream()
            .filter(each -> each.getValue() > 1)
            .map(Map.Entry::getKey)
            .toList();
    return new Verdict(
        acknowledged.size(),
        filed.values().stream().mapToInt(Integer::intValue).sum(),
        kills,
        lost,
        twice,
        overtaken(filed.keySet(), laneOf, order, stopped),
        new TreeSet<>(stopped),
        unasked);
  }

  private static void count(
      JsonNode document, Map<String, Integer> filed, Set<String> sent, List<String> unasked) {
    String title = document.path("content").path(0).path("attachment").path("title").asText();
    Matcher number = NUMBER.matcher(title);
    if (!number.find()) {
      return;
    }
    if (!sent.contains(number.group())) {
      unasked.add(number.group());
    }
    filed.merge(number.group(), 1, Integer::sum);
  }

  /** A sender sends a patient's messages one after the other, so they must be stored so. */
  private static List<String> overtaken(
      Set<String> filed,
      Map<String, String> laneOf,
      Map<String, Integer> order,
      Set<String> stopped) {
    Map<String, Integer> latest = new HashMap<>();
    List<String> overtaken = new ArrayList<>();
    for (String id : filed) {
      String lane = laneOf.getOrDefault(id, "");
      int place = order.getOrDefault(id, -1);
      if (place < latest.getOrDefault(lane, -1) && !stopped.contains(id)) {
        overtaken.add(id);
      }
      latest.merge(lane, place, Math::max);
    }
    return overtaken;
  }
}
