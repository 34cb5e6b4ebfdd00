package org.millrace.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.mapping.Lineage;
import org.millrace.mapping.MappingRun;

/**
 * Where each field of a message went, and where each value of a resource came from, by a mapping
 * report. No values: paths, rules and sentences only.
 */
final class Ways {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String USED_FOR = "used for: ";

  /** {@code OBR[2]-4.1}, {@code PID-3[2].1.1}. */
  private static final Pattern FIELD =
      Pattern.compile("([A-Z][A-Z0-9]{2})(?:\\[(\\d+)])?-(\\d+)(?:\\[(\\d+)])?((?:\\.\\d+){0,2})");

  private final NavigableMap<String, List<Way>> bySource = new TreeMap<>();
  private final Map<String, List<Way>> byTarget = new LinkedHashMap<>();
  private final NavigableMap<String, List<Loss>> losses = new TreeMap<>();
  private final List<Loss> all = new ArrayList<>();
  private final String charset;

  /**
   * One way.
   *
   * @param from a field: {@code OBR[1]-4}
   * @param to a place in a resource: {@code OBR[1] DocumentReference.type}; or what it is used for
   * @param used whether it went into no resource but decides something
   */
  record Way(String from, String to, boolean used, String rule, String through) {
    /** Names the other end, for links and for what lights up together. */
    String target() {
      return used ? "" : id("t", to);
    }

    String source() {
      return key(from).isEmpty() ? "" : id("f", key(from));
    }
  }

  /** Something that did not come across as it was. */
  record Loss(String path, String kind, String sentence) {
    String source() {
      return key(path).isEmpty() ? "" : id("f", key(path));
    }
  }

  private Ways(List<Way> ways, List<Loss> lost, String charset) {
    for (Way way : ways) {
      bySource.computeIfAbsent(key(way.from()), any -> new ArrayList<>()).add(way);
      if (!way.used()) {
        byTarget.computeIfAbsent(way.to(), any -> new ArrayList<>()).add(way);
      }
    }
    for (Loss loss : lost) {
      all.add(loss);
      losses.computeIfAbsent(key(loss.path()), any -> new ArrayList<>()).add(loss);
    }
    this.charset = charset;
  }

  private static Way way(Cover cover, Lineage lineage) {
    boolean used = lineage.target().startsWith(USED_FOR);
    // The row of a table says what stands in the field.
    return new Way(
        lineage.source(),
        used ? lineage.target().substring(USED_FOR.length()) : lineage.target(),
        used,
        lineage.rule(),
        cover.of(lineage.through()));
  }

  /**
   * @param report as the journal has it; empty if the message was never mapped
   */
  static Ways of(String report, Cover cover) {
    JsonNode read;
    try {
      read = report.isEmpty() ? JSON.createObjectNode() : JSON.readTree(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a mapping report is no JSON", e);
    }
    List<Way> ways = new ArrayList<>();
    for (JsonNode each : read.path("lineage")) {
      ways.add(
          way(
              cover,
              new Lineage(
                  each.path("target").asText(),
                  each.path("source").asText(),
                  each.path("rule").asText(),
                  each.path("through").asText())));
    }
    List<Loss> losses = new ArrayList<>();
    for (JsonNode each : read.path("coverage")) {
      losses.add(
          new Loss(
              each.path("path").asText(),
              each.path("kind").asText(),
              each.path("sentence").asText()));
    }
    return new Ways(ways, losses, read.path("charset").path("words").asText());
  }

  /** Those of a run that was just made. */
  static Ways of(MappingRun run, Cover cover) {
    return new Ways(
        run.lineage().stream().map(each -> way(cover, each)).toList(),
        run.coverage().stream()
            .map(each -> new Loss(each.path(), each.kind().name(), each.sentence()))
            .toList(),
        "");
  }

  /**
   * Where a place of the message went.
   *
   * @param parts with what stands below it, if the page does not show that
   */
  List<Way> from(String key, boolean parts) {
    return within(bySource, key, parts);
  }

  private static <T> List<T> within(NavigableMap<String, List<T>> all, String key, boolean parts) {
    List<T> found = new ArrayList<>(all.getOrDefault(key, List.of()));
    if (parts) {
      all.subMap(key + ".", key + "/").values().forEach(found::addAll);
      all.subMap(key + "[", key + "\\").values().forEach(found::addAll);
    }
    return found.stream().distinct().toList();
  }

  /** Where a place of a resource came from. */
  List<Way> to(String target) {
    return byTarget.getOrDefault(target, List.of());
  }

  /** What was lost of a place. */
  List<Loss> lost(String key, boolean parts) {
    return within(losses, key, parts);
  }

  /** Everything that did not come across as it was. */
  List<Loss> losses() {
    return List.copyOf(all);
  }

  /** By which charset it was read, in words; empty if it was never mapped. */
  String charset() {
    return charset;
  }

  /**
   * One notation for a place, however it was written: {@code PID[1]-5[1].1}. Without its component
   * it is the whole field; empty for what is no place in a message.
   */
  static String key(String path) {
    Matcher field = FIELD.matcher(path);
    if (!field.matches()) {
      return "";
    }
    String repetition = field.group(4);
    String below = field.group(5);
    // The whole field stays the whole field; a component without repetition is of the first one.
    String rep = repetition != null ? repetition : below.isEmpty() ? "" : "1";
    return field.group(1)
        + "["
        + (field.group(2) == null ? "1" : field.group(2))
        + "]-"
        + field.group(3)
        + (rep.isEmpty() ? "" : "[" + rep + "]")
        + below;
  }

  /** A name for an element of the page, of letters that need no escaping. */
  static String id(String kind, String path) {
    StringBuilder id = new StringBuilder(kind).append('-');
    path.codePoints()
        .forEach(
            point -> {
              boolean plain =
                  point >= 'a' && point <= 'z'
                      || point >= 'A' && point <= 'Z'
                      || point >= '0' && point <= '9';
              id.append(
                  plain ? Character.toString(point) : point == ' ' ? "__" : "_" + point + "_");
            });
    return id.toString();
  }
}
