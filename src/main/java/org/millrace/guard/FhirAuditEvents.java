package org.millrace.guard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditEvent;

/**
 * Writes entries of the audit trail as FHIR R4 AuditEvents, shaped as IHE's Basic Audit Log
 * Patterns shape them. Stateless. Source: FHIR R4, AuditEvent; IHE BALP 1.1, RESTful patterns.
 */
public final class FhirAuditEvents {
  private static final String TYPES = "http://terminology.hl7.org/CodeSystem/audit-event-type";
  private static final String INTERACTIONS = "http://hl7.org/fhir/restful-interaction";
  private static final String DICOM = "http://dicom.nema.org/resources/ontology/DCM";
  private static final String ENTITY_TYPES =
      "http://terminology.hl7.org/CodeSystem/audit-entity-type";
  private static final String ROLES = "http://terminology.hl7.org/CodeSystem/object-role";
  private static final String SOURCES =
      "http://terminology.hl7.org/CodeSystem/security-source-type";
  private static final String BALP_ENTITIES =
      "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";

  /** The system of what is no interaction of FHIR. */
  private static final String OWN = "urn:millrace:audit";

  /** What we call otherwise than FHIR. */
  private static final Map<String, String> FHIR_WORDS =
      Map.of(
          "read", "read",
          "search", "search-type",
          "create", "create",
          "update", "update",
          "delete", "delete");

  private static final Map<String, String> ACTIONS =
      Map.of(
          "read",
          "R",
          "search",
          "E",
          "create",
          "C",
          "update",
          "U",
          "delete",
          "D",
          "view",
          "R",
          "download",
          "R");

  private FhirAuditEvents() {}

  /** One as JSON. */
  public static ObjectNode of(AuditEntry entry) {
    AuditEvent event = entry.event();
    ObjectNode resource = JsonNodeFactory.instance.objectNode();
    resource.put("resourceType", "AuditEvent");
    resource.put("id", entry.chain() + "-" + entry.seq());
    boolean overHttp = event.status() > 0;
    if (overHttp) {
      coding(resource.putObject("type"), TYPES, "rest", "RESTful Operation");
    } else {
      coding(resource.putObject("type"), DICOM, "110100", "Application Activity");
    }
    String word = FHIR_WORDS.get(event.what());
    ObjectNode subtype = resource.putArray("subtype").addObject();
    coding(
        subtype,
        word == null ? OWN : INTERACTIONS,
        word == null ? event.what() : word,
        word == null ? event.what() : word);
    resource.put("action", ACTIONS.getOrDefault(event.what(), "E"));
    resource.put("recorded", event.at().truncatedTo(ChronoUnit.MILLIS).toString());
    resource.put("outcome", outcome(event));
    if (overHttp) {
      resource.put("outcomeDesc", "HTTP " + event.status());
    }
    agents(resource.putArray("agent"), event.actor());
    ObjectNode source = resource.putObject("source");
    source.put("site", entry.chain());
    source.putObject("observer").put("display", "Millrace");
    coding(source.putArray("type").addObject(), SOURCES, "4", "Application Server");
    ArrayNode entities = JsonNodeFactory.instance.arrayNode();
    entities(entities, event);
    if (!entities.isEmpty()) {
      resource.set("entity", entities);
    }
    return resource;
  }

  private static String outcome(AuditEvent event) {
    return switch (event.outcome()) {
      case DONE -> "0";
      case DENIED -> "4";
      case FAILED -> event.status() >= 500 ? "8" : "4";
    };
  }

  private static void agents(ArrayNode agents, AuditEvent.Actor actor) {
    ObjectNode caller = agents.addObject();
    ObjectNode type = caller.putObject("type");
    coding(type.putArray("coding").addObject(), DICOM, "110153", "Source Role ID");
    ObjectNode who = caller.putObject("who");
    String name = actor.name().isEmpty() ? "not known" : actor.name();
    who.putObject("identifier").put("system", OWN + ":" + proofKind(actor)).put("value", name);
    who.put("display", name);
    caller.put("requestor", true);
    if (!actor.address().isEmpty()) {
      caller.putObject("network").put("address", actor.address()).put("type", "2");
    }
    ObjectNode engine = agents.addObject();
    ObjectNode engineType = engine.putObject("type");
    coding(engineType.putArray("coding").addObject(), DICOM, "110152", "Destination Role ID");
    engine.putObject("who").put("display", "Millrace");
    engine.put("requestor", false);
  }

  private static String proofKind(AuditEvent.Actor actor) {
    return actor.proof().split(" ", 2)[0];
  }

  private static void entities(ArrayNode entities, AuditEvent event) {
    for (String patient : event.patients()) {
      ObjectNode entity = entities.addObject();
      entity.putObject("what").put("reference", "Patient/" + patient);
      coding(entity.putObject("type"), ENTITY_TYPES, "1", "Person");
      coding(entity.putObject("role"), ROLES, "1", "Patient");
    }
    String request = event.details().get("request");
    if (request != null) {
      ObjectNode entity = entities.addObject();
      coding(entity.putObject("type"), ENTITY_TYPES, "2", "System Object");
      coding(entity.putObject("role"), ROLES, "24", "Query");
      String body = event.details().getOrDefault("body", "");
      entity.put("query", base64(request + (body.isEmpty() ? "" : "\n" + body)));
    }
    if (!event.requestId().isEmpty()) {
      ObjectNode entity = entities.addObject();
      entity.putObject("what").putObject("identifier").put("value", event.requestId());
      coding(entity.putObject("type"), BALP_ENTITIES, "XrequestId", "X-Request-Id");
    }
    ObjectNode about = JsonNodeFactory.instance.objectNode();
    about.put("name", event.subject());
    ArrayNode more = JsonNodeFactory.instance.arrayNode();
    event
        .details()
        .forEach(
            (name, value) -> {
              if (!name.equals("request") && !name.equals("body") && !value.isEmpty()) {
                more.addObject().put("type", name).put("valueString", value);
              }
            });
    if (!more.isEmpty()) {
      about.set("detail", more);
    }
    coding(about.putObject("type"), ENTITY_TYPES, "2", "System Object");
    entities.add(about);
  }

  private static void coding(ObjectNode node, String system, String code, String display) {
    node.put("system", system).put("code", code).put("display", display);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
