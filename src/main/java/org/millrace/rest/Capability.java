package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The CapabilityStatement, made from {@link ServedType#TABLE}. Source: FHIR R4. Thread-safe. */
final class Capability {
  private final String started;

  /** The statement's date is when this engine started: what it serves is fixed from then on. */
  Capability(Clock clock) {
    started = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * @param base the service root as the caller sees it
   */
  ObjectNode statement(String base) {
    ObjectNode statement = JsonNodeFactory.instance.objectNode();
    statement.put("resourceType", "CapabilityStatement");
    statement.put("name", "Millrace").put("title", "Millrace FHIR R4 facade");
    statement.put("status", "active").put("date", started).put("kind", "instance");
    statement.put(
        "description", "Reads, searches and creates, carried out at Cerner Millennium FHIR R4.");
    ObjectNode software = statement.putObject("software").put("name", "Millrace");
    Optional.ofNullable(Capability.class.getPackage().getImplementationVersion())
        .ifPresent(version -> software.put("version", version));
    statement.putObject("implementation").put("description", "Millrace").put("url", base);
    statement.put("fhirVersion", "4.0.1");
    statement.putArray("format").add("json").add(MediaTypes.FHIR_JSON);
    ObjectNode rest = statement.putArray("rest").addObject().put("mode", "server");
    ArrayNode resources = rest.putArray("resource");
    ServedType.TABLE.forEach(type -> addType(resources, type));
    return statement;
  }

  private static void addType(ArrayNode resources, ServedType type) {
    ObjectNode resource = resources.addObject().put("type", type.name());
    if (!type.required().isEmpty()) {
      resource.put("documentation", "A search needs " + type.required() + ".");
    }
    ArrayNode interactions = resource.putArray("interaction");
    for (ServedType.Interaction interaction : ServedType.Interaction.values()) {
      if (type.serves(interaction)) {
        interactions.addObject().put("code", interaction.code());
      }
    }
    resource.put("versioning", "versioned").put("readHistory", false);
    resource.put("updateCreate", false).put("conditionalCreate", false);
    resource.put("conditionalUpdate", false).put("conditionalDelete", "not-supported");
    if (!type.search().isEmpty()) {
      ArrayNode parameters = resource.putArray("searchParam");
      for (ServedType.SearchParameter parameter : type.search()) {
        parameters
            .addObject()
            .put("name", parameter.name())
            .put("type", parameter.type())
            .put("documentation", parameter.documentation());
      }
    }
  }
}
