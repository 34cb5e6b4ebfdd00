package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Filing and correcting notes. Source: Cerner Millennium R4, DocumentReference, Create, Update. */
final class DocumentReferenceWrite {
  private static final String LOINC = "http://loinc.org";

  private final Site site;
  private final Records records;
  private final CernerShape shape;
  private final AttachmentRules attachments;

  DocumentReferenceWrite(Site site, Records records, CernerShape shape) {
    this.site = site;
    this.records = records;
    this.shape = shape;
    this.attachments = new AttachmentRules(site, records);
  }

  ObjectNode create(ObjectNode sent) {
    check(sent, Set.of("current"), Set.of("final", "amended"));
    JsonNode attachment = attachments.check(sent, AttachmentRules.CREATE_TYPES);
    ObjectNode document = Json.object().put("resourceType", "DocumentReference");
    document.put("id", records.newId("DocumentReference"));
    document.putObject("meta");
    document.put("date", records.second());
    fill(document, sent, attachment);
    records.add(document, "1");
    return document;
  }

  /** Replaces a note; subject and encounter stay, and the small body of a create is needed. */
  void update(ObjectNode stored, ObjectNode sent) {
    boolean asRead =
        sent.path("content").size() > 1
            || sent.path("content").path(0).path("attachment").has("url")
            || sent.has("custodian");
    if (asRead) {
      throw Refusal.badRequest("the resource as it was read cannot be sent back");
    }
    check(
        sent,
        Set.of("current", "entered-in-error"),
        Set.of("final", "amended", "entered-in-error"));
    JsonNode attachment = attachments.check(sent, AttachmentRules.UPDATE_TYPES);
    Rule.require(
        sent.path("subject").path("reference").equals(stored.path("subject").path("reference")),
        "subject is not the stored one");
    Rule.require(
        encounter(sent).path("reference").equals(encounter(stored).path("reference")),
        "encounter is not the stored one");
    attachments.requireNotEarlier(
        attachment, stored.path("content").path(0).path("attachment").path("creation"));
    ObjectNode document = stored.deepCopy();
    fill(document, sent, attachment);
    if (sent.path("status").asText().equals("entered-in-error")
        || sent.path("docStatus").asText().equals("entered-in-error")) {
      document.put("status", "entered-in-error").put("docStatus", "entered-in-error");
    }
    records.revise(document);
  }

  private static JsonNode encounter(JsonNode document) {
    return document.path("context").path("encounter").path(0);
  }

  private void check(ObjectNode sent, Set<String> statuses, Set<String> docStatuses) {
    Rule.requireOneOf(sent, "status", statuses);
    Rule.requireOneOf(sent, "docStatus", docStatuses);
    Codes.requireOneFamily(sent);
    checkType(sent.path("type"));
    ObjectNode patient = PatientRules.requireSubject(records, sent.path("subject"));
    checkAuthors(sent);
    JsonNode context = sent.path("context");
    Rule.require(context.isObject(), "context is missing");
    Rule.requireText(context.path("period"), "end", "context.period.end is missing");
    Rule.requireTimes(context.path("period"));
    Rule.require(context.path("encounter").size() <= 1, "context has more than one encounter");
    for (JsonNode reference : context.path("encounter")) {
      ObjectNode encounter =
          records
              .find("Encounter", reference)
              .orElseThrow(() -> Refusal.unprocessable("the encounter is not charted here"));
      Rule.require(
          EncounterRules.isOf(encounter.path("subject"), "Patient", patient.path("id").asText()),
          "the encounter is another patient's");
    }
  }

  private void checkType(JsonNode type) {
    List<JsonNode> codings = Json.list(type, "coding");
    Rule.require(!codings.isEmpty(), "type is missing");
    if (codings.stream().anyMatch(Codes::isOwn)) {
      if (!Codes.hasSystem(type, site.codeSet(72))) {
        throw Refusal.badRequest("type is coded in another code set than 72");
      }
      Rule.require(codings.size() == 1, "type may have only one coding of codeSet/72");
    } else {
      Rule.require(
          codings.stream().allMatch(coding -> coding.path("system").asText("").equals(LOINC)),
          "type must be coded in LOINC or in codeSet/72");
    }
    codings.forEach(coding -> Rule.requireText(coding, "code", "type has a coding without code"));
  }

  private void checkAuthors(ObjectNode sent) {
    for (JsonNode author : sent.path("author")) {
      Rule.require(
          records.find("Practitioner", author).isPresent(), "author is no practitioner known here");
    }
    Rule.require(
        !sent.has("authenticator")
            || records.find("Practitioner", sent.path("authenticator")).isPresent(),
        "authenticator is no practitioner known here");
  }

  private void fill(ObjectNode document, ObjectNode sent, JsonNode attachment) {
    document.put("status", sent.path("status").asText());
    document.put("docStatus", sent.path("docStatus").asText());
    for (String field : List.of("type", "subject", "author", "authenticator", "context")) {
      document.remove(field);
      if (sent.has(field)) {
        document.set(field, sent.path(field).deepCopy());
      }
    }
    document.remove("custodian");
    records
        .find("Encounter", encounter(sent))
        .map(encounter -> encounter.path("serviceProvider"))
        .filter(JsonNode::isObject)
        .ifPresent(provider -> document.set("custodian", provider.deepCopy()));
    document.remove("text");
    shape.asRead(document);
    category(document);
    ObjectNode identifier = Json.object().put("system", "https://fhir.cerner.com/ceuuid");
    String digits = records.instant().replaceAll("[^0-9]", "");
    identifier.put(
        "value",
        "CE"
            + site.tenant()
            + "-"
            + document.path("id").asText()
            + "-"
            + digits.substring(0, Math.min(16, digits.length())));
    document.putArray("identifier").add(identifier);
    attachments.file(document, attachment);
  }

  private static void category(ObjectNode document) {
    ArrayNode categories = document.putArray("category");
    Json.list(document.path("type"), "coding").stream()
        .filter(coding -> coding.path("system").asText().equals(LOINC))
        .findFirst()
        .ifPresent(loinc -> categories.addObject().putArray("coding").add(loinc.deepCopy()));
    ObjectNode clinicalNote = categories.addObject();
    clinicalNote
        .putArray("coding")
        .addObject()
        .put("system", "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category")
        .put("code", "clinical-note")
        .put("display", "Clinical Note")
        .put("userSelected", false);
    clinicalNote.put("text", "Clinical Note");
  }
}
