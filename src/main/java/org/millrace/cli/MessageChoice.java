package org.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.millrace.mapping.CodeTable;
import org.millrace.mapping.Mappings;

/** Which message resources are written as, where nobody says it. */
final class MessageChoice {
  private static final String EVENTS = "http://terminology.hl7.org/CodeSystem/v2-0003";
  private static final String STATUS_EVENTS = "HL70003-AppointmentStatus";
  private final Mappings mappings;
  private final Set<String> types;

  /**
   * A message type and the reason it was chosen for.
   *
   * @param type {@code ADT^A01}, with a variant {@code ORU^R01/observations}
   * @param why goes on after "because"
   */
  record Chosen(String type, String why) {}

  /** What a resource is written as: the first of the types that has a message file. */
  private record Preference(String resource, List<String> types) {}

  private static final List<Preference> PREFERENCES =
      List.of(
          new Preference("DiagnosticReport", List.of("ORU^R01/observations")),
          new Preference("Observation", List.of("ORU^R01/observations")),
          new Preference("DocumentReference", List.of("MDM^T02", "ORU^R01")),
          new Preference("Encounter", List.of("ADT^A08", "ADR^A19")),
          new Preference("Patient", List.of("ADT^A08", "ADR^A19")),
          new Preference("OperationOutcome", List.of("ACK")),
          new Preference("MessageHeader", List.of("ACK")));

  MessageChoice(Mappings mappings) {
    this.mappings = mappings;
    this.types = mappings.messageFiles();
  }

  /**
   * The type that was asked for, if there is a message file for it.
   *
   * @throws PlainException if there is none
   */
  Chosen named(String type) throws PlainException {
    if (!types.contains(type)) {
      throw new PlainException(
          "there is no message file for " + type + "; --as takes one of " + new TreeSet<>(types));
    }
    return new Chosen(type, "--as says so");
  }

  /**
   * The type that the content asks for.
   *
   * @throws PlainException if it asks for none
   */
  Chosen of(Collection<JsonNode> resources) throws PlainException {
    for (JsonNode resource : resources) {
      String said = eventOf(resource);
      if (types.contains(said)) {
        return new Chosen(said, "MessageHeader.eventCoding says so");
      }
    }
    for (JsonNode resource : resources) {
      if (resource.path("resourceType").asText().equals("Appointment")) {
        String status = resource.path("status").asText();
        String type = "SIU^" + eventOf(resource.path("_status"), status);
        if (types.contains(type)) {
          return new Chosen(type, "there is an Appointment, " + status);
        }
      }
    }
    for (JsonNode resource : resources) {
      if (resource.path("resourceType").asText().equals("Provenance")) {
        String type = "ADT^" + event(resource.path("activity"));
        if (types.contains(type)) {
          return new Chosen(type, "Provenance.activity says so");
        }
      }
    }
    for (Preference preference : PREFERENCES) {
      boolean there =
          resources.stream()
              .anyMatch(each -> each.path("resourceType").asText().equals(preference.resource()));
      for (String type : there ? preference.types() : List.<String>of()) {
        if (types.contains(type)) {
          return new Chosen(type, "there is a resource of type " + preference.resource());
        }
      }
    }
    List<String> found = new ArrayList<>();
    resources.forEach(each -> found.add(each.path("resourceType").asText()));
    throw new PlainException(
        "no message is known to be made of "
            + new TreeSet<>(found)
            + "; say which with --as, one of "
            + new TreeSet<>(types));
  }

  /** {@code SIU^S12^SIU_S12} or the event alone, as a MessageHeader of ours has it. */
  private static String eventOf(JsonNode header) {
    JsonNode event = header.path("eventCoding");
    String[] parts = event.path("display").asText().split("\\^", -1);
    return parts.length < 2 ? parts[0] : parts[0] + "^" + parts[1];
  }

  /** The event that a Provenance of EVN is about. */
  private static String event(JsonNode activity) {
    for (JsonNode coding : activity.path("coding")) {
      if (coding.path("system").asText().equals(EVENTS)) {
        return coding.path("code").asText();
      }
    }
    return "";
  }

  /** The event that an appointment came with, else one that its status tells. */
  private String eventOf(JsonNode besideStatus, String status) {
    for (JsonNode coding : besideStatus.findValues("coding")) {
      if (coding.path(0).path("system").asText().equals(EVENTS)) {
        return coding.path(0).path("code").asText();
      }
    }
    return mappings.table(STATUS_EVENTS).reverse(status).map(CodeTable.Row::v2Code).orElse("S14");
  }
}
