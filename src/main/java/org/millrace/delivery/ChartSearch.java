package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.millrace.cerner.Parameter;

/**
 * The search by which a resource that is to be created is found among its like. Where a version
 * tells what is new ({@link NewVersion}), what changed since is searched for; else all there are,
 * by what no update changes: one that was not there before is new then. Source: Cerner Millennium
 * R4, Search of each resource.
 */
final class ChartSearch {
  private static final Parameter PAGE = new Parameter("_count", "100");

  private ChartSearch() {}

  /**
   * @param since when the create begins by Cerner's clock, with a margin
   * @param slotStart when the slot of this id begins; the epoch if it is not known
   * @return empty where no search tells it from others
   */
  static Optional<List<Parameter>> of(
      ObjectNode sent, Instant since, Function<String, Instant> slotStart) {
    String patient = subject(sent);
    return switch (sent.path("resourceType").asText()) {
      case "Encounter", "Observation" -> of(patient, from("_lastUpdated", since));
      case "Appointment" ->
          of(patient, from("-date-or-req-period", begins(sent, since, slotStart)));
      case "AllergyIntolerance", "Immunization" -> of(patient);
      case "MedicationRequest" -> of(patient, PAGE);
      case "Condition" -> category(sent).flatMap(category -> of(patient, category));
      case "Coverage" -> ofVisit(sent).or(() -> of(patient));
      case "RelatedPerson" ->
          ofVisit(sent).or(() -> of(patient, new Parameter("-relationship-level", "Patient")));
      case "Organization" -> organization(sent);
      case "Practitioner" -> number(sent).map(List::of);
      default -> Optional.empty();
    };
  }

  /** The id of the patient whose chart a resource goes to; empty if it names none. */
  static String subject(ObjectNode sent) {
    Stream<JsonNode> named =
        Stream.concat(
            Stream.of(sent.path("subject"), sent.path("patient"), sent.path("beneficiary")),
            StreamSupport.stream(sent.path("participant").spliterator(), false)
                .map(one -> one.path("actor")));
    return named
        .map(one -> one.path("reference").asText())
        .filter(reference -> reference.startsWith("Patient/"))
        .map(reference -> reference.substring("Patient/".length()))
        .findFirst()
        .orElse("");
  }

  private static Optional<List<Parameter>> of(String patient, Parameter... more) {
    return patient.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Stream.concat(Stream.of(new Parameter("patient", patient)), Stream.of(more)).toList());
  }

  private static Optional<List<Parameter>> ofVisit(ObjectNode sent) {
    String visit = SentContent.visit(sent);
    return visit.isEmpty()
        ? Optional.empty()
        : Optional.of(List.of(new Parameter("-encounter", visit)));
  }

  /** What is on the problem list never becomes a visit's diagnosis, nor the other way. */
  private static Optional<Parameter> category(ObjectNode sent) {
    String code = sent.at("/category/0/coding/0/code").asText();
    return code.isEmpty()
        ? Optional.empty()
        : Optional.of(new Parameter("category", Parameter.literal(code)));
  }

  /** No two have one name. */
  private static Optional<List<Parameter>> organization(ObjectNode sent) {
    String name = sent.path("name").asText();
    return name.isBlank()
        ? Optional.empty()
        : Optional.of(List.of(new Parameter("name", Parameter.literal(name)), PAGE));
  }

  /** Two practitioners may have one name; no two have one number. */
  private static Optional<Parameter> number(ObjectNode sent) {
    return StreamSupport.stream(sent.path("identifier").spliterator(), false)
        .filter(one -> !one.path("system").asText().isBlank())
        .filter(one -> !one.path("value").asText().isBlank())
        .findFirst()
        .map(
            one ->
                Parameter.token(
                    "identifier", one.path("system").asText(), one.path("value").asText()));
  }

  /** Appointments are not searched by their last change, but by when they are. */
  private static Instant begins(
      ObjectNode sent, Instant since, Function<String, Instant> slotStart) {
    String slot = sent.at("/slot/0/reference").asText();
    Instant start = SentContent.moment(sent.at("/requestedPeriod/0/start").asText());
    if (slot.startsWith("Slot/")) {
      Instant ofSlot = slotStart.apply(slot.substring("Slot/".length()));
      start = ofSlot.equals(Instant.EPOCH) ? start : ofSlot;
    }
    return start.equals(Instant.EPOCH) ? since : start;
  }

  private static Parameter from(String name, Instant moment) {
    return new Parameter(name, "ge" + moment.truncatedTo(ChronoUnit.SECONDS));
  }
}
