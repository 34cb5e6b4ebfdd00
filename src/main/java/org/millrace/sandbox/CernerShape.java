package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Gives a resource the form in which Cerner returns it: ids on the elements that patches test, both
 * families of codings, displays of references, texts of names and addresses.
 *
 * <p>Source: Cerner Millennium R4, the examples of each resource.
 */
final class CernerShape {
  private static final String DEFINITIONS = "http://hl7.org/fhir/StructureDefinition/";

  /** Medical record numbers are shown padded to this many digits, and stored without zeros. */
  private static final int SHOWN_DIGITS = 11;

  private final Site site;
  private final Records records;

  CernerShape(Site site, Records records) {
    this.site = site;
    this.records = records;
  }

  /** Completes the resource in place and returns it. */
  ObjectNode asRead(ObjectNode resource) {
    String type = resource.path("resourceType").asText();
    site.codes().complete(resource);
    if (!resource.has("text") && !type.equals("Binary")) {
      ObjectNode text = resource.putObject("text").put("status", "generated");
      text.put("div", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>" + type + "</p></div>");
    }
    if (type.equals("Patient")) {
      patient(resource);
    } else if (type.equals("RelatedPerson")) {
      relatedPerson(resource);
    } else if (type.equals("Practitioner")) {
      each(resource, "name", this::nameText);
    }
    displays(resource);
    return resource;
  }

  private void patient(ObjectNode patient) {
    String id = patient.path("id").asText();
    number(patient, "identifier", "CI-49" + id);
    number(patient, "name", "CI-" + id);
    number(patient, "address", "CI-24" + id);
    number(patient, "telecom", "CI-PH-30" + id);
    number(patient, "generalPractitioner", "CI-91" + id);
    each(patient, "identifier", this::identifier);
    each(patient, "name", this::nameText);
    each(patient, "address", CernerShape::addressText);
    each(patient, "telecom", CernerShape::telecom);
    each(patient, "contact", this::contact);
    if (!patient.has("deceasedDateTime") && !patient.has("deceasedBoolean")) {
      patient.put("deceasedBoolean", false);
    }
  }

  private void relatedPerson(ObjectNode related) {
    String person = related.path("id").asText().replaceFirst("^E-", "").replaceFirst("-.*$", "");
    number(related, "identifier", "CI-49" + person);
    number(related, "name", "CI-" + person);
    number(related, "address", "CI-24" + person);
    number(related, "telecom", "CI-PH-30" + person);
    each(related, "name", this::nameText);
    each(related, "address", CernerShape::addressText);
    each(related, "telecom", CernerShape::telecom);
  }

  /** The unpadded number is the value; what stands on the wristband is its rendered form. */
  private void identifier(ObjectNode identifier) {
    if (!identifier.has("use")) {
      identifier.put("use", "usual");
    }
    String value = identifier.path("value").asText("");
    boolean mrn =
        Json.list(identifier.path("type"), "coding").stream()
            .anyMatch(
                coding ->
                    coding.path("code").asText().equals("10")
                        && coding.path("system").asText().equals(site.codeSet(4)));
    if (mrn && !identifier.has("_value") && value.matches("[0-9]{1," + SHOWN_DIGITS + "}")) {
      ObjectNode rendered = identifier.putObject("_value").putArray("extension").addObject();
      rendered.put("url", DEFINITIONS + "rendered-value");
      rendered.put("valueString", "0".repeat(SHOWN_DIGITS - value.length()) + value);
    }
  }

  private void nameText(ObjectNode name) {
    Optional<String> family = Json.text(name, "family");
    if (!name.has("text") && family.isPresent()) {
      String given =
          StreamSupport.stream(name.path("given").spliterator(), false)
              .map(JsonNode::asText)
              .collect(Collectors.joining(" "));
      name.put("text", given.isEmpty() ? family.get() : family.get() + ", " + given);
    }
  }

  private static void addressText(ObjectNode address) {
    if (address.has("text")) {
      return;
    }
    StringBuilder text = new StringBuilder();
    address.path("line").forEach(line -> text.append(line.asText()).append('\n'));
    text.append(address.path("city").asText("")).append(", ");
    text.append(address.path("state").asText("")).append(' ');
    text.append(address.path("postalCode").asText(""));
    Json.text(address, "country").ifPresent(country -> text.append('\n').append(country));
    address.put("text", text.toString());
  }

  private static void telecom(ObjectNode telecom) {
    boolean phone = telecom.path("system").asText().equals("phone");
    if (!telecom.has("rank")) {
      telecom.put("rank", 1);
    }
    String digits = telecom.path("value").asText("");
    if (phone && digits.matches("[0-9]{10}") && !telecom.has("extension")) {
      telecom
          .withArray("/extension")
          .addObject()
          .put("url", DEFINITIONS + "iso21090-TEL-address")
          .put(
              "valueUrl",
              "("
                  + digits.substring(0, 3)
                  + ")"
                  + digits.substring(3, 6)
                  + "-"
                  + digits.substring(6));
    }
  }

  private void contact(ObjectNode contact) {
    JsonNode name = contact.path("name");
    if (name.isObject()) {
      String related =
          contact.path("extension").path(0).path("valueReference").path("reference").asText("");
      String person = related.replaceFirst("^RelatedPerson/", "").replaceFirst("-.*$", "");
      if (!name.has("id") && !person.isEmpty()) {
        ((ObjectNode) name).put("id", "CI-" + person + "-0");
      }
      nameText((ObjectNode) name);
    }
  }

  /** Adds the display of everything referred to that has a name here. */
  private void displays(JsonNode node) {
    if (node.isObject() && node.path("reference").isTextual() && !node.has("display")) {
      String[] target = node.path("reference").asText().split("/", -1);
      if (target.length == 2) {
        records
            .find(target[0], target[1])
            .flatMap(CernerShape::displayOf)
            .ifPresent(display -> ((ObjectNode) node).put("display", display));
      }
    }
    node.forEach(this::displays);
  }

  private static Optional<String> displayOf(ObjectNode resource) {
    return switch (resource.path("resourceType").asText()) {
      case "Patient", "Practitioner" -> Json.text(resource.path("name").path(0), "text");
      case "Organization", "Location" -> Json.text(resource, "name");
      default -> Optional.empty();
    };
  }

  private static void number(ObjectNode resource, String field, String prefix) {
    List<JsonNode> elements = Json.list(resource, field);
    Set<String> taken = new HashSet<>();
    elements.forEach(element -> taken.add(element.path("id").asText("")));
    int next = 0;
    for (JsonNode element : elements) {
      if (!element.has("id")) {
        while (!taken.add(prefix + "-" + next)) {
          next++;
        }
        ((ObjectNode) element).put("id", prefix + "-" + next);
      }
    }
  }

  private interface Step {
    void on(ObjectNode element);
  }

  private static void each(ObjectNode resource, String field, Step step) {
    Json.list(resource, field).forEach(element -> step.on((ObjectNode) element));
  }
}
