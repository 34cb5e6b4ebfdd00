package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.delivery.CreateSettlement.Settled;

/**
 * Creates of any type for callers that wait. A create whose answer was lost is looked up in the
 * patient's chart and never repeated: it counts as made where exactly one resource holds all that
 * was sent, was changed since, and was given to no other caller. Thread-safe.
 */
public final class ChartCreates {
  private static final int MOST_SEEN = 1_000;

  private final FhirInteractions fhir;
  private final CreateSettlement settlement;
  private final Clock clock;
  private final Duration clockMargin;

  /**
   * @param settlement for patients and documents, which are found in ways of their own
   * @param clockMargin how far Cerner's clock and ours may be apart
   */
  public ChartCreates(
      FhirInteractions fhir, CreateSettlement settlement, Clock clock, Duration clockMargin) {
    this.fhir = fhir;
    this.settlement = settlement;
    this.clock = clock;
    this.clockMargin = clockMargin;
  }

  /** {@code POST Type}, sent once. */
  public Settled create(ObjectNode resource, Call call) {
    String type = resource.path("resourceType").asText();
    return switch (type) {
      case "Patient" -> settlement.createPatient(resource, call);
      case "DocumentReference" ->
          settlement.createDocument(resource, idOf("Patient", subject(resource)), call);
      default -> sought(type, resource, call);
    };
  }

  private Settled sought(String type, ObjectNode resource, Call call) {
    Instant since = clock.instant().minus(clockMargin);
    Reply<Created> reply = fhir.create(type, resource, call);
    if (reply instanceof Reply.Done<Created> done) {
      settlement.gave(type, done.value().id());
    }
    return settlement.settle(
        reply,
        call,
        "Not exactly one resource that holds what was sent was found in the patient's chart.",
        looking -> look(type, resource, since, looking));
  }

  private Optional<Created> look(String type, ObjectNode sent, Instant since, Call call) {
    String patient = idOf("Patient", subject(sent));
    if (patient.isEmpty()) {
      return Optional.empty();
    }
    List<Parameter> chart =
        List.of(new Parameter("patient", patient), narrowed(type, sent, since, call));
    Reply<FhirInteractions.FoundResources> reply = fhir.searchAll(type, chart, "", MOST_SEEN, call);
    if (!(reply instanceof Reply.Done<FhirInteractions.FoundResources> done)) {
      return Optional.empty();
    }
    List<ObjectNode> same =
        done.value().resources().stream()
            .filter(found -> !moment(found.at("/meta/lastUpdated").asText()).isBefore(since))
            .filter(found -> holds(found, sent))
            .toList();
    if (same.size() != 1 || !settlement.gave(type, same.get(0).path("id").asText())) {
      return Optional.empty();
    }
    return Optional.of(
        new Created(
            type, same.get(0).path("id").asText(), same.get(0).at("/meta/versionId").asText()));
  }

  /** Appointments are not searched by their last change, but by when they are. */
  private Parameter narrowed(String type, ObjectNode sent, Instant since, Call call) {
    if (!type.equals("Appointment")) {
      return from("_lastUpdated", since);
    }
    String slot = sent.at("/slot/0/reference").asText();
    Instant start = moment(sent.at("/requestedPeriod/0/start").asText());
    if (slot.startsWith("Slot/")
        && fhir.read("Slot", idOf("Slot", slot), call) instanceof Reply.Done<FhirResource> done) {
      start = moment(done.value().json().path("start").asText());
    }
    return from("-date-or-req-period", start.equals(Instant.EPOCH) ? since : start);
  }

  private static Parameter from(String name, Instant moment) {
    return new Parameter(name, "ge" + moment.truncatedTo(ChronoUnit.SECONDS));
  }

  private static String subject(ObjectNode resource) {
    Stream<JsonNode> named =
        Stream.concat(
            Stream.of(resource.path("subject"), resource.path("patient")),
            StreamSupport.stream(resource.path("participant").spliterator(), false)
                .map(one -> one.path("actor")));
    return named
        .map(one -> one.path("reference").asText())
        .filter(reference -> reference.startsWith("Patient/"))
        .findFirst()
        .orElse("");
  }

  private static String idOf(String type, String reference) {
    return reference.startsWith(type + "/") ? reference.substring(type.length() + 1) : reference;
  }

  /** Whether all that was sent stands in what was found, whatever stands there besides. */
  private static boolean holds(JsonNode found, JsonNode sent) {
    if (sent.isObject()) {
      return sent.properties().stream()
          .allMatch(member -> holds(found.path(member.getKey()), member.getValue()));
    }
    if (sent.isArray()) {
      return StreamSupport.stream(sent.spliterator(), false)
          .allMatch(
              item ->
                  StreamSupport.stream(found.spliterator(), false)
                      .anyMatch(standing -> holds(standing, item)));
    }
    return sent.isNumber()
        ? found.isNumber() && decimal(found).compareTo(decimal(sent)) == 0
        : found.asText().equals(sent.asText()) || sameMoment(found.asText(), sent.asText());
  }

  private static BigDecimal decimal(JsonNode number) {
    return new BigDecimal(number.asText());
  }

  private static boolean sameMoment(String one, String other) {
    Instant moment = moment(one);
    return !moment.equals(Instant.EPOCH) && moment.equals(moment(other));
  }

  private static Instant moment(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException none) {
      return Instant.EPOCH;
    }
  }
}
