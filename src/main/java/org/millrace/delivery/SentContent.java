package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Tells whether a resource that was found holds what was sent. Cerner adds to what it is sent, and
 * writes some of it in words of its own; what must be the same is what a person would tell it by:
 * of whom, codes, times, values with their units, visit, status. Source: Cerner Millennium R4,
 * Create of each resource, and general information, proprietary codes.
 */
final class SentContent {
  private static final Set<String> OF_A_REFERENCE = Set.of("display", "type");
  private static final Set<String> OF_A_VISIT_OR_NOT = Set.of("Coverage", "RelatedPerson");
  private static final Set<String> WRITTEN_ANEW = Set.of("id", "text");

  /**
   * What makes a resource another one where it was not sent: somebody may have entered it at a desk
   * while the request was on its way. What Cerner itself may add is none of it.
   */
  private static final Map<String, List<String>> OF_ANOTHER =
      Map.of(
          "Encounter",
          List.of("/period/start", "/period/end", "/location", "/serviceType", "/reasonCode"),
          "Condition",
          List.of("/encounter", "/onsetDateTime", "/abatementDateTime", "/severity", "/note"),
          "AllergyIntolerance",
          List.of("/encounter", "/onsetDateTime", "/reaction", "/note"),
          "Immunization",
          List.of("/encounter", "/lotNumber", "/manufacturer", "/site", "/route", "/note"),
          "MedicationRequest",
          List.of(
              "/encounter",
              "/note",
              "/dosageInstruction/0/timing",
              "/dosageInstruction/0/doseAndRate"),
          "Coverage",
          List.of("/subscriberId", "/class", "/period"),
          "RelatedPerson",
          List.of("/birthDate", "/telecom", "/address"));

  private SentContent() {}

  /** Whether all that was sent, and must be the same, stands in what was found. */
  static boolean standsIn(ObjectNode found, ObjectNode sent) {
    return stands("", found, sent);
  }

  /** Whether what was found tells of something that was not sent, and so may be another one. */
  static boolean isExceededBy(ObjectNode found, ObjectNode sent) {
    String type = sent.path("resourceType").asText();
    return (OF_A_VISIT_OR_NOT.contains(type) && !visit(found).equals(visit(sent)))
        || OF_ANOTHER.getOrDefault(type, List.of()).stream()
            .anyMatch(place -> sent.at(place).isMissingNode() && !found.at(place).isMissingNode());
  }

  /**
   * The id of the one visit that a coverage or a related person is for, as an extension names it;
   * empty for one of the patient.
   */
  static String visit(ObjectNode resource) {
    return each(resource.path("extension"))
        .map(extension -> extension.at("/valueReference/reference").asText())
        .filter(reference -> reference.startsWith("Encounter/"))
        .map(reference -> reference.substring("Encounter/".length()))
        .findFirst()
        .orElse("");
  }

  private static boolean stands(String field, JsonNode found, JsonNode sent) {
    if (sent.isObject()) {
      return sent.properties().stream()
          .filter(member -> survives(field, member.getKey(), sent))
          .allMatch(
              member -> stands(member.getKey(), found.path(member.getKey()), member.getValue()));
    }
    if (field.equals("given")) {
      // The third given name and those after it are joined to the second.
      return joined(found).equals(joined(sent));
    }
    if (sent.isArray()) {
      return each(sent)
          .allMatch(item -> each(found).anyMatch(standing -> stands(field, standing, item)));
    }
    return sent.isNumber() ? sameNumber(found, sent) : sameText(field, found, sent);
  }

  /** Whether a member of what was sent comes back as it was. */
  private static boolean survives(String field, String member, JsonNode sent) {
    if (field.isEmpty()) {
      return !WRITTEN_ANEW.contains(member);
    }
    if (field.equals("meta")) {
      return member.equals("security");
    }
    if (field.equals("note")) {
      return member.equals("text");
    }
    if (!sent.path("coding").isEmpty()) {
      return member.equals("coding");
    }
    if (field.equals("coding") && sent.has("code")) {
      return member.equals("system") || member.equals("code");
    }
    if (sent.has("reference")) {
      return !OF_A_REFERENCE.contains(member);
    }
    // A unit is told by its code; how it is written is Cerner's.
    return !(member.equals("unit") && sent.has("code"));
  }

  private static String joined(JsonNode names) {
    return each(names).map(JsonNode::asText).collect(Collectors.joining(" "));
  }

  private static boolean sameNumber(JsonNode found, JsonNode sent) {
    return found.isNumber()
        && new BigDecimal(found.asText()).compareTo(new BigDecimal(sent.asText())) == 0;
  }

  private static boolean sameText(String field, JsonNode found, JsonNode sent) {
    String one = found.asText();
    String other = sent.asText();
    Instant moment = moment(other);
    return one.equals(other)
        || (!moment.equals(Instant.EPOCH)
            && (moment.equals(moment(one))
                // Of when an allergy or a condition began, the day in Greenwich is kept.
                || (field.equals("onsetDateTime") && one.equals(day(moment)))));
  }

  private static String day(Instant moment) {
    return moment.atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }

  /** The epoch if it is no time of a day. */
  static Instant moment(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException none) {
      return Instant.EPOCH;
    }
  }

  private static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
