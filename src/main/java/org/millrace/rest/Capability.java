package org.millrace.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millrace.mapping.OperationCalls;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.ResourceCalls.Interaction;
import org.millrace.mapping.SearchParameter;
import org.millrace.mapping.TargetCalls;

/** The CapabilityStatement, made from what the server offers. Source: FHIR R4. Thread-safe. */
final class Capability {
  private final TargetCalls calls;
  private final String started;

  /** The statement's date is when this engine started: what it serves is fixed from then on. */
  Capability(TargetCalls calls, Clock clock) {
    this.calls = calls;
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
        "description",
        "Reads, searches, creates, updates and patches, carried out at Cerner Millennium FHIR R4."
            + " Which of them a resource has, it says itself.");
    ObjectNode software = statement.putObject("software").put("name", "Millrace");
    Optional.ofNullable(Capability.class.getPackage().getImplementationVersion())
        .ifPresent(version -> software.put("version", version));
    statement.putObject("implementation").put("description", "Millrace").put("url", base);
    statement.put("fhirVersion", "4.0.1");
    statement.putArray("format").add("json").add(MediaTypes.FHIR_JSON);
    if (calls.resources().stream().anyMatch(type -> type.offers(Interaction.PATCH))) {
      statement.putArray("patchFormat").add(MediaTypes.JSON_PATCH);
    }
    ObjectNode rest = statement.putArray("rest").addObject().put("mode", "server");
    if (calls.resources().stream().anyMatch(Capability::isStored)) {
      rest.put(
          "documentation",
          "Prefer: respond-async is served for creates of "
              + StoredCreates.carried()
              + ": 202, and Content-Location tells what came of it.");
    }
    ArrayNode resources = rest.putArray("resource");
    calls.resources().forEach(type -> addType(resources, type));
    return statement;
  }

  private static boolean isStored(ResourceCalls type) {
    return type.offers(Interaction.CREATE) && StoredCreates.carries(type.type());
  }

  private static void addType(ArrayNode resources, ResourceCalls type) {
    ObjectNode resource = resources.addObject().put("type", type.type());
    if (!type.rules().isEmpty()) {
      resource.put("documentation", searchRules(type));
    }
    ArrayNode interactions = resource.putArray("interaction");
    for (Interaction interaction : Interaction.values()) {
      if (type.offers(interaction)) {
        interactions.addObject().put("code", interaction.code());
      }
    }
    resource.put("versioning", "versioned").put("readHistory", false);
    resource.put("updateCreate", false).put("conditionalCreate", false);
    resource.put("conditionalUpdate", false).put("conditionalDelete", "not-supported");
    for (OperationCalls operation : type.operations()) {
      resource
          .withArray("operation")
          .addObject()
          .put("name", operation.name())
          .put("definition", operation.definition())
          .put("documentation", operation.description() + " GET only.");
    }
    for (SearchParameter parameter : type.parameters()) {
      switch (parameter.name()) {
        case "_include" -> parameter.values().forEach(resource.withArray("searchInclude")::add);
        case "_revinclude" ->
            parameter.values().forEach(resource.withArray("searchRevInclude")::add);
        default ->
            resource
                .withArray("searchParam")
                .addObject()
                .put("name", parameter.name())
                .put("type", parameter.type())
                .put("documentation", parameter.description());
      }
    }
  }

  /** Which parameters stand together, in sentences. */
  static String searchRules(ResourceCalls type) {
    return type.rules().stream()
        .map(rule -> "A" + rule.sentence().substring(1) + ".")
        .collect(Collectors.joining(" "));
  }
}
