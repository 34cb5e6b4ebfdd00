package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Registering a patient. Source: Cerner Millennium R4, Patient, Create. */
final class PatientCreate {
  private static final Set<String> SSN_SYSTEMS =
      Set.of("http://hl7.org/fhir/sid/us-ssn", "urn:oid:2.16.840.1.113883.4.1");
  private static final String CDC_RACE = "urn:oid:2.16.840.1.113883.6.238";

  private final Site site;
  private final Records records;
  private final CernerShape shape;

  PatientCreate(Site site, Records records, CernerShape shape) {
    this.site = site;
    this.records = records;
    this.shape = shape;
  }

  ObjectNode store(ObjectNode sent) {
    Codes.requireOneFamily(sent);
    List<JsonNode> identifiers = Json.list(sent, "identifier");
    checkEnrollment(identifiers);
    identifiers.stream().skip(1).forEach(PatientCreate::checkIdentifier);
    checkNames(Json.list(sent, "name"));
    Json.list(sent, "telecom").forEach(PatientCreate::checkTelecom);
    Json.list(sent, "address").forEach(PatientCreate::checkAddress);
    checkRest(sent);
    return stored(sent, identifiers);
  }

  private void checkEnrollment(List<JsonNode> identifiers) {
    Rule.require(!identifiers.isEmpty(), "identifier is missing");
    JsonNode first = identifiers.get(0);
    Rule.require(
        first.size() == 1 && first.path("assigner").has("reference"),
        "the first identifier must hold only assigner.reference, the enrolling organization");
    Rule.require(
        records.find("Organization", first.path("assigner")).isPresent(),
        "the enrolling organization is unknown");
  }

  static void checkIdentifier(JsonNode identifier) {
    Rule.require(
        identifier.path("type").path("coding").path(0).has("code"), "identifier.type is missing");
    Rule.requireText(identifier, "system", "identifier.system is missing");
    Rule.requireText(identifier, "value", "identifier.value is missing");
    Rule.requireAbsent(identifier, "assigner", "identifier");
    Rule.requireAbsent(identifier, "use", "identifier");
    Rule.requireTimes(identifier.path("period"));
  }

  private static void checkNames(List<JsonNode> names) {
    boolean official = false;
    for (JsonNode name : names) {
      Rule.requireText(name, "use", "name.use is missing");
      Rule.requireAbsent(name, "text", "name");
      Rule.require(
          Json.text(name, "family").isPresent() || !name.path("given").isEmpty(),
          "a name needs a family or a given name");
      Rule.require(
          name.path("prefix").size() <= 1 && name.path("suffix").size() <= 1,
          "a name has at most one prefix and one suffix");
      Rule.requireAtMost(name, "family", 100);
      name.path("given").forEach(given -> requireShort(given, 100));
      name.path("prefix").forEach(prefix -> requireShort(prefix, 100));
      name.path("suffix").forEach(suffix -> requireShort(suffix, 100));
      official |=
          name.path("use").asText().equals("official")
              && Json.text(name, "family").isPresent()
              && !name.path("given").isEmpty()
              && !name.path("period").has("end");
    }
    Rule.require(official, "an official name with family and given is missing");
  }

  private static void requireShort(JsonNode text, int characters) {
    Rule.require(
        text.asText("").length() <= characters,
        "a text is longer than " + characters + " characters");
  }

  static void checkTelecom(JsonNode telecom) {
    Rule.requireText(telecom, "system", "telecom.system is missing");
    Rule.requireText(telecom, "use", "telecom.use is missing");
    Rule.requireText(telecom, "value", "telecom.value is missing");
    Rule.requireAtMost(telecom, "value", 100);
    boolean extended =
        Json.list(telecom, "extension").stream()
            .anyMatch(
                extension -> extension.path("url").asText().endsWith("contactpoint-extension"));
    Rule.require(
        !extended || telecom.path("system").asText().equals("phone"),
        "only a phone has an extension number");
  }

  static void checkAddress(JsonNode address) {
    Rule.requireText(address, "use", "address.use is missing");
    Rule.requireAbsent(address, "text", "address");
    address.path("line").forEach(line -> requireShort(line, 100));
    Rule.requireAtMost(address, "postalCode", 25);
  }

