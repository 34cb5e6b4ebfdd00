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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.delivery.CreateSettlement.Settled;

/**
 * Creates of any type for callers that wait. A create whose answer was lost is looked up in the
 * patient's chart and never repeated: it counts as made where exactly one resource came to the
 * chart since a look that was taken before, is in the version of a new one, holds all that was sent
 * and nothing that makes it another visit, and was given to no other caller. Whatever falls short
 * of that is told as unknown, and so are types whose versions do not tell what is new. Thread-safe.
 */
public final class ChartCreates {
  private static final int MOST_SEEN = 1_000;

  /**
   * What makes a visit another one where it was not sent: it may have been opened at a desk while
   * the request was on its way.
   */
  private static final List<String> OF_ANOTHER_VISIT =
      List.of("/period/start", "/period/end", "/location", "/serviceType", "/reasonCode");

  /** Where a resource of one patient is to be found, and what was there before. */
  private record Before(List<Parameter> chart, Set<String> ids) {}

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
      default ->
          NewVersion.tells(type) ? sought(type, resource, call) : unsought(type, resource, call);
    };
  }

  private Settled unsought(String type, ObjectNode resource, Call call) {
    return settlement.settle(
        fhir.create(type, resource, call),
        "Its version does not tell whether it is new, so that what stands in the patient's chart"
            + " cannot be told to be this one.");
  }

  private Settled sought(String type, ObjectNode resource, Call call) {
    Instant since = clock.instant().minus(clockMargin);
    Optional<Before> before = before(type, resource, since, call);
    Reply<Created> reply = fhir.create(type, resource, call);
    if (reply instanceof Reply.Done<Created> done) {
      settlement.gave(type, done.value().id());
    }
    if (before.isEmpty()) {
      return settlement.settle(
          reply,
          "What stood in the patient's chart before could not be seen, so that nothing there can be"
              + " told to be new.");
    }
    return settlement.settle(
        reply,
        call,
        "Not exactly one new resource that holds what was sent was found in the patient's chart.",
        looking -> look(type, resource, before.get(), since, looking));
  }

  /**
   * Clocks are apart, so that the time of a change does not tell whether it was before our create;
   * what stood in the chart does. The look leaves the create half of the time at least.
   */
  private Optional<Before> before(String type, ObjectNode sent, Instant since, Call call) {
    String patient = idOf("Patient", subject(sent));
    if (patient.isEmpty()) {
      return Optional.empty();
    }
    Call looking = new Call(Deadline.in(call.deadline().left().dividedBy(2)), call.observer());
    List<Parameter> chart =
        List.of(new Parameter("patient", patient), narrowed(type, sent, since, looking));
    return found(type, chart, looking)
        .map(
            there ->
                new Before(
                    chart,
                    there.stream()
                        .map(one -> one.path("id").asText())
                        .collect(Collectors.toSet())));
  }

  /** Nothing if not all can be seen: what is left out may be the one that is looked for. */
  private Optional<List<ObjectNode>> found(String type, List<Parameter> chart, Call call) {
    return fhir.searchAll(type, chart, "", MOST_SEEN, call)
                instanceof Reply.Done<FhirInteractions.FoundResources> done
            && done.value().whole()
        ? Optional.of(done.value().resources())
        : Optional.empty();
  }

  private Optional<Created> look(
      String type, ObjectNode sent, Before before, Instant since, Call call) {
    List<ObjectNode> same =
        found(type, before.chart(), call).orElse(List.of()).stream()
            .filter(found -> !before.ids().contains(found.path("id").asText()))
            .filter(found -> NewVersion.is(type, found))
            .filter(found -> !moment(found.at("/meta/lastUpdated").asText()).isBefore(since))
            .filter(found -> holds(found, sent))
            .toList();
    if (same.size() != 1
        || isAnotherVisit(same.get(0), sent)
        || !settlement.gave(type, same.get(0).path("id").asText())) {
      return Optional.empty();
    }
    return Optional.of(
        new Created(
            type, same.get(0).path("id").asText(), same.get(0).at("/meta/versionId").asText()));
  }

  private static boolean isAnotherVisit(ObjectNode found, ObjectNode sent) {
    return found.path("resourceType").asText().equals("Encounter")
        && OF_ANOTHER_VISIT.stream()
            .anyMatch(place -> sent.at(place).isMissingNode() && !found.at(place).isMissingNode());
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
