package org.millrace.mapping;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lineage of a run by target, to find where an element came from. Not thread-safe. */
final class LineageIndex {
  private static final Pattern FIELD =
      Pattern.compile("([A-Z][A-Z0-9]{2}(?:\\[\\d+])?-\\d+(?:\\[\\d+])?)(?:\\.\\d+){0,2}");
  private final NavigableMap<String, List<Lineage>> byTarget = new TreeMap<>();

  LineageIndex(List<Lineage> lineage) {
    for (Lineage each : lineage) {
      byTarget.computeIfAbsent(each.target(), target -> new ArrayList<>(1)).add(each);
    }
  }

  /** The way of an element and of everything below it. */
  List<Lineage> below(String target) {
    List<Lineage> all = new ArrayList<>();
    ranges(target, all::addAll);
    int dot = target.lastIndexOf('.');
    if (dot > 0) {
      // What stands beside a simple element belongs to it.
      ranges(target.substring(0, dot) + "._" + target.substring(dot + 1), all::addAll);
    }
    return all;
  }

  private void ranges(String target, Consumer<List<Lineage>> into) {
    List<Lineage> exact = byTarget.get(target);
    if (exact != null) {
      into.accept(exact);
    }
    byTarget.subMap(target + ".", target + "/").values().forEach(into);
    byTarget.subMap(target + "[", target + "\\").values().forEach(into);
  }

  /**
   * The fields an element came from: {@code PV1-36}, {@code PID-13[2]}; if it has no way of its
   * own, those of what it stands in; empty if it came from no field.
   *
   * @param resource where the resource begins in lineage: {@code PV1 Encounter}
   */
  Set<String> fields(String target, String resource) {
    Set<String> fields = new LinkedHashSet<>();
    for (Lineage way : nearest(target, resource)) {
      Matcher field = FIELD.matcher(way.source());
      if (field.matches()) {
        fields.add(field.group(1));
      }
    }
    return fields;
  }

  /** The way of an element; if it has none of its own, that of what it stands in. */
  List<Lineage> nearest(String target, String resource) {
    String at = target;
    while (at.length() > resource.length()) {
      List<Lineage> ways = below(at);
      if (!ways.isEmpty()) {
        return ways;
      }
      at = at.substring(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('[')));
    }
    return List.of();
  }
}
