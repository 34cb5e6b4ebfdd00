package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The persons and places that values of one message name. However often one is named it is one
 * resource: what a later value says besides is added to it, what it says otherwise is told. For one
 * run, not thread-safe.
 */
final class SharedResources {
  private final MadeResources made;
  private final Map<Identity, Shared> byIdentity = new LinkedHashMap<>();

  /**
   * Who is told of what differs.
   *
   * @param single the lists of which v2 is written from the first element, {@code .name}
   */
  record Told(Run run, Set<String> single) {}

  /** What tells a resource from others: its type, and some of what it says. */
  private record Identity(String type, List<String> texts) {}

  SharedResources(MadeResources made) {
    this.made = made;
  }

  /** One of them, as far as it is known. */
  static final class Shared {
    private final MadeResources.Named named;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final List<Made.Leaf> leaves = new ArrayList<>();

    private Shared(MadeResources.Named named) {
      this.named = named;
    }

    /** The reference to it as a value; its source says what the resource was made of. */
    Made reference(String rule) {
      JsonNode text = json.textNode(named.reference());
      return Made.value(text, "made:" + named.anchor() + " " + named.type(), rule, "");
    }

    String reference() {
      return named.reference();
    }
  }

  /**
   * The resource of this identity, which holds what the value says from now on.
   *
   * @param identity by which it is told from others of its type
   * @param path of the value in the message
   * @param told who is told of what differs; nobody where v2 is not written from the resource
   */
  Shared share(String type, List<String> identity, Made value, String path, Optional<Told> told) {
    Shared shared =
        byIdentity.computeIfAbsent(
            new Identity(type, identity), key -> new Shared(made.nameValue(path, type)));
    Merge merge = new Merge(told.map(Told::single).orElse(Set.of()));
    merge.objects(shared.json, (ObjectNode) value.json(), "", "");
    for (Made.Leaf leaf : value.leaves()) {
      String place = merge.moved.get(leaf.path());
      if (place != null) {
        shared.leaves.add(new Made.Leaf(place, leaf.source(), leaf.rule(), leaf.through()));
      }
      if (merge.other.contains(leaf.path())) {
        told.ifPresent(to -> differs(to.run(), leaf, shared));
      }
    }
    return shared;
  }

  private static void differs(Run run, Made.Leaf leaf, Shared shared) {
    run.note(
        CoverageNote.Kind.FIRST_OF_MANY,
        leaf.source(),
        shared.named.anchor() + " says it otherwise of the same " + shared.named.type() + ".");
  }

  /** Adds those that resources of the message name, and those that these name in turn. */
  void finish(Run run) {
    if (byIdentity.isEmpty()) {
      return;
    }
    Map<String, Shared> byReference = new HashMap<>();
    byIdentity.values().forEach(each -> byReference.put(each.reference(), each));
    Set<Shared> reached = new HashSet<>();
    made.resources().forEach(resource -> reach(resource.json(), byReference, reached));
    // What waits says where its values would have gone; so do those whom it names.
    boolean held = made.resources().stream().anyMatch(resource -> resource.json().isEmpty());
    for (Shared each : byIdentity.values()) {
      if (reached.contains(each)) {
        trace(each, run);
        made.add(resource(each));
      } else if (held) {
        trace(each, run);
      }
    }
  }

  private static void reach(JsonNode node, Map<String, Shared> all, Set<Shared> reached) {
    Shared named = all.get(node.path("reference").asText());
    if (named != null && reached.add(named)) {
      reach(named.json, all, reached);
    }
    node.forEach(child -> reach(child, all, reached));
  }

  private static void trace(Shared shared, Run run) {
    String root = shared.named.anchor() + " " + shared.named.type();
    for (Made.Leaf leaf : shared.leaves) {
      run.trace(root + leaf.path(), leaf.source(), leaf.rule(), leaf.through());
    }
  }

