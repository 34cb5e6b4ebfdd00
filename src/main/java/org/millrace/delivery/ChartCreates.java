package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.delivery.CreateSettlement.Settled;

/**
 * Creates of any type for callers that wait. A create whose answer was lost is looked for and never
 * repeated: it counts as made where exactly one resource is there that was not before, holds all
 * that was sent and nothing that makes it another one, and was given to no other caller; where a
 * version tells what is new, it must be that of a new one, too. Whatever falls short of that is
 * told as unknown, with what was seen. Thread-safe.
 */
public final class ChartCreates {
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
    return switch (resource.path("resourceType").asText()) {
      case "Patient" -> settlement.createPatient(resource, call);
      case "DocumentReference" ->
          settlement.createDocument(resource, ChartSearch.subject(resource), call);
      default -> sought(resource, call);
    };
  }

  private Settled sought(ObjectNode resource, Call call) {
    String type = resource.path("resourceType").asText();
    Instant since = clock.instant().minus(clockMargin);
    Optional<List<Parameter>> search =
        ChartSearch.of(resource, since, slot -> slotStart(slot, ChartLook.half(call)));
    Optional<ChartLook> before =
        search.flatMap(by -> ChartLook.before(fhir, by, resource, since, call));
    Reply<Created> reply = fhir.create(type, resource, call);
    if (reply instanceof Reply.Done<Created> done) {
      settlement.gave(type, done.value().id());
    }
    return before
        .map(
            look ->
                settlement.settle(
                    reply, call, look::seen, looking -> look.look(settlement::gave, looking)))
        .orElseGet(() -> settlement.settle(reply, unseen(search.isPresent())));
  }

  private static String unseen(boolean sought) {
    return sought
        ? "What was there before could not be seen, so that nothing there can be told to be new."
        : "It holds nothing by which Cerner could be searched for it.";
  }

  private Instant slotStart(String slot, Call call) {
    return fhir.read("Slot", slot, call) instanceof Reply.Done<FhirResource> done
        ? SentContent.moment(done.value().json().path("start").asText())
        : Instant.EPOCH;
  }
}
