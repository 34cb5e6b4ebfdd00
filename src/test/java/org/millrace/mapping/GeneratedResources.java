package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeChildPrimitiveEnumerationDatatypeDefinition;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Resources made up from the FHIR R4 model: each element valued or not by chance, codes of the
 * tables that rules name and others. The same seed gives the same resource.
 */
final class GeneratedResources {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final FhirContext R4 = FhirContext.forR4Cached();

  /** What is of the server, or of no message. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "extension",
          "modifierExtension",
          "contained",
          "implicitRules",
          "language",
          "text",
          "id",
          "meta",
          "photo");

  private static final List<String> WORDS =
      List.of("Main", "ZZTEST", "a&b|c^d~e\\f", "漢字", "line\nbreak", "Ω 😀", "7.20", "<i>");
  private static final List<String> SYSTEMS =
      List.of(
          "http://loinc.org",
          "http://snomed.info/sct",
          "urn:oid:2.16.840.1.113883.19.5",
          "http://example.org/codes");

  private final Random random;
  private final double density;
  private final Map<String, List<CodeTable>> tables = new HashMap<>();

  /**
   * @param density the share of elements that are valued
   */
  GeneratedResources(long seed, double density, MessageMap map) {
    this.random = new Random(seed);
    this.density = density;
    for (MessageMap.Group group : map.groups()) {
      for (MessageMap.Entry entry : group.entries()) {
        note(entry.map());
      }
    }
  }

  private void note(SegmentMap map) {
    for (Rule rule : map.rules()) {
      if (rule.conversion() instanceof TableConversion conversion
          && rule.ends().fhir().isPresent()) {
        String each = map.each().isEmpty() ? "" : map.each() + ".";
        String path = rule.ends().fhir().get().text().replaceAll("\\[[^\\]]*]", "");
        tables
            .computeIfAbsent(map.resource() + "." + each + path, key -> new ArrayList<>())
            .add(conversion.table());
      }
    }
  }

  ObjectNode resource(String type, String id) {
    ObjectNode resource = JSON.objectNode();
    resource.put("resourceType", type).put("id", id);
    elements(resource, R4.getResourceDefinition(type), type, 0);
    return resource;
  }

  private void elements(
      ObjectNode into, BaseRuntimeElementDefinition<?> definition, String path, int depth) {
    if (!(definition instanceof BaseRuntimeElementCompositeDefinition<?> composite)) {
      return;
    }
    for (BaseRuntimeChildDefinition child : composite.getChildren()) {
      String element = child.getElementName().replace("[x]", "");
      if (LEFT_OUT.contains(element) || random.nextDouble() > density) {
        continue;
      }
      List<String> names = child.getValidChildNames().stream().sorted().toList();
      String name = names.get(random.nextInt(names.size()));
      BaseRuntimeElementDefinition<?> below = child.getChildByName(name);
      int count = child.getMax() == 1 ? 1 : 1 + random.nextInt(2);
      ArrayNode list = JSON.arrayNode();
      for (int i = 0; i < count; i++) {
        value(child, below, path + "." + name, depth).ifPresent(list::add);
      }
      if (!list.isEmpty()) {
        into.set(name, child.getMax() == 1 ? list.get(0) : list);
      }
    }
  }

  private Optional<JsonNode> value(
      BaseRuntimeChildDefinition child,
      BaseRuntimeElementDefinition<?> type,
      String path,
      int depth) {
    String name = type.getName();
    if (name.equals("Reference")) {
      ObjectNode reference = JSON.objectNode();
      reference.put("reference", pick(List.of("Practitioner/7", "Organization/8", "Location/9")));
      reference.put("display", pick(WORDS));
      return Optional.of(reference);
    }
    if (name.equals("CodeableConcept") || name.equals("Coding")) {
      return Optional.of(coded(name, path));
    }
    if (type instanceof BaseRuntimeElementCompositeDefinition) {
      if (depth > 3 || name.equals("Attachment") && random.nextBoolean()) {
        return Optional.empty();
      }
      ObjectNode object = JSON.objectNode();
      elements(object, type, path, depth + 1);
      return object.isEmpty() ? Optional.empty() : Optional.of(object);
    }
    return primitive(child, name, path);
  }

  private JsonNode coded(String name, String path) {
    ObjectNode coding = JSON.objectNode();
    List<CodeTable> known = tables.getOrDefault(path, List.of());
    List<CodeTable.Entry> rows = new ArrayList<>();
    known.forEach(table -> rows.addAll(table.entries()));
    rows.removeIf(row -> row.row().fhirCode().isEmpty() || row.row().fhirSystem().startsWith("*"));
    if (!rows.isEmpty() && random.nextInt(4) > 0) {
      CodeTable.Row row = rows.get(random.nextInt(rows.size())).row();
      coding.put("system", row.fhirSystem()).put("code", row.fhirCode());
    } else {
      coding.put("system", pick(SYSTEMS)).put("code", "C" + random.nextInt(100));
    }
    if (random.nextBoolean()) {
      coding.put("display", pick(WORDS));
    }
    if (name.equals("Coding")) {
      return coding;
    }
    ObjectNode concept = JSON.objectNode();
    concept.putArray("coding").add(coding);
    if (random.nextBoolean()) {
      concept.put("text", pick(WORDS));
    }
    return concept;
  }

  private Optional<JsonNode> primitive(BaseRuntimeChildDefinition child, String type, String path) {
    return switch (type) {
      case "boolean" -> Optional.of(JSON.booleanNode(random.nextBoolean()));
      case "integer", "positiveInt", "unsignedInt" ->
          Optional.of(JSON.numberNode(1 + random.nextInt(9)));
      case "decimal" -> Optional.of(JSON.numberNode(random.nextInt(900)));
      case "date" -> text(pick(List.of("2026", "2026-11", "2026-11-20")));
      case "dateTime" -> text(pick(List.of("2026", "2026-11-20", "2026-11-20T08:30:15-06:00")));
      case "instant" -> text("2026-11-20T08:30:15-06:00");
      case "time" -> text("08:30:15");
      case "uri", "url", "canonical" -> text(pick(SYSTEMS));
      case "base64Binary" -> text("SGVsbG8=");
      case "code" -> code(child, path);
      case "xhtml" -> Optional.empty();
      default -> text(pick(WORDS));
    };
  }

  private Optional<JsonNode> code(BaseRuntimeChildDefinition child, String path) {
    if (child instanceof RuntimeChildPrimitiveEnumerationDatatypeDefinition enumeration) {
      List<String> codes = new ArrayList<>();
      for (Object constant : enumeration.getBoundEnumType().getEnumConstants()) {
        try {
          Object code = constant.getClass().getMethod("toCode").invoke(constant);
          if (code != null && !code.equals("?")) {
            codes.add(code.toString());
          }
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(path, e);
        }
      }
      return text(pick(codes));
    }
    return text("x");
  }

  private static Optional<JsonNode> text(String text) {
    return Optional.of(JSON.textNode(text));
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
