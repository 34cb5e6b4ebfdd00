package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.millrace.hl7.Separators;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Path;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Time;
import org.millrace.hl7.V2Value;
import org.millrace.hl7.V2Writer;

/** A message that went to FHIR and came back, and what did not come back as it was. */
final class ReturnedMessage {
  private final V2Message sent;
  private final V2Message back;
  private final Set<String> noted = new HashSet<>();
  private final Map<String, List<Lineage>> ways = new HashMap<>();
  private final Set<String> waiting = new HashSet<>();
  private final Set<String> sorted = new HashSet<>();
  private final Map<String, Set<String>> types = new HashMap<>();
  private final List<String> lost = new ArrayList<>();

  /** A value of a repetition, by its numbers. */
  private record Leaf(int component, int subcomponent, String text) {
    boolean isIn(V2Value repetition) {
      String found = repetition.component(component).subcomponent(subcomponent).text();
      return found.strip().equals(text.strip()) || sameTime(found, text);
    }

    private static boolean sameTime(String one, String other) {
      Optional<V2Time> first = V2Time.parse(one);
      Optional<V2Time> second = V2Time.parse(other);
      return first.isPresent()
          && second.isPresent()
          && first.get().precision() == second.get().precision()
          && first.get().start(Maps.ZONE).equals(second.get().start(Maps.ZONE));
    }
  }

  private ReturnedMessage(V2Message sent, MappingRun there, V2Message back) {
    this.sent = sent;
    this.back = back;
    there.coverage().forEach(note -> noted.add(place(note.path())));
    there
        .lineage()
        .forEach(way -> ways.computeIfAbsent(place(way.source()), p -> new ArrayList<>()).add(way));
    for (Lineage way : there.lineage()) {
      String[] target = way.target().split("[ .]", 3);
      if (!way.target().startsWith(Run.USED_FOR) && target.length > 1) {
        String segment = place(way.source()).replaceAll("-.*", "");
        types.computeIfAbsent(segment, each -> new TreeSet<>()).add(target[1]);
      }
    }
    for (MappedResource resource : there.resources()) {
      if (!resource.verdict().decision().files()) {
        waiting.add(resource.anchor() + " ");
        // Whom it names is a resource of its own, and comes back with it.
        waiting.add(resource.anchor() + "-");
      }
    }
  }

  static ReturnedMessage of(V2Message message, String key, MappingContext context)
      throws V2FormatException {
    MappingRun there = Maps.MAPPER.map(message, Maps.variant(key), context);
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    for (MappedResource resource : there.resources()) {
      if (resource.verdict().decision().files()) {
        String name = resource.reference();
        resources.put(name.isEmpty() ? resource.anchor() : name, resource.json());
      }
    }
    V2Writer writer = new V2Writer(Separators.STANDARD, StandardCharsets.UTF_8);
    writer.segment("MSH");
    Maps.MAPPER.writeAll(writer, key, resources, context);
    ReturnedMessage returned = new ReturnedMessage(message, there, V2Message.read(writer.bytes()));
    for (MessageMap.Group group : Maps.files().get(key).groups()) {
      group.entries().forEach(entry -> returned.sorted(entry.map()));
    }
    return returned;
  }

  /** Fields whose rules say what goes first: their order is the rule's, not the sender's. */
  private void sorted(SegmentMap map) {
    for (Rule rule : map.rules()) {
      if (rule.way().first().isPresent()) {
        rule.ends().v2().forEach(place -> sorted.add(place.owner() + "-" + place.field()));
      }
    }
  }

  /**
   * The values that no note of the way to FHIR excuses and that did not come back where they were:
   * each in its component, those of a repetition together in one, those of a segment together in
   * one, and repetitions and segments in their order.
   */
  List<String> lost() {
    Map<String, Integer> next = new HashMap<>();
    for (V2Segment segment : sent.segments()) {
      if (!segment.name().equals("MSH")) {
        segment(segment, next);
      }
    }
    return lost;
  }

  private void segment(V2Segment segment, Map<String, Integer> next) {
    Map<Integer, List<List<Leaf>>> fields = new LinkedHashMap<>();
    for (int field = 1; field <= segment.fieldCount(); field++) {
      List<List<Leaf>> wanted = field(segment, field);
      if (!wanted.isEmpty()) {
        fields.put(field, wanted);
      }
    }
    if (fields.isEmpty()) {
      return;
    }
    String name = segment.name() + "[" + segment.sequence() + "]";
    List<V2Segment> all = back.all(segment.name());
    // Each kind of resource keeps its order; between them FHIR has none.
    String kind = segment.name() + types.getOrDefault(name, Set.of());
    // A segment whose number does not come back may come back as a part of the one before.
    int merges = noted.contains(name + "-1") ? 1 : 0;
    int found = find(fields, all, Math.max(0, next.getOrDefault(kind, 0) - merges));
    if (found >= 0) {
      next.put(kind, found + 1);
    } else {
      boolean elsewhere = find(fields, all, 0) >= 0;
      lost.add(name + (elsewhere ? "-0 in another order" : "-0 apart") + " = " + fields);
    }
  }

