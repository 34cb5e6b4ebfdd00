package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Source: Cerner Millennium R4, Organization. */
final class OrganizationRules implements ResourceRules {
  private static final int PAGE = 100;
  private static final Set<String> IDENTIFIER_SYSTEMS =
      Set.of(
          "http://hl7.org/fhir/sid/us-npi", "urn:ietf:rfc:3986", "urn:oid:2.16.840.1.113883.4.4");

  private final Records records;

  OrganizationRules(Records records) {
    this.records = records;
  }

  @Override
  public String type() {
    return "Organization";
  }

  @Override
  public String interactions() {
    return "rsc";
  }

  @Override
  public Found search(SearchParameters query) {
    List<String> ids = query.choices("_id");
    String identifier = query.single("identifier").orElse("");
    int bar = identifier.indexOf('|');
    if (bar > 0 && !IDENTIFIER_SYSTEMS.contains(identifier.substring(0, bar))) {
      throw Refusal.badSearch("identifier names an unknown system");
    }
    List<String> types = query.choices("type");
    String name = query.single("name").orElse("").toUpperCase(Locale.ROOT);
    List<ObjectNode> matches =
        records.all("Organization").stream()
            .filter(o -> ids.isEmpty() || ids.contains(o.path("id").asText()))
            .filter(
                o ->
                    identifier.isEmpty()
                        || PatientSearch.hasIdentifier(Json.list(o, "identifier"), identifier))
            .filter(o -> o.path("name").asText().toUpperCase(Locale.ROOT).startsWith(name))
            .filter(
                o ->
                    types.isEmpty()
                        || types.stream()
                            .anyMatch(
                                type ->
                                    Json.list(o, "type").stream()
                                        .anyMatch(c -> DocumentReferenceRules.isCoded(c, type))))
            .toList();
    return new Found(
        matches, query.count(PAGE, PAGE), Set.of("identifier", "type", "name", "_count"));
  }

  @Override
  public ObjectNode create(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    Rule.require(sent.path("active").asBoolean(true), "active can only be true");
    String name = Rule.requireText(sent, "name", "name is missing");
    Rule.require(
        records.all("Organization").stream().noneMatch(o -> o.path("name").asText().equals(name)),
        "the name is taken");
    for (JsonNode identifier : sent.path("identifier")) {
      Rule.require(
          identifier.has("type")
              && identifier.has("value")
              && IDENTIFIER_SYSTEMS.contains(identifier.path("system").asText("")),
          "an identifier needs type, value and the system of NPI, OID or TAXID");
    }
    String id = records.newId("Organization");
    ObjectNode organization = Json.object().put("resourceType", "Organization").put("id", id);
    organization.putObject("meta");
    organization.put("active", true).put("name", name);
    for (String field : List.of("identifier", "type", "telecom", "address")) {
      if (sent.has(field)) {
        organization.set(field, sent.path(field).deepCopy());
      }
    }
    records.add(organization, "79" + id);
    return organization;
  }
}