  private static MappedResource resource(Shared shared) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("resourceType", shared.named.type());
    json.setAll(shared.json);
    return new MappedResource("", shared.named.anchor(), json, Verdict.file("mapped"))
        .named(shared.named.reference());
  }

  /** One value's content put into what is known already. */
  private static final class Merge {
    /** Nobody has more degrees; a list without end would make a long message take for ever. */
    private static final int MOST = 50;

    /** Where each text of the value stands now, by where it stood in the value. */
    final Map<String, String> moved = new HashMap<>();

    /** Lists of which the first element counts: what a resource is told by, where v2 reads it. */
    private final Set<String> single;

    /** The texts of the value that differ from what is first in their place. */
    final Set<String> other = new HashSet<>();

    Merge(Set<String> single) {
      this.single = single;
    }

    void objects(ObjectNode into, ObjectNode from, String at, String was) {
      from.fields()
          .forEachRemaining(
              field -> {
                String name = "." + field.getKey();
                JsonNode there = into.get(field.getKey());
                if (there == null) {
                  into.set(field.getKey(), field.getValue().deepCopy());
                  moves(field.getValue(), at + name, was + name);
                } else {
                  values(there, field.getValue(), at + name, was + name);
                }
              });
    }

    private void values(JsonNode into, JsonNode from, String at, String was) {
      if (into instanceof ObjectNode object && from instanceof ObjectNode more) {
        objects(object, more, at, was);
      } else if (into instanceof ArrayNode list && from instanceof ArrayNode more) {
        lists(list, more, at, was);
      } else if (into.equals(from)) {
        moves(from, at, was);
      } else {
        unlike(into, from, at, was);
      }
    }

    private void lists(ArrayNode into, ArrayNode from, String at, String was) {
      for (int i = 0; i < from.size(); i++) {
        String old = was + "[" + i + "]";
        JsonNode more = from.get(i);
        int fits = more.isObject() ? fitting(into, more) : i;
        if (fits < into.size()) {
          values(into.get(fits), more, at + "[" + fits + "]", old);
          continue;
        }
        boolean another = more.isObject() && !into.isEmpty();
        if (another) {
          unlike(into.get(0), more, at + "[0]", old);
        }
        // Two names of one person must not become a third, nor a later one go before the first.
        if (!another || (!single.contains(at) && into.size() < MOST)) {
          into.add(more.deepCopy());
          moves(more, at + "[" + (into.size() - 1) + "]", old);
        }
      }
    }

    /** The first element that says nothing else; past the end if there is none. */
    private static int fitting(ArrayNode list, JsonNode element) {
      int at = 0;
      while (at < list.size() && !agree(list.get(at), element)) {
        at++;
      }
      return at;
    }

    private static boolean agree(JsonNode one, JsonNode other) {
      if (one instanceof ObjectNode object) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          JsonNode same = other.get(field.getKey());
          if (same != null && !agree(field.getValue(), same)) {
            return false;
          }
        }
        return true;
      }
      if (one instanceof ArrayNode list) {
        for (int i = 0; i < Math.min(list.size(), other.size()); i++) {
          if (!agree(list.get(i), other.get(i))) {
            return false;
          }
        }
        return true;
      }
      return one.equals(other);
    }

    private void moves(JsonNode value, String at, String was) {
      if (value.isValueNode()) {
        moved.put(was, at);
      }
      for (int i = 0; value.isArray() && i < value.size(); i++) {
        moves(value.get(i), at + "[" + i + "]", was + "[" + i + "]");
      }
      value
          .properties()
          .forEach(
              field ->
                  moves(field.getValue(), at + "." + field.getKey(), was + "." + field.getKey()));
    }

    /** Tells the texts of an element that do not stand in the first one too. */
    private void unlike(JsonNode first, JsonNode value, String at, String was) {
      if (value.isValueNode() && value.equals(first)) {
        moved.put(was, at);
      } else if (value.isValueNode()) {
        other.add(was);
      }
      for (int i = 0; value.isArray() && i < value.size(); i++) {
        unlike(first.path(i), value.get(i), at + "[" + i + "]", was + "[" + i + "]");
      }
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        String name = field.getKey();
        unlike(first.path(name), field.getValue(), at + "." + name, was + "." + name);
      }
    }
  }
}
