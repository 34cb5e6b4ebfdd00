package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.cerner.Parameter;
import org.millrace.mapping.TargetCalls;

/** Makes links that lead to this engine, and turns Cerner's into them. Thread-safe. */
final class Links {
  /** Elements that may hold the URL of a resource. */
  private static final Set<String> LINKING = Set.of("reference", "url", "fullUrl");

  private final String cernerBase;
  private final TargetCalls calls;

  Links(RestSettings settings, TargetCalls calls) {
    this.calls = calls;
    cernerBase = settings.cernerBaseUrl() + "/";
  }

  /** {@code http://engine/fhir/r4/Patient/123}. */
  static String toResource(String root, String type, String id) {
    return root + FhirFacade.MOUNT + "/" + type + "/" + id;
  }

  /** {@code http://engine/fhir/r4/Patient?family=X}. */
  static String toSearch(String root, String type, List<Parameter> parameters) {
    String query = UrlText.form(parameters);
    return root + FhirFacade.MOUNT + "/" + type + (query.isEmpty() ? "" : "?" + query);
  }

  /**
   * The resource with absolute links to Cerner turned to the engine where the engine serves the
   * type; all else, relative references included, stays as Cerner wrote it.
   */
  ObjectNode turnedToEngine(ObjectNode resource, String root) {
    ObjectNode copy = resource.deepCopy();
    turn(copy, root + FhirFacade.MOUNT + "/");
    return copy;
  }

  /** What a caller sends, with absolute links to the engine made relative, as Cerner takes them. */
  ObjectNode withoutOwnRoot(ObjectNode resource, String root) {
    ObjectNode copy = resource.deepCopy();
    referenceHolders(copy)
        .forEach(holder -> relative(holder, "reference", root + FhirFacade.MOUNT + "/"));
    return copy;
  }

  /**
   * A JSON Patch with the links in its values made relative; where an operation is on a reference
   * itself, its value is the link.
   */
  ArrayNode withoutOwnRoot(ArrayNode patch, String root) {
    ArrayNode copy = patch.deepCopy();
    String engineBase = root + FhirFacade.MOUNT + "/";
    referenceHolders(copy).forEach(holder -> relative(holder, "reference", engineBase));
    for (JsonNode operation : copy) {
      if (operation instanceof ObjectNode object
          && object.path("path").asText().endsWith("/reference")) {
        relative(object, "value", engineBase);
      }
    }
    return copy;
  }

  private void relative(ObjectNode holder, String member, String engineBase) {
    String link = holder.path(member).asText();
    if (leadsToServed(link, engineBase)) {
      holder.put(member, link.substring(engineBase.length()));
    }
  }

  private static List<ObjectNode> referenceHolders(JsonNode node) {
    return node.findParents("reference").stream()
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .filter(holder -> holder.path("reference").isTextual())
        .toList();
  }

  private void turn(JsonNode node, String engineBase) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        if (member.getValue().isTextual() && LINKING.contains(member.getKey())) {
          String link = member.getValue().asText();
          if (leadsToServed(link, cernerBase)) {
            member.setValue(TextNode.valueOf(engineBase + link.substring(cernerBase.length())));
          }
        } else {
          turn(member.getValue(), engineBase);
        }
      }
    } else {
      node.forEach(child -> turn(child, engineBase));
    }
  }

  private boolean leadsToServed(String link, String base) {
    if (!link.startsWith(base)) {
      return false;
    }
    String[] rest = link.substring(base.length()).split("\\?", 2)[0].split("/", -1);
    return rest.length == 2
        && calls
            .of(rest[0])
            .filter(
                type ->
                    type.operation(rest[1]).isPresent()
                        || (FhirId.isId(rest[1]) && !link.contains("?")))
            .isPresent();
  }
}
