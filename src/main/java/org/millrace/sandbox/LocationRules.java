package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Source: Cerner Millennium R4, Location. */
final class LocationRules implements ResourceRules {
  private static final int PAGE = 100;
  private static final Set<String> KEPT =
      Set.of(
          "-physicalType",
          "type",
          "identifier",
          "address",
          "address-city",
          "address-state",
          "address-postalcode",
          "name",
          "organization",
          "_count");

  private final Records records;

  LocationRules(Records records) {
    this.records = records;
  }

  @Override
  public String type() {
    return "Location";
  }

  @Override
  public String interactions() {
    return "rs";
  }

  @Override
  public Found search(SearchParameters query) {
    requireEnough(query);
    List<String> ids = query.choices("_id");
    List<String> types = query.choices("type");
    String physical = query.single("-physicalType").orElse("");
    String identifier = query.single("identifier").orElse("");
    String name = query.single("name").orElse("");
    String organization = query.single("organization").orElse("");
    List<ObjectNode> matches =
        records.all("Location").stream()
            .filter(l -> ids.isEmpty() || ids.contains(l.path("id").asText()))
            .filter(l -> types.isEmpty() || types.stream().anyMatch(type -> isTyped(l, type)))
            .filter(
                l ->
                    physical.isEmpty()
                        || DocumentReferenceRules.isCoded(l.path("physicalType"), physical))
            .filter(
                l ->
                    identifier.isEmpty()
                        || PatientSearch.hasIdentifier(Json.list(l, "identifier"), identifier))
            .filter(l -> starts(l.path("name"), name))
            .filter(
                l ->
                    organization.isEmpty()
                        || EncounterRules.isOf(
                            l.path("managingOrganization"), "Organization", organization))
            .filter(l -> isAt(l.path("address"), query))
            .toList();
    return new Found(matches, query.count(PAGE, PAGE), KEPT);
  }

  private static void requireEnough(SearchParameters query) {
    boolean addressed =
        query.hasAny("address", "address-city", "address-state", "address-postalcode");
    if (!query.hasAny("_id", "-physicalType", "type", "identifier") && !addressed) {
      throw Refusal.badSearch(
          query.hasAny("name", "organization")
              ? "name and organization may only be provided with -physicalType, identifier or an"
                  + " address"
              : "at least one of _id, -physicalType, type, identifier, address, or -pageContext"
                  + " must be provided");
    }
    if (query.has("address-city") && !query.hasAny("address-state", "address-postalcode")) {
      throw Refusal.badSearch(
          "address-city may only be provided with address-state or address-postalcode");
    }
  }

  private static boolean isTyped(ObjectNode location, String type) {
    return Json.list(location, "type").stream()
        .anyMatch(concept -> DocumentReferenceRules.isCoded(concept, type));
  }

  private static boolean isAt(JsonNode address, SearchParameters query) {
    String anywhere = query.single("address").orElse("");
    return starts(address.path("city"), query.single("address-city").orElse(""))
        && starts(address.path("state"), query.single("address-state").orElse(""))
        && starts(address.path("postalCode"), query.single("address-postalcode").orElse(""))
        && (anywhere.isEmpty()
            || starts(address.path("city"), anywhere)
            || starts(address.path("line").path(0), anywhere));
  }

  private static boolean starts(JsonNode text, String start) {
    return text.asText("").toUpperCase(Locale.ROOT).startsWith(start.toUpperCase(Locale.ROOT));
  }
}
