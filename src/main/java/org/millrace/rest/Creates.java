package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Created;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;

/**
 * Creates resources at Cerner once, for both faces; a create whose answer was lost is looked up,
 * never repeated. Thread-safe.
 *
 * <p>Cerner has no key that tells one create from another. A find counts as ours only if it is the
 * only one that was stored since we sent, equals what we sent, has not been handed to another
 * caller, and nobody else was sending the same at the time; everything else is an unknown outcome,
 * which a person decides.
 */
final class Creates {
  /** Cerner's clock and ours differ; what it stamps a little before we sent may still be ours. */
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(30);

  private static final int REMEMBERED = 10_000;

  private final CernerActions cerner;
  private final RestSettings settings;
  private final Clock clock;
  private final Map<String, Integer> underWay = new ConcurrentHashMap<>();
  private final Set<String> handedOut =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > REMEMBERED;
                }
              }));

  Creates(CernerActions cerner, RestSettings settings, Clock clock) {
    this.cerner = cerner;
    this.settings = settings;
    this.clock = clock;
  }

  /** {@code POST Patient}. */
  CreateOutcome patient(ObjectNode patient) {
    return create("Patient|" + patientMark(patient), patient, true);
  }

  /** {@code POST DocumentReference}. */
  CreateOutcome document(ObjectNode document) {
    return create("DocumentReference|" + documentMark(document), document, false);
  }

  private CreateOutcome create(String mark, ObjectNode resource, boolean patient) {
    Instant sent = clock.instant();
    underWay.merge(mark, 1, Integer::sum);
    try {
      Call call = Call.within(settings.answerWithin());
      Reply<Created> reply =
          patient
              ? cerner.createPatient(resource.deepCopy(), call)
              : cerner.createDocument(resource.deepCopy(), call);
      if (reply instanceof Reply.Done<Created> done) {
        handedOut.add(key(done.value().type(), done.value().id()));
        return new CreateOutcome.Stored(done.value());
      }
      Fault fault = ((Reply.Failed<Created>) reply).fault();
      return provesNothingStored(fault)
          ? new CreateOutcome.Refused(fault)
          : lookUp(mark, resource, patient, sent, fault);
    } finally {
      underWay.computeIfPresent(mark, (ignored, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Faults that are no retry come from an answer that was heard: Cerner said no. */
  private static boolean provesNothingStored(Fault fault) {
    return fault.nothingStored() || fault.kind() != FaultKind.RETRY;
  }

  private CreateOutcome lookUp(
      String mark, ObjectNode resource, boolean patient, Instant sent, Fault fault) {
    Instant since = sent.minus(CLOCK_MARGIN);
    Call call = Call.within(settings.settleWithin());
    Optional<List<ObjectNode>> found =
        patient ? patientsLike(resource, call) : documentsLike(resource, since, call);
    if (found.isEmpty() || underWay.getOrDefault(mark, 0) > 1) {
      return new CreateOutcome.Unknown(fault);
    }
    List<ObjectNode> ours = new ArrayList<>();
    for (ObjectNode one : found.get()) {
      String like =
          patient ? "Patient|" + patientMark(one) : "DocumentReference|" + documentMark(one);
      if (mark.equals(like) && storedSince(one, since)) {
        ours.add(one);
      }
    }
    if (ours.size() != 1) {
      return new CreateOutcome.Unknown(fault);
    }
    ObjectNode one = ours.get(0);
    String type = one.path("resourceType").asText();
    String id = one.path("id").asText();
    if (id.isEmpty() || !handedOut.add(key(type, id))) {
      return new CreateOutcome.Unknown(fault);
    }
    return new CreateOutcome.Stored(
        new Created(type, id, one.path("meta").path("versionId").asText()));
  }

  private static String key(String type, String id) {
    return type + "/" + id;
  }

  private static boolean storedSince(JsonNode resource, Instant since) {
    try {
      String stamp = resource.path("meta").path("lastUpdated").asText();
      return !OffsetDateTime.parse(stamp).toInstant().isBefore(since);
    } catch (DateTimeParseException unstamped) {
      return false;
    }
  }

  /** Empty if Cerner could not be asked or gave more than one page. */
  private Optional<List<ObjectNode>> patientsLike(ObjectNode patient, Call call) {
    List<Parameter> search = new ArrayList<>();
    JsonNode name = officialName(patient);
    addIfSaid(search, "family", name.path("family"));
    addIfSaid(search, "given", name.path("given").path(0));
    addIfSaid(search, "birthdate", patient.path("birthDate"));
    if (search.isEmpty()) {
      return Optional.empty();
    }
    Reply<SearchPage> reply = cerner.searchPatients(search, call);
    return reply instanceof Reply.Done<SearchPage> done && done.value().next().isEmpty()
        ? Optional.of(done.value().matches())
        : Optional.empty();
  }

  private Optional<List<ObjectNode>> documentsLike(ObjectNode document, Instant since, Call call) {
    String patient = FhirId.ofReference("Patient", subject(document));
    if (!FhirId.isId(patient)) {
      return Optional.empty();
    }
    Reply<List<ObjectNode>> reply = cerner.findDocuments(patient, since, call);
    return reply instanceof Reply.Done<List<ObjectNode>> done
        ? Optional.of(done.value())
        : Optional.empty();
  }

  private static void addIfSaid(List<Parameter> search, String name, JsonNode value) {
    if (!value.asText().isBlank()) {
      search.add(new Parameter(name, Parameter.literal(value.asText())));
    }
  }

  private static JsonNode officialName(JsonNode patient) {
    for (JsonNode name : patient.path("name")) {
      if (name.path("use").asText().equals("official")) {
        return name;
      }
    }
    return patient.path("name").path(0);
  }

  private static String subject(JsonNode document) {
    return document.path("subject").path("reference").asText();
  }

  /** What of a patient comes back from Cerner as it was sent. */
  private static String patientMark(JsonNode patient) {
    JsonNode name = officialName(patient);
    return String.join(
        "\u0000",
        name.path("family").asText(),
        name.path("given").path(0).asText(),
        patient.path("birthDate").asText(),
        patient.path("gender").asText());
  }

  /** What of a document comes back from Cerner as it was sent; the text itself does not. */
  private static String documentMark(JsonNode document) {
    String end = document.path("context").path("period").path("end").asText();
    String moment;
    try {
      moment = OffsetDateTime.parse(end).toInstant().toString();
    } catch (DateTimeParseException noMoment) {
      moment = end;
    }
    JsonNode attachment = document.path("content").path(0).path("attachment");
    return String.join(
        "\u0000",
        subject(document),
        attachment.path("title").asText(),
        document.path("docStatus").asText(),
        moment);
  }
}
