package org.millrace.rest;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeResourceDefinition;
import ca.uhn.fhir.parser.DataFormatException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.hl7.fhir.instance.model.api.IPrimitiveType;
import org.millrace.rest.Refusal.Finding;

/**
 * Holds a resource that a caller sent against the R4 model: unknown elements, wrong JSON types,
 * values that are none of their type, codes outside a required value set, and elements that must be
 * there. All faults at once, each with its path. Thread-safe.
 *
 * <p>Cerner silently ignores what it does not know, so a misspelt element would be lost without a
 * word; this is where the caller hears of it.
 */
final class StrictReader {
  /** A caller who sent something else altogether needs no thousand lines to see it. */
  private static final int MOST_FINDINGS = 100;

  private static final Set<String> NUMBERS = Set.of("decimal");
  private static final Set<String> WHOLE_NUMBERS = Set.of("integer", "positiveInt", "unsignedInt");

  private static final Pattern NARRATIVE = Pattern.compile("(?s)\\s*<div[\\s>].*</div\\s*>\\s*");

  private final FhirContext model = FhirContext.forR4Cached();

  /** Every fault of the resource, at most a hundred. */
  List<Finding> faults(ObjectNode resource) {
    List<Finding> faults = new ArrayList<>();
    checkResource(resource, resource.path("resourceType").asText(), faults);
    return faults.size() > MOST_FINDINGS ? faults.subList(0, MOST_FINDINGS) : faults;
  }

  private void checkResource(ObjectNode resource, String path, List<Finding> faults) {
    JsonNode type = resource.path("resourceType");
    if (!type.isTextual() || !model.getResourceTypes().contains(type.asText())) {
      faults.add(new Finding(path + ".resourceType", "is no resource type of FHIR R4"));
      return;
    }
    RuntimeResourceDefinition definition = model.getResourceDefinition(type.asText());
    checkElements(resource, definition, path, true, faults);
  }

  private void checkElements(
      ObjectNode object,
      BaseRuntimeElementCompositeDefinition<?> definition,
      String path,
      boolean isResource,
      List<Finding> faults) {
    if (object.isEmpty() || (isResource && object.size() == 1)) {
      faults.add(new Finding(path, "is empty"));
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String name = member.getKey();
      if (isResource && name.equals("resourceType")) {
        continue;
      }
      boolean sibling = name.startsWith("_");
      String element = sibling ? name.substring(1) : name;
      BaseRuntimeChildDefinition child = definition.getChildByName(element);
      BaseRuntimeElementDefinition<?> type = child == null ? null : child.getChildByName(element);
      if (child == null || type == null) {
        faults.add(new Finding(path + "." + name, "is not an element of FHIR R4 here"));
      } else if (sibling) {
        checkSibling(member.getValue(), type, path + "." + name, faults);
      } else {
        checkMember(member.getValue(), child, type, path + "." + name, faults);
      }
    }
    checkRequired(object, definition, path, faults);
    checkChoices(object, definition, path, faults);
  }

  /** {@code deceasedBoolean} beside {@code deceasedDateTime}: of a choice only one may stand. */
  private static void checkChoices(
      ObjectNode object,
      BaseRuntimeElementCompositeDefinition<?> definition,
      String path,
      List<Finding> faults) {
    for (BaseRuntimeChildDefinition child : definition.getChildren()) {
      List<String> given =
          child.getValidChildNames().stream()
              .filter(name -> object.has(name) || object.has("_" + name))
              .sorted()
              .toList();
      if (given.size() > 1) {
        faults.add(
            new Finding(path + "." + given.get(1), "stands beside " + given.get(0) + "; one only"));
      }
    }
  }

  private static void checkRequired(
      ObjectNode object,
      BaseRuntimeElementCompositeDefinition<?> definition,
      String path,
      List<Finding> faults) {
    for (BaseRuntimeChildDefinition child : definition.getChildren()) {
      if (child.getMin() > 0
          && child.getValidChildNames().stream()
              .noneMatch(name -> object.has(name) || object.has("_" + name))) {
        faults.add(new Finding(path + "." + child.getElementName(), "is required"));
      }
    }
  }

  private void checkMember(
      JsonNode value,
      BaseRuntimeChildDefinition child,
      BaseRuntimeElementDefinition<?> type,
      String path,
      List<Finding> faults) {
    boolean repeats = child.getMax() != 1;
    if (repeats != value.isArray()) {
      faults.add(new Finding(path, repeats ? "must be an array" : "must not be an array"));
      return;
    }
    if (!repeats) {
      checkValue(value, child, type, path, faults);
      return;
    }
    if (value.isEmpty()) {
      faults.add(new Finding(path, "is an empty array"));
    }
    for (int i = 0; i < value.size(); i++) {
      // A null keeps the place of a primitive that has extensions only.
      if (!(value.get(i).isNull() && isPrimitive(type))) {
        checkValue(value.get(i), child, type, path + "[" + i + "]", faults);
      }
    }
  }