  private void checkRest(ObjectNode sent) {
    Rule.require(sent.path("active").asBoolean(true), "active can only be true");
    if (sent.has("gender")) {
      Rule.requireOneOf(sent, "gender", PatientRules.GENDERS);
    }
    if (sent.has("birthDate")) {
      Rule.require(
          FhirTime.parse(sent.path("birthDate").asText()).filter(t -> !t.hasTime()).isPresent(),
          "birthDate is no date");
    }
    Rule.require(sent.path("communication").size() <= 1, "only one communication is supported");
    for (JsonNode practitioner : sent.path("generalPractitioner")) {
      Rule.require(
          records.find("Practitioner", practitioner).isPresent(),
          "generalPractitioner is no practitioner known here");
    }
    for (JsonNode extension : sent.path("extension")) {
      for (JsonNode part : extension.path("extension")) {
        Rule.require(
            !part.has("valueCoding")
                || part.path("valueCoding").path("system").asText().equals(CDC_RACE),
            "race and ethnicity are coded in " + CDC_RACE);
      }
    }
  }

  private ObjectNode stored(ObjectNode sent, List<JsonNode> identifiers) {
    String id = records.newId("Patient");
    ObjectNode patient = Json.object().put("resourceType", "Patient").put("id", id);
    patient.putObject("meta");
    ArrayNode extensions = Json.array();
    Json.list(sent, "extension").stream()
        .filter(e -> PatientRules.WRITABLE_EXTENSIONS.contains(e.path("url").asText()))
        .forEach(extensions::add);
    putUnlessEmpty(patient, "extension", extensions);
    ArrayNode kept = Json.array();
    for (JsonNode identifier : identifiers.subList(1, identifiers.size())) {
      if (isSsn(identifier)) {
        records.keepUnshown(id, identifier.path("value").asText());
      } else {
        ObjectNode copy = identifier.deepCopy();
        if (!copy.path("period").has("start")) {
          copy.withObject("/period").put("start", records.instant());
        }
        kept.add(copy);
      }
    }
    putUnlessEmpty(patient, "identifier", kept);
    patient.put("active", true);
    copyPlain(sent, patient);
    shape.asRead(patient);
    records.add(patient, "0");
    return patient;
  }

  private void copyPlain(ObjectNode sent, ObjectNode patient) {
    ArrayNode names = patient.putArray("name");
    Json.list(sent, "name").forEach(name -> names.add(withTwoGivenNames(name.deepCopy())));
    putUnlessEmpty(patient, "telecom", sent.path("telecom").deepCopy());
    ArrayNode addresses = Json.array();
    Json.list(sent, "address").stream()
        .filter(
            address ->
                address.has("line")
                    || address.has("city")
                    || address.has("postalCode")
                    || address.has("state")
                    || address.has("district")
                    || address.has("country"))
        .forEach(address -> addresses.add(address.deepCopy()));
    for (String field : List.of("gender", "birthDate", "maritalStatus")) {
      if (sent.has(field)) {
        patient.set(field, sent.path(field).deepCopy());
      }
    }
    putUnlessEmpty(patient, "address", addresses);
    putUnlessEmpty(patient, "communication", sent.path("communication").deepCopy());
    putUnlessEmpty(patient, "generalPractitioner", sent.path("generalPractitioner").deepCopy());
  }

  /** A third and further given name is joined to the second. */
  private static ObjectNode withTwoGivenNames(ObjectNode name) {
    List<JsonNode> given = Json.list(name, "given");
    if (given.size() > 2) {
      String second =
          given.stream().skip(1).map(JsonNode::asText).reduce((a, b) -> a + " " + b).orElse("");
      name.putArray("given").add(given.get(0)).add(second);
    }
    return name;
  }

  private boolean isSsn(JsonNode identifier) {
    Optional<String> system = Json.text(identifier, "system");
    return system.filter(SSN_SYSTEMS::contains).isPresent()
        || Json.list(identifier.path("type"), "coding").stream()
            .anyMatch(
                coding ->
                    coding.path("code").asText().equals("SS")
                        || (coding.path("code").asText().equals("18")
                            && coding.path("system").asText().equals(site.codeSet(4))));
  }

  private static void putUnlessEmpty(ObjectNode patient, String field, JsonNode value) {
    if (!value.isMissingNode() && !value.isEmpty()) {
      patient.set(field, value);
    }
  }
}
