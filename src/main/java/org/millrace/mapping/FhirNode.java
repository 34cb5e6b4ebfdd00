package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An element of a resource as a rule reads it.
 *
 * @param json missing where only {@code beside} is there
 * @param beside the element of the same name with an underscore, or missing
 * @param path {@code Patient.name[0].family}
 */
record FhirNode(JsonNode json, JsonNode beside, String path) {
  private static final Pattern NAMED =
      Pattern.compile("(?:.*/)?([A-Z][A-Za-z]+)/[A-Za-z0-9\\-.]{1,64}(?:/_history/.*)?");
  private static final String ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

  static FhirNode root(JsonNode json, String path) {
    return new FhirNode(json, MissingNode.getInstance(), path);
  }

  /** The primitive's text, the empty string if there is none. */
  String text() {
    return json.isValueNode() && !json.isNull() ? json.asText() : "";
  }

  /** Marks this element as accounted for, and all that is below it. */
  void markRead(Run run) {
    run.fhirRead(path);
  }

  /**
   * The elements at a place, those that say nothing (null, data absent) left out; the list is the
   * caller's own.
   */
  List<FhirNode> select(FhirPlace place, Run run) {
    List<FhirNode> found = new ArrayList<>();
    select(place.steps(), 0, run, found);
    return found;
  }

  private void select(List<FhirPlace.Step> steps, int at, Run run, List<FhirNode> into) {
    if (at == steps.size()) {
      into.add(this);
      return;
    }
    FhirPlace.Step step = steps.get(at);
    if (step.resolves()) {
      Optional<FhirNode> resource = run.resolve(this);
      if (resource.isPresent()) {
        run.fhirRead(path + ".reference");
        resource.get().select(steps, at + 1, run, into);
      }
    } else if (step.tellsType()) {
      Optional<FhirNode> type = typeOfTarget(run);
      if (type.isPresent()) {
        type.get().select(steps, at + 1, run, into);
      }
    } else {
      step(steps, at, run, into);
    }
  }

  private void step(List<FhirPlace.Step> steps, int at, Run run, List<FhirNode> into) {
    FhirPlace.Step step = steps.get(at);
    JsonNode child = json.path(step.name());
    JsonNode shadow = json.path(step.shadow());
    if (!child.isArray()) {
      if (child.isMissingNode() && shadow.isMissingNode() && holdsAlternate()) {
        keep(new FhirNode(child, alternates(), below(step)), steps, at, run, into);
      } else if ((!child.isMissingNode() && !child.isNull()) || shadow.isObject()) {
        keep(new FhirNode(child, shadow, below(step)), steps, at, run, into);
      }
      return;
    }
    String childPath = below(step);
    for (int i = 0; i < child.size(); i++) {
      if (step.span().holds(i)) {
        FhirNode element = new FhirNode(child.get(i), shadow.path(i), childPath + "[" + i + "]");
        keep(element, steps, at, run, into);
      }
    }
  }

  /** Goes on below an element that is what the step asks for. */
  private static void keep(
      FhirNode node, List<FhirPlace.Step> steps, int at, Run run, List<FhirNode> into) {
    FhirPlace.Step step = steps.get(at);
    if (!step.url().isEmpty()) {
      if (!node.json.path("url").asText().equals(step.url())) {
        return;
      }
      run.fhirRead(node.path + ".url");
    }
    if (step.filter().isEmpty() || step.filter().get().holds(new FhirFacts(node, run))) {
      node.select(steps, at + 1, run, into);
    }
  }

  private String below(FhirPlace.Step step) {
    return path + "." + step.name();
  }

  /**
   * The originals of codes that FHIR has no value for stand on the element that would hold them.
   */
  private boolean holdsAlternate() {
    for (JsonNode extension : json.path("extension")) {
      if (extension.path("url").asText().equals(TableConversion.ALTERNATE_CODES)) {
        return true;
      }
    }
    return false;
  }

  private JsonNode alternates() {
    ObjectNode beside = JsonNodeFactory.instance.objectNode();
    beside.set("extension", json.path("extension"));
    return beside;
  }

  /** Marks the original of a code as read, wherever it stands. */
  void markAlternate(Run run) {
    int dot = path.lastIndexOf('.');
    String parent = dot < 0 ? path : path.substring(0, dot);
    run.fhirRead(parent + "._" + path.substring(dot + 1));
    for (int i = 0; i < beside.path("extension").size(); i++) {
      String url = beside.path("extension").get(i).path("url").asText();
      if (url.equals(TableConversion.ALTERNATE_CODES)) {
        run.fhirRead(parent + ".extension[" + i + "]");
      }
    }
  }

  /** The type a reference says, else that of its path, else that of the resource it names. */
  private Optional<FhirNode> typeOfTarget(Run run) {
    String type = json.path("type").asText();
    Matcher named = NAMED.matcher(json.path("reference").asText());
    if (type.isEmpty() && named.matches()) {
      type = named.group(1);
    } else if (type.isEmpty()) {
      Optional<FhirNode> resource = run.resolve(this);
      type = resource.map(each -> each.json().path("resourceType").asText()).orElse("");
    }
    return type.isEmpty()
        ? Optional.empty()
        : Optional.of(root(TextNode.valueOf(type), path + ".type"));
  }

  /** The resource that this element stands in, {@code Encounter} or {@code Encounter[2]}. */
  String home() {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  /** The element is there only to say that its value is not known. */
  boolean isAbsent() {
    if (!json.isMissingNode() && !json.isNull()) {
      return false;
    }
    for (JsonNode extension : beside.path("extension")) {
      if (!extension.path("url").asText().equals(ABSENT)) {
        return false;
      }
    }
    return true;
  }

  /** Notes what no rule read below this element, the highest element that is wholly unread. */
  void noteUnread(Run run) {
    unread(run);
  }

  /** True if something below was read or nothing is there. */
  private boolean unread(Run run) {
    if (run.isFhirRead(path)) {
      return true;
    }
    if (json.isValueNode()) {
      return false;
    }
    List<FhirNode> missed = new ArrayList<>();
    boolean anyRead = false;
    boolean any = false;
    for (FhirNode child : children()) {
      any = true;
      if (child.unread(run)) {
        anyRead = true;
      } else {
        missed.add(child);
      }
    }
    if (!any) {
      return true;
    }
    if (anyRead || path.indexOf('.') < 0) {
      for (FhirNode child : missed) {
        run.note(CoverageNote.Kind.UNREAD, child.path, "No rule reads this; it is left out.");
      }
      return true;
    }
    return false;
  }

  private List<FhirNode> children() {
    List<FhirNode> children = new ArrayList<>();
    if (json.isArray()) {
      for (int i = 0; i < json.size(); i++) {
        if (!json.get(i).isNull()) {
          children.add(root(json.get(i), path + "[" + i + "]"));
        }
      }
      return children;
    }
    if (json.path("url").asText().equals(ABSENT)) {
      return children;
    }
    Iterator<Map.Entry<String, JsonNode>> fields = json.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getKey().equals("resourceType") && !field.getValue().isNull()) {
        children.add(root(field.getValue(), path + "." + field.getKey()));
      }
    }
    return children;
  }

  /** The path only: the content may be a patient's. */
  @Override
  public String toString() {
    return path;
  }
}