  private static boolean isPrimitive(BaseRuntimeElementDefinition<?> type) {
    return switch (type.getChildType()) {
      case PRIMITIVE_DATATYPE, ID_DATATYPE, PRIMITIVE_XHTML, PRIMITIVE_XHTML_HL7ORG -> true;
      default -> false;
    };
  }

  private void checkValue(
      JsonNode value,
      BaseRuntimeChildDefinition child,
      BaseRuntimeElementDefinition<?> type,
      String path,
      List<Finding> faults) {
    if (isPrimitive(type)) {
      checkPrimitive(value, child, type, path, faults);
    } else if (!(value instanceof ObjectNode object)) {
      faults.add(new Finding(path, "must be an object"));
    } else if (type instanceof BaseRuntimeElementCompositeDefinition<?> composite
        && !(type instanceof RuntimeResourceDefinition)) {
      checkElements(object, composite, path, false, faults);
    } else {
      checkResource(object, path, faults);
    }
  }

  private static void checkPrimitive(
      JsonNode value,
      BaseRuntimeChildDefinition child,
      BaseRuntimeElementDefinition<?> type,
      String path,
      List<Finding> faults) {
    String wanted = jsonType(type.getName());
    boolean fits =
        switch (wanted) {
          case "boolean" -> value.isBoolean();
          case "whole number" -> value.isIntegralNumber();
          case "number" -> value.isNumber();
          default -> value.isTextual();
        };
    if (!fits) {
      faults.add(new Finding(path, "must be a JSON " + wanted));
      return;
    }
    if (value.asText().isBlank()) {
      faults.add(new Finding(path, "is empty"));
      return;
    }
    if (isNarrative(type)) {
      // Looked at as text: XML that comes over the wire is never parsed.
      if (!NARRATIVE.matcher(value.asText()).matches()) {
        faults.add(new Finding(path, "must be one div element of XHTML"));
      }
      return;
    }
    try {
      Object argument = child.getInstanceConstructorArguments();
      Object instance = argument == null ? type.newInstance() : type.newInstance(argument);
      if (instance instanceof IPrimitiveType<?> primitive) {
        primitive.setValueAsString(value.asText());
      }
    } catch (DataFormatException | IllegalArgumentException unfit) {
      faults.add(new Finding(path, "is no value of the type " + type.getName()));
    }
  }

  private static boolean isNarrative(BaseRuntimeElementDefinition<?> type) {
    return switch (type.getChildType()) {
      case PRIMITIVE_XHTML, PRIMITIVE_XHTML_HL7ORG -> true;
      default -> false;
    };
  }

  private static String jsonType(String type) {
    if (type.equals("boolean")) {
      return "boolean";
    }
    if (WHOLE_NUMBERS.contains(type)) {
      return "whole number";
    }
    return NUMBERS.contains(type) ? "number" : "string";
  }

  /** {@code _birthDate}: id and extensions of a primitive, or an array of them. */
  private void checkSibling(
      JsonNode value, BaseRuntimeElementDefinition<?> type, String path, List<Finding> faults) {
    if (!isPrimitive(type)) {
      faults.add(new Finding(path, "stands beside primitive elements only"));
      return;
    }
    if (value.isArray()) {
      Iterator<JsonNode> parts = value.elements();
      for (int i = 0; parts.hasNext(); i++) {
        JsonNode part = parts.next();
        if (!part.isNull()) {
          checkSiblingObject(part, path + "[" + i + "]", faults);
        }
      }
    } else {
      checkSiblingObject(value, path, faults);
    }
  }

  private void checkSiblingObject(JsonNode value, String path, List<Finding> faults) {
    if (!(value instanceof ObjectNode object)) {
      faults.add(new Finding(path, "must be an object"));
      return;
    }
    BaseRuntimeElementCompositeDefinition<?> element =
        (BaseRuntimeElementCompositeDefinition<?>) model.getElementDefinition("Coding");
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String name = member.getKey();
      BaseRuntimeChildDefinition child =
          name.equals("id") || name.equals("extension")
              ? element == null ? null : element.getChildByName(name)
              : null;
      BaseRuntimeElementDefinition<?> type = child == null ? null : child.getChildByName(name);
      if (child == null || type == null) {
        faults.add(new Finding(path + "." + name, "is not an element of FHIR R4 here"));
      } else {
        checkMember(member.getValue(), child, type, path + "." + name, faults);
      }
    }
  }
}
