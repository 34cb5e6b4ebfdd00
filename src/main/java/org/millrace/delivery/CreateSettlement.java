package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.Fault;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;

/**
 * Creates for callers that wait: a create whose answer was lost is looked up at once, and never
 * repeated; what the looks do not decide is told as unknown. Thread-safe.
 */
public final class CreateSettlement {
  private static final int LOOKS = 3;

  private final ChartActions chart;
  private final Clock clock;
  private final Duration settleWithin;
  private final Duration clockMargin;

  /**
   * @param settleWithin how long the looks together may take, beyond the call's own deadline
   * @param clockMargin how far Cerner's clock and ours may be apart
   */
  public CreateSettlement(
      ChartActions chart, Clock clock, Duration settleWithin, Duration clockMargin) {
    this.chart = chart;
    this.clock = clock;
    this.settleWithin = settleWithin;
    this.clockMargin = clockMargin;
  }

  /** What a create came to. */
  public sealed interface Settled {

    /**
     * It is stored, once.
     *
     * @param found true if the answer was lost and it was found by a look
     */
    record Made(Created created, boolean found) implements Settled {}

    /** It is not stored, and why. */
    record Failed(Fault fault) implements Settled {}

    /**
     * It may be stored or not.
     *
     * @param sentence what was seen, without patient data
     * @param fault how the answer was lost
     */
    record OutcomeUnknown(String sentence, Fault fault) implements Settled {}
  }

  /**
   * {@code POST DocumentReference}, its attachment's title marked.
   *
   * @param subjectId of the Patient whose chart it goes to
   */
  public Settled createDocument(ObjectNode document, String subjectId, Call call) {
    DocumentMarker marker = DocumentMarker.fresh();
    Instant since = clock.instant().minus(clockMargin);
    Reply<Created> reply = chart.createDocument(marker.addedTo(document), call);
    DocumentLookUp lookUp = new DocumentLookUp(chart);
    return settle(
        reply,
        call,
        "No document with " + marker.text() + " in its title was found in the patient's chart.",
        looking ->
            lookUp.look(subjectId, marker, since, looking)
                    instanceof DocumentLookUp.Seen.There there
                ? Optional.of(new Created("DocumentReference", there.id(), there.version()))
                : Optional.empty());
  }

  /**
   * {@code POST Patient}. After a lost answer the one patient counts as made by us who has this
   * name, birth date and identifier and was last changed since we sent it; two such, or none,
   * decide nothing.
   */
  public Settled createPatient(ObjectNode patient, Call call) {
    Instant since = clock.instant().minus(clockMargin);
    Reply<Created> reply = chart.createPatient(patient, call);
    List<Parameter> who = searchFor(patient);
    return settle(
        reply,
        call,
        "Not exactly one patient with this name and birth date was registered just now.",
        looking -> justRegistered(who, since, looking));
  }

  private Settled settle(
      Reply<Created> reply, Call call, String notFound, Function<Call, Optional<Created>> look) {
    if (reply instanceof Reply.Done<Created> done) {
      return new Settled.Made(done.value(), false);
    }
    Fault fault = ((Reply.Failed<Created>) reply).fault();
    if (fault.nothingStored()) {
      return new Settled.Failed(fault);
    }
    Deadline deadline = Deadline.in(settleWithin);
    for (int i = 0; i < LOOKS && !deadline.passed(); i++) {
      Optional<Created> found = look.apply(new Call(deadline, call.observer()));
      if (found.isPresent()) {
        return new Settled.Made(found.get(), true);
      }
      if (i < LOOKS - 1 && !pause(deadline)) {
        break;
      }
    }
    return new Settled.OutcomeUnknown(notFound, fault);
  }

  /** Cerner may still be storing it: a moment before the next look. */
  private boolean pause(Deadline deadline) {
    long millis = Math.min(settleWithin.dividedBy(LOOKS).toMillis(), deadline.left().toMillis());
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
      return true;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<Parameter> searchFor(ObjectNode patient) {
    List<Parameter> parameters = new ArrayList<>();
    JsonNode name = patient.path("name").path(0);
    add(parameters, "family", name.path("family").asText());
    add(parameters, "given", name.path("given").path(0).asText());
    add(parameters, "birthdate", patient.path("birthDate").asText());
    for (JsonNode identifier : patient.path("identifier")) {
      String system = identifier.path("system").asText();
      String value = identifier.path("value").asText();
      if (!system.isEmpty() && !value.isEmpty()) {
        parameters.add(new Parameter("identifier", system + "|" + value));
        break;
      }
    }
    return parameters;
  }

  private static void add(List<Parameter> parameters, String name, String value) {
    if (!value.isEmpty()) {
      parameters.add(new Parameter(name, value));
    }
  }

  private Optional<Created> justRegistered(List<Parameter> who, Instant since, Call call) {
    Reply<SearchPage> reply = chart.searchPatients(who, call);
    if (!(reply instanceof Reply.Done<SearchPage> done) || done.value().next().isPresent()) {
      return Optional.empty();
    }
    List<ObjectNode> fresh =
        done.value().matches().stream().filter(match -> changedSince(match, since)).toList();
    if (fresh.size() != 1) {
      return Optional.empty();
    }
    ObjectNode made = fresh.get(0);
    return Optional.of(
        new Created(
            "Patient", made.path("id").asText(), made.path("meta").path("versionId").asText()));
  }

  private static boolean changedSince(JsonNode resource, Instant since) {
    try {
      return !OffsetDateTime.parse(resource.path("meta").path("lastUpdated").asText())
          .toInstant()
          .isBefore(since);
    } catch (DateTimeException unreadable) {
      return false;
    }
  }
}