  private int find(Map<Integer, List<List<Leaf>>> fields, List<V2Segment> all, int from) {
    for (int i = from; i < all.size(); i++) {
      V2Segment other = all.get(i);
      if (fields.entrySet().stream()
          .allMatch(each -> inOrder(each.getValue(), other, each.getKey()))) {
        return i;
      }
    }
    return -1;
  }

  /** The repetitions that arrived; none if their order is told already, or means nothing. */
  private List<List<Leaf>> field(V2Segment segment, int field) {
    String at = "%s[%d]-%d".formatted(segment.name(), segment.sequence(), field);
    List<List<Leaf>> wanted = new ArrayList<>();
    int number = 0;
    for (V2Value value : segment.field(field).repetitions()) {
      number++;
      List<Leaf> leaves = leaves(value, at, at + "[" + number + "]");
      if (!leaves.isEmpty() && arrived(leaves, segment, field, at + "[" + number + "]")) {
        wanted.add(leaves);
      }
    }
    if (sorted.contains(segment.name() + "-" + field)) {
      return List.of();
    }
    if (wanted.size() > 1
        && back.all(segment.name()).stream().noneMatch(other -> inOrder(wanted, other, field))) {
      lost.add(at + " in another order = " + segment.field(field).raw());
      return List.of();
    }
    return wanted;
  }

  /** Whether the values of a repetition stand in one again; if not, it is told. */
  private boolean arrived(List<Leaf> leaves, V2Segment segment, int field, String at) {
    List<V2Value> candidates =
        back.all(segment.name()).stream()
            .flatMap(other -> other.field(field).repetitions().stream())
            .toList();
    if (candidates.stream().anyMatch(each -> leaves.stream().allMatch(leaf -> leaf.isIn(each)))) {
      return true;
    }
    List<String> missing = new ArrayList<>();
    for (Leaf leaf : leaves) {
      if (candidates.stream().noneMatch(leaf::isIn)) {
        missing.add("%s.%d.%d = %s".formatted(at, leaf.component, leaf.subcomponent, leaf.text));
      }
    }
    lost.addAll(missing.isEmpty() ? List.of(at + " apart = " + leaves) : missing);
    return false;
  }

  private static boolean inOrder(List<List<Leaf>> wanted, V2Segment segment, int field) {
    int next = 0;
    for (V2Value each : segment.field(field).repetitions()) {
      if (next < wanted.size() && wanted.get(next).stream().allMatch(leaf -> leaf.isIn(each))) {
        next++;
      }
    }
    return next == wanted.size();
  }

  /** What must come back of a repetition. */
  private List<Leaf> leaves(V2Value value, String at, String whole) {
    List<Leaf> leaves = new ArrayList<>();
    int component = 0;
    for (V2Value part : value.components()) {
      component++;
      int sub = 0;
      for (V2Value leaf : part.subcomponents()) {
        sub++;
        String deep = whole + "." + component;
        List<String> places = List.of(at, whole, deep, deep + "." + sub);
        boolean excused =
            Maps.isBlank(leaf.raw())
                || leaf.isNull()
                || places.stream().anyMatch(noted::contains)
                || servedOrWaits(places);
        if (!excused) {
          leaves.add(new Leaf(component, sub, leaf.text()));
        }
      }
    }
    return leaves;
  }

  /** It served other ends than an element, or waits with the resource it belongs to. */
  private boolean servedOrWaits(List<String> places) {
    List<Lineage> all =
        places.stream().flatMap(each -> ways.getOrDefault(each, List.of()).stream()).toList();
    return !all.isEmpty()
        && (all.stream().allMatch(way -> way.target().startsWith(Run.USED_FOR))
            || all.stream().anyMatch(way -> waiting.stream().anyMatch(way.target()::startsWith)));
  }

  /** A path with its occurrence and repetition said: {@code PID[1]-5[1].1}. */
  private static String place(String path) {
    try {
      V2Path parsed = V2Path.parse(path);
      StringBuilder text = new StringBuilder(parsed.segment());
      text.append('[').append(Math.max(1, parsed.occurrence())).append("]-").append(parsed.field());
      if (parsed.repetition() > 0 || parsed.component() > 0) {
        text.append('[').append(Math.max(1, parsed.repetition())).append(']');
      }
      if (parsed.component() > 0) {
        text.append('.').append(parsed.component());
      }
      if (parsed.subcomponent() > 0) {
        text.append('.').append(parsed.subcomponent());
      }
      return text.toString();
    } catch (IllegalArgumentException noV2Path) {
      return path;
    }
  }
}
