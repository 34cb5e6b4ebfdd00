package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.millrace.mapping.PatchPath;
import org.millrace.mapping.ResourceCalls;
import org.millrace.rest.Refusal.Finding;

/**
 * Holds a JSON Patch against what the server lets be changed, before it is asked. Source: RFC 6902;
 * the server's rules stand under {@code mappings/calls/}.
 */
final class PatchChecks {
  private static final int MOST = 200;
  private static final Set<String> OPS = Set.of("add", "remove", "replace", "test");

  private final ResourceCalls calls;
  private final ArrayNode patch;
  private final Set<String> tested = new HashSet<>();

  private PatchChecks(ResourceCalls calls, ArrayNode patch) {
    this.calls = calls;
    this.patch = patch;
  }

  /** Every fault of a patch; empty if the server can be asked. */
  static List<Finding> faults(ResourceCalls calls, ArrayNode patch) {
    if (patch.isEmpty() || patch.size() > MOST) {
      return List.of(new Finding("patch", "is a list of 1 to " + MOST + " operations"));
    }
    PatchChecks checks = new PatchChecks(calls, patch);
    List<Finding> faults = new ArrayList<>();
    for (int i = 0; i < patch.size(); i++) {
      String place = "patch[" + i + "]";
      checks.fault(patch.get(i)).ifPresent(message -> faults.add(new Finding(place, message)));
    }
    return List.copyOf(faults);
  }

  private Optional<String> fault(JsonNode operation) {
    String op = operation.path("op").asText();
    String path = operation.path("path").asText();
    if (!OPS.contains(op) || !path.startsWith("/")) {
      return Optional.of("has an op (add, remove, replace or test) and a path that begins with /");
    }
    if (!op.equals("remove") && !operation.has("value")) {
      return Optional.of("has a value, since it does not remove");
    }
    if (op.equals("test")) {
      tested.add(path);
      return Optional.empty();
    }
    List<PatchPath> places = calls.patches().stream().filter(one -> one.isFor(op, path)).toList();
    if (places.isEmpty()) {
      return Optional.of(
          op + " is not taken at this path; a patch of " + calls.type() + " takes " + taken());
    }
    String value = operation.path("value").asText();
    Optional<PatchPath> place = places.stream().filter(one -> one.takes(value)).findFirst();
    String test = place.orElse(places.get(0)).testFor(path);
    if (!test.isEmpty() && !tested.contains(test)) {
      return Optional.of(
          "needs before it a test of " + test + ", so that the right one is changed");
    }
    return place.isPresent()
        ? company(place.get())
        : Optional.of(
            places.stream()
                .flatMap(one -> one.values().stream())
                .collect(Collectors.joining(", ", "takes one of ", "")));
  }

  private Optional<String> company(PatchPath place) {
    if (!place.with().isEmpty() && place.with().stream().noneMatch(this::stands)) {
      return Optional.of("goes only together with " + String.join(" or ", place.with()));
    }
    return place.without().stream()
        .filter(this::stands)
        .findFirst()
        .map(other -> "does not go together with " + other);
  }

  /** Whether an operation, as {@code replace /status=booked}, stands in the patch. */
  private boolean stands(String operation) {
    int space = operation.indexOf(' ');
    int equals = operation.indexOf('=');
    String op = operation.substring(0, space);
    String path = operation.substring(space + 1, equals < 0 ? operation.length() : equals);
    return StreamSupport.stream(patch.spliterator(), false)
        .filter(one -> one.path("op").asText().equals(op))
        .filter(one -> one.path("path").asText().equals(path))
        .anyMatch(
            one ->
                equals < 0 || one.path("value").asText().equals(operation.substring(equals + 1)));
  }

  private String taken() {
    return calls.patches().stream()
        .map(one -> String.join("/", one.ops()) + " " + one.path())
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
