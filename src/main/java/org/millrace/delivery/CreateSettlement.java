package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.cerner.Deadline;
import org.millrace.cerner.Fault;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;
import org.millrace.journal.Digests;

/**
 * Creates for callers that wait: a create whose answer was lost is looked up at once, and never
 * repeated; what the looks do not decide is told as unknown. Thread-safe.
 */
public final class CreateSettlement {
  private static final int LOOKS = 3;

  /** What is created within the clock margin is far fewer. */
  private static final int REMEMBERED = 10_000;

  private final ChartActions chart;
  private final Clock clock;
  private final Duration settleWithin;
  private final Duration clockMargin;

  /**
   * Digests of what callers got as theirs, so that a look finds it for nobody else: of a patient
   * its number and id, of other resources type and id. The latest ones only.
   */
  private final Set<String> givenOut =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > REMEMBERED;
                }
              }));

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
     * @param look looks once more, for a caller that asks again; empty where nothing can be found
     */
    record OutcomeUnknown(
        String sentence, Fault fault, Optional<Function<Call, Optional<Created>>> look)
        implements Settled {}
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
        () ->
            "No document with " + marker.text() + " in its title was found in the patient's chart.",
        looking ->
            lookUp.look(subjectId, marker::isIn, since, looking)
                    instanceof DocumentLookUp.Seen.There there
                ? Optional.of(new Created("DocumentReference", there.id(), there.version()))
                : Optional.empty());
  }

  /**
   * {@code POST Patient}. After a lost answer the one patient counts as made by us who has this
   * identifier, name and birth date, is in the version of a new one, was stored since we sent it,
   * and was not given to another caller; two such, or none, decide nothing. Name and birth date
   * alone decide nothing either: newborn twins are registered under one name within a minute.
   */
  public Settled createPatient(ObjectNode patient, Call call) {
    Instant since = clock.instant().minus(clockMargin);
    Reply<Created> reply = chart.createPatient(patient, call);
    Optional<Parameter> identifier = identifierOf(patient);
    if (identifier.isEmpty()) {
      return settle(
          reply,
          "A patient without an identifier cannot be told from another one of the same name.");
    }
    String number = identifier.get().value();
    if (reply instanceof Reply.Done<Created> done) {
      givenOut.add(Digests.of(number, done.value().id()));
    }
    List<Parameter> who = searchFor(patient);
    who.add(identifier.get());
    return settle(
        reply,
        call,
        () ->
            "Not exactly one patient with this identifier, name and birth date was registered just"
                + " now.",
        looking -> justRegistered(number, who, since, looking));
  }

  /**
   * Notes that a caller got a resource as its own.
   *
   * @return false if one got it before
   */
  boolean gave(String type, String id) {
    return givenOut.add(Digests.of(type, id));
  }

  /** What a reply came to, where no look could decide about a lost one. */
  Settled settle(Reply<Created> reply, String notFound) {
    if (reply instanceof Reply.Done<Created> done) {
      return new Settled.Made(done.value(), false);
    }
    Fault fault = ((Reply.Failed<Created>) reply).fault();
    return fault.nothingStored()
        ? new Settled.Failed(fault)
        : new Settled.OutcomeUnknown(notFound, fault, Optional.empty());
  }

  /**
   * What a reply came to; a lost one is looked for.
   *
   * @param seen what was seen if the looks decide nothing; asked after them
   */
  Settled settle(
      Reply<Created> reply,
      Call call,
      Supplier<String> seen,
      Function<Call, Optional<Created>> look) {
    Settled settled = settle(reply, "");
    if (!(settled instanceof Settled.OutcomeUnknown unknown)) {
      return settled;
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
    return new Settled.OutcomeUnknown(seen.get(), unknown.fault(), Optional.of(look));
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
    return parameters;
  }

  private static Optional<Parameter> identifierOf(ObjectNode patient) {
    for (JsonNode identifier : patient.path("identifier")) {
      String system = identifier.path("system").asText();
      String value = identifier.path("value").asText();
      if (!system.isBlank() && !value.isBlank()) {
        return Optional.of(Parameter.token("identifier", system, value));
      }
    }
    return Optional.empty();
  }

  private static void add(List<Parameter> parameters, String name, String value) {
    if (!value.isEmpty()) {
      parameters.add(new Parameter(name, Parameter.literal(value)));
    }
  }

  private Optional<Created> justRegistered(
      String number, List<Parameter> who, Instant since, Call call) {
    Reply<SearchPage> reply = chart.searchPatients(who, call);
    if (!(reply instanceof Reply.Done<SearchPage> done)
        || done.value().next().isPresent()
        || !done.value().warnings().isEmpty()) {
      return Optional.empty();
    }
    List<ObjectNode> fresh =
        done.value().matches().stream()
            .filter(match -> NewVersion.is("Patient", match) && changedSince(match, since))
            .toList();
    if (fresh.size() != 1 || !givenOut.add(Digests.of(number, fresh.get(0).path("id").asText()))) {
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
