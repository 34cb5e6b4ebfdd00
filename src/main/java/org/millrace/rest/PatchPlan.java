package org.millrace.rest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.millrace.mapping.PatchPath;
import org.millrace.mapping.PatchStep;
import org.millrace.mapping.ResourceCalls;
import org.millrace.rest.Refusal.Finding;

/**
 * Makes the JSON Patch that carries out an action's steps on a resource as it stands now: finds the
 * elements that are meant, tests them as the server wants, and leaves out what is so already.
 */
final class PatchPlan {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** {@code {system=phone,use=home}}. */
  private static final Pattern CHOSEN = Pattern.compile("\\{([^{}]+)}");

  /** Lists to which the server adds its own: each concept is told in its codes, too. */
  private static final Set<String> GROWING = Set.of("coding", "extension");

  private static final Pattern CODE = Pattern.compile("[a-z-]{1,40}");

  private final ResourceCalls calls;
  private final ObjectNode resource;
  private final ArrayNode patch = JSON.arrayNode();
  private final List<Finding> refused = new ArrayList<>();
  private final Set<String> tested = new HashSet<>();
  private final Map<String, ObjectNode> added = new LinkedHashMap<>();

  private PatchPlan(ResourceCalls calls, ObjectNode resource) {
    this.calls = calls;
    this.resource = resource;
  }

  /**
   * What carries the steps out.
   *
   * @param patch empty if nothing is left to be changed
   * @param refused steps that mean an element which is not there, or which the server lets nobody
   *     change
   */
  record Made(ArrayNode patch, List<Finding> refused) {
    boolean leavesNothing() {
      return patch.isEmpty() && refused.isEmpty();
    }
  }

  static Made of(ResourceCalls calls, ObjectNode resource, List<PatchStep> steps) {
    PatchPlan plan = new PatchPlan(calls, resource);
    steps.forEach(plan::step);
    return new Made(plan.patch, List.copyOf(plan.refused));
  }

  private void step(PatchStep step) {
    Optional<String> path = found(step.path());
    if (path.isPresent()) {
      change(step, path.get());
    } else if (!step.otherwise().isEmpty()) {
      add(step);
    } else {
      refused.add(new Finding(step.path(), "is not there: nothing stands there that is in force"));
    }
  }

  /**
   * What stands where a step wants something else to stand before it, as a sentence; empty if every
   * step may be made.
   */
  static Optional<String> overtaken(
      ResourceCalls calls, ObjectNode resource, List<PatchStep> steps) {
    PatchPlan plan = new PatchPlan(calls, resource);
    return steps.stream()
        .filter(step -> !step.from().isEmpty())
        .filter(step -> !step.from().contains(plan.standing(step.path())))
        .map(
            step ->
                step.path()
                    + " is "
                    + plan.said(step.path())
                    + ", and this is done only where it is "
                    + String.join(" or ", step.from())
                    + "; nothing was changed")
        .findFirst();
  }

  private String standing(String path) {
    return found(path).map(resource::at).map(JsonNode::asText).orElse("");
  }

  /** Only what is a code can be repeated in a sentence. */
  private String said(String path) {
    String standing = standing(path);
    return CODE.matcher(standing).matches() ? standing : "another";
  }

  /**
   * The path with an index for each element that is chosen by its members; empty if there is none.
   */
  private Optional<String> found(String path) {
    Matcher chosen = CHOSEN.matcher(path);
    if (!chosen.find()) {
      return Optional.of(path);
    }
    String list = path.substring(0, chosen.start() - 1);
    JsonNode elements = resource.at(list);
    for (int i = 0; i < elements.size(); i++) {
      if (has(elements.get(i), chosen.group(1))) {
        return Optional.of(list + "/" + i + path.substring(chosen.end()));
      }
    }
    return Optional.empty();
  }

  /** What has ended is none of those that are meant. */
  private static boolean has(JsonNode element, String members) {
    for (String member : members.split(",", -1)) {
      String[] pair = member.split("=", 2);
      if (!element.path(pair[0]).asText().equals(pair[1])) {
        return false;
      }
    }
    return !element.path("period").has("end");
  }

  private void change(PatchStep step, String path) {
    String op = step.op();
    JsonNode value = step.value();
    if (holds(path.substring(path.lastIndexOf('/') + 1), resource.at(path), value)) {
      return;
    }
    Optional<PatchPath> place =
        calls.patches().stream().filter(one -> one.isFor(op, path)).findFirst();
    if (place.isEmpty() && !path.equals(step.path())) {
      refused.add(
          new Finding(
              step.path(), "stands at " + path + ", where it cannot be changed by a patch"));
      return;
    }
    String test = place.map(one -> one.testFor(path)).orElse("");
    if (!test.isEmpty() && tested.add(test)) {
      operation("test", test, resource.at(JsonPointer.compile(test)));
    }
    operation(op, path, value);
  }

  /**
   * Whether what is wanted stands there, whatever members the server added to it. A list stands
   * there if it is as long and in the same order: of two given names, one that is asked for alone
   * is a change.
   *
   * @param name of the member that holds it
   */
  private static boolean holds(String name, JsonNode standing, JsonNode wanted) {
    if (wanted.isObject()) {
      return wanted.properties().stream()
          .allMatch(
              member -> holds(member.getKey(), standing.path(member.getKey()), member.getValue()));
    }
    if (!wanted.isArray()) {
      return standing.equals(wanted);
    }
    if (GROWING.contains(name)) {
      return StreamSupport.stream(wanted.spliterator(), false)
          .allMatch(
              one ->
                  StreamSupport.stream(standing.spliterator(), false)
                      .anyMatch(there -> holds("", there, one)));
    }
    return standing.size() == wanted.size()
        && IntStream.range(0, wanted.size())
            .allMatch(i -> holds("", standing.path(i), wanted.path(i)));
  }

  /** Several fields of one element that is not there yet are added as one. */
  private void add(PatchStep step) {
    ObjectNode standing = added.get(step.path().replaceFirst("}.*", "}"));
    if (standing == null) {
      ObjectNode element = (ObjectNode) step.added().deepCopy();
      added.put(step.path().replaceFirst("}.*", "}"), element);
      operation("add", step.otherwise(), element);
    } else {
      standing.setAll((ObjectNode) step.added().deepCopy());
    }
  }

  private void operation(String op, String path, JsonNode value) {
    patch.addObject().put("op", op).put("path", path).set("value", value);
  }
}
