package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** One node of a YAML file that knows its file and line, so that a fault can name them. */
final class RuleText {
  /** The key by which a sender's rule replaces one for another place. */
  static final String INSTEAD = "instead-of";

  private final String file;
  private final Node node;
  private final FaultLog log;

  private final List<RuleText> rules;

  private RuleText(String file, Node node, FaultLog log) {
    this(file, node, log, List.of());
  }

  private RuleText(String file, Node node, FaultLog log, List<RuleText> rules) {
    this.file = file;
    this.node = node;
    this.log = log;
    this.rules = rules;
  }

  /**
   * This file with the rules of another laid over: a rule there takes the place of every rule here
   * for the same v2 place (or, without one, the same FHIR place), or for the v2 place that it names
   * under {@code instead-of}.
   */
  RuleText overlaid(RuleText over) {
    Set<String> here = new HashSet<>();
    items("rules").forEach(rule -> here.add(rule.target()));
    Set<String> replaced = new HashSet<>();
    for (RuleText rule : over.items("rules")) {
      replaced.add(rule.has(INSTEAD) ? String.join(" ", rule.texts(INSTEAD)) : rule.target());
      rule.get(INSTEAD)
          .filter(at -> !here.contains(String.join(" ", rule.texts(INSTEAD))))
          .ifPresent(at -> at.fault("No rule of the file of all is for this place."));
    }
    List<RuleText> merged = new ArrayList<>();
    for (RuleText rule : items("rules")) {
      if (!replaced.contains(rule.target())) {
        merged.add(rule);
      }
    }
    merged.addAll(over.items("rules"));
    return new RuleText(file, node, log, List.copyOf(merged));
  }

  private String target() {
    return has("v2") ? String.join(" ", texts("v2")) : text("fhir");
  }

  /** What a node says as JSON, all its values texts. */
  JsonNode json() {
    if (node instanceof ScalarNode scalar) {
      return TextNode.valueOf(scalar.getValue());
    }
    if (node instanceof SequenceNode) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      items().forEach(item -> list.add(item.json()));
      return list;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    entries().forEach((key, value) -> object.set(key, value.json()));
    return object;
  }

  /** Everything a node says, whatever its layout: equal where two say the same. */
  String said() {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    if (node instanceof SequenceNode) {
      return items().stream().map(RuleText::said).toList().toString();
    }
    Map<String, String> said = new TreeMap<>();
    entries().forEach((key, value) -> said.put(key, value.said()));
    return said.toString();
  }

  /** Reads a file; what is no YAML, or no mapping at its top, is a fault and gives nothing. */
  static Optional<RuleText> read(String file, String content, FaultLog log) {
    try {
      Node node = new Yaml(new LoaderOptions()).compose(new StringReader(content));
      Optional<Node> twice = twice(node, Collections.newSetFromMap(new IdentityHashMap<>()));
      if (twice.isPresent()) {
        int line = twice.get().getStartMark().getLine() + 1;
        log.fault(file, line, "This is named and used again (& and *); write it out.");
        return Optional.empty();
      }
      if (node instanceof MappingNode) {
        return Optional.of(new RuleText(file, node, log));
      }
      log.fault(file, 1, "This file holds no keys; write at least its kind, source and rules.");
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      log.fault(file, line, "This is not YAML: " + e.getProblem() + ".");
    }
    return Optional.empty();
  }

  /** What stands at several places: a few such lines can say more than any memory holds. */
  private static Optional<Node> twice(@Nullable Node node, Set<Node> seen) {
    if (node == null || node instanceof ScalarNode) {
      return Optional.empty();
    }
    if (!seen.add(node)) {
      return Optional.of(node);
    }
    List<Node> below = new ArrayList<>();
    if (node instanceof SequenceNode sequence) {
      below.addAll(sequence.getValue());
    } else if (node instanceof MappingNode mapping) {
      for (NodeTuple each : mapping.getValue()) {
        below.add(each.getKeyNode());
        below.add(each.getValueNode());
      }
    }
    return below.stream().flatMap(each -> twice(each, seen).stream()).findFirst();
  }

  String file() {
    return file;
  }

  int line() {
    return node.getStartMark().getLine() + 1;
  }

  /** {@code segments/PID.yaml:12}. */
  String where() {
    return file + ":" + line();
  }

  void fault(String sentence) {
    log.fault(file, line(), sentence);
  }

  void warning(String sentence) {
    log.warning(file, line(), sentence);
  }

  /** A single text, not a list or a group of keys. */
  boolean isScalar() {
    return node instanceof ScalarNode;
  }

  /** The scalar's text; a list or mapping where a text belongs is a fault. */
  String scalar() {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    fault("A single value belongs here, not a list or a group of keys.");
    return "";
  }

  /** The text under a key; the empty string if the key is absent. */
  String text(String key) {
    return get(key).map(RuleText::scalar).orElse("");
  }

  boolean has(String key) {
    return get(key).isPresent();
  }

  /** The value under a key is {@code true}. */
  boolean flag(String key) {
    return "true".equals(text(key));
  }

  Optional<RuleText> get(String key) {
    return Optional.ofNullable(entries().get(key));
  }

  /** The text under a key that must be there; its absence is a fault. */
  String required(String key) {
    String text = text(key);
    if (text.isEmpty()) {
      fault("Add the key '" + key + "'.");
    }
    return text;
  }

  /** What stands under a key: the items of a list, one value alone, or nothing. */
  List<RuleText> items(String key) {
    if (key.equals("rules") && !rules.isEmpty()) {
      return rules;
    }
    return get(key).map(RuleText::items).orElse(List.of());
  }

  /** The items of a list; anything else is one item. */
  List<RuleText> items() {
    if (node instanceof SequenceNode list) {
      List<RuleText> items = new ArrayList<>();
      for (Node item : list.getValue()) {
        items.add(new RuleText(file, item, log));
      }
      return items;
    }
    return List.of(this);
  }

  /** Texts under a key, in order. */
  List<String> texts(String key) {
    return items(key).stream().map(RuleText::scalar).toList();
  }

  /** The keys of a mapping in file order; empty for anything else. */
  Map<String, RuleText> entries() {
    Map<String, RuleText> entries = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          entries.putIfAbsent(key.getValue(), new RuleText(file, tuple.getValueNode(), log));
        }
      }
    }
    return entries;
  }

  /** Faults every key that is not in the list, and every key that stands twice. */
  void allow(Set<String> allowed) {
    if (!(node instanceof MappingNode mapping)) {
      fault("Keys belong here: " + String.join(", ", new TreeSet<>(allowed)) + ".");
      return;
    }
    Set<String> seen = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      String name = key instanceof ScalarNode scalar ? scalar.getValue() : "";
      int line = key.getStartMark().getLine() + 1;
      if (!allowed.contains(name)) {
        log.fault(
            file,
            line,
            "There is no key '"
                + name
                + "' here; known are "
                + String.join(", ", new TreeSet<>(allowed))
                + ".");
      } else if (!seen.add(name)) {
        log.fault(file, line, "The key '" + name + "' stands twice; keep one.");
      }
    }
  }
}
