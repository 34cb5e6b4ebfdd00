package org.millrace.cerner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.cerner.Ask.Kind;
import org.millrace.cerner.CernerSettings.Authorization;
import org.millrace.trace.Metric;

/**
 * The closed set of what the engine asks of Cerner; every way in uses these and nothing else.
 * Thread-safe.
 *
 * <p>Faults are values: no method throws for what Cerner or the network does. Ids and numbers are
 * checked and encoded here, so that no input can reach another path or parameter.
 */
public final class CernerActions implements AutoCloseable {
  private static final int MOST_COMBINED = 5;
  private static final String DOCUMENT = "DocumentReference";

  private static final Parameter HUNDRED = new Parameter("_count", "100");
  private static final Pattern PATIENT_REFERENCE = Pattern.compile("(?:^|/)Patient/([^/?#]+)$");

  private final CernerSettings settings;
  private final FhirAddresses addresses;
  private final CernerHttp http;
  private final Optional<TokenSource> tokens;
  private final FhirCalls calls;
  private final FhirInteractions fhir;

  /** With the limits that hold unless settings say otherwise. */
  public CernerActions(CernerSettings settings, Clock clock) {
    this(settings, CallLimits.DEFAULT, clock);
  }

  /** Connects to nothing yet; the first action does. */
  public CernerActions(CernerSettings settings, CallLimits limits, Clock clock) {
    this.settings = settings;
    addresses = new FhirAddresses(settings.fhirBaseUrl());
    http = new CernerHttp(settings.connectTimeout(), limits.connections());
    tokens =
        settings.authorization() == Authorization.SMART
            ? Optional.of(
                new TokenSource(
                    new TokenServer(settings, new Discovery(settings, addresses), clock),
                    http,
                    clock))
            : Optional.empty();
    calls = new FhirCalls(settings, http, tokens, limits, clock);
    fhir = new FhirInteractions(addresses, calls);
  }

  /** Reads, searches and writes of any type; what Cerner takes of them is the caller's to check. */
  public FhirInteractions fhir() {
    return fhir;
  }

  /**
   * {@code GET Patient/{id}}; a combined patient is returned as it is (active false, link
   * replaced-by).
   */
  public Reply<FhirResource> getPatient(String id, Call call) {
    return fhir.read("Patient", id, call);
  }

  /**
   * As {@link #getPatient}, then follows {@code replaced-by} to the survivor, at most five steps.
   * Links that lead in a circle, further, or to nobody are {@link FaultCode#RECORD_DEFECT}.
   */
  public Reply<FhirResource> getSurvivingPatient(String id, Call call) {
    Reply<FhirResource> reply = getPatient(id, call);
    Set<String> seen = new HashSet<>(Set.of(id));
    while (reply instanceof Reply.Done<FhirResource> done) {
      Optional<String> survivor = survivor(done.value().json());
      if (survivor.isEmpty()) {
        return reply;
      }
      if (!seen.add(survivor.get()) || seen.size() > MOST_COMBINED + 1) {
        return combinedBadly();
      }
      reply = getPatient(survivor.get(), call);
    }
    boolean toNobody =
        seen.size() > 1
            && reply instanceof Reply.Failed<FhirResource> failed
            && failed.fault().code() == FaultCode.NOT_FOUND;
    return toNobody ? combinedBadly() : reply;
  }

  private static Reply<FhirResource> combinedBadly() {
    return Reply.failed(
        Faults.beforeAsking(
            FaultCode.RECORD_DEFECT,
            "The patient was combined into others, and the links do not lead to a survivor."));
  }

  private static Optional<String> survivor(ObjectNode patient) {
    for (JsonNode link : patient.path("link")) {
      Matcher reference = PATIENT_REFERENCE.matcher(link.path("other").path("reference").asText());
      if (link.path("type").asText().equals("replaced-by") && reference.find()) {
        return Optional.of(reference.group(1));
      }
    }
    return Optional.empty();
  }

  /**
   * {@code GET Patient?identifier={system}|{mrn}}. None is {@link FaultCode#NOT_FOUND}, several are
   * {@link FaultCode#SEVERAL_FOUND}. If Cerner says that it left out a match it could not express,
   * the number is never answered with another one: {@link FaultCode#RECORD_DEFECT}.
   *
   * @param mrn as received, zeros included
   * @param system the default MRN system if empty
   */
  public Reply<FhirResource> findPatientByMrn(String mrn, Optional<String> system, Call call) {
    Parameter identifier = Parameter.token("identifier", system.orElse(settings.mrnSystem()), mrn);
    if (mrn.isBlank() || !FhirAddresses.isText(identifier.value())) {
      return refused("A patient cannot be found without a medical record number.");
    }
    Ask ask = fhir.search("Patient", Kind.SEARCH, List.of(identifier));
    return fhir.pages().all(ask, 2, call).then(CernerActions::theOnePatient);
  }

  private static Reply<FhirResource> theOnePatient(Pages.Found found) {
    List<ObjectNode> patients = found.resources();
    if (patients.size() > 1) {
      return Reply.failed(
          Faults.beforeAsking(
              FaultCode.SEVERAL_FOUND,
              "The medical record number names several patients; an analyst must say which."));
    }
    if (found.suppressed()) {
      return Reply.failed(
          Faults.beforeAsking(
              FaultCode.RECORD_DEFECT,
              "The medical record number names a record that Cerner cannot express in FHIR."));
    }
    return patients.isEmpty()
        ? Reply.failed(
            Faults.beforeAsking(FaultCode.NOT_FOUND, "No patient has this medical record number."))
        : Reply.done(new FhirResource(patients.get(0), "", ""));
  }

  /** One page of {@code GET Patient?...}; the parameters are those Cerner knows, each with text. */
  public Reply<SearchPage> searchPatients(List<Parameter> parameters, Call call) {
    Optional<Fault> fault = SearchParameters.fault("Patient", SearchParameters.PATIENT, parameters);
    return fault.isPresent() ? Reply.failed(fault.get()) : fhir.search("Patient", parameters, call);
  }

  /** {@code POST Patient}, sent once. */
  public Reply<Created> createPatient(ObjectNode patient, Call call) {
    return fhir.create("Patient", patient, call);
  }

  /** {@code GET Encounter/{id}}. */
  public Reply<FhirResource> getEncounter(String id, Call call) {
    return fhir.read("Encounter", id, call);
  }

  /**
   * {@code GET Encounter?patient={id}}, every page, each encounter once, oldest first by
   * period.start, those without one in front; an empty list is an answer. Where Cerner says that it
   * could express none of them, {@link FaultCode#RECORD_DEFECT}.
   */
  public Reply<List<ObjectNode>> getPatientEncounters(String patientId, Call call) {
    if (!FhirAddresses.isId(patientId)) {
      return noId("Patient");
    }
    return fhir.searchAll(
            "Encounter",
            List.of(new Parameter("patient", patientId), HUNDRED),
            "period.start",
            Integer.MAX_VALUE,
            call)
        .then(found -> Reply.done(found.resources()));
  }

  /** One page of {@code GET Encounter?...}; also used to find one by identifier. */
  public Reply<SearchPage> searchEncounters(List<Parameter> parameters, Call call) {
    Optional<Fault> fault =
        SearchParameters.fault("Encounter", SearchParameters.ENCOUNTER, parameters);
    return fault.isPresent()
        ? Reply.failed(fault.get())
        : fhir.search("Encounter", parameters, call);
  }

  /** {@code GET Appointment/{id}}. */
  public Reply<FhirResource> getAppointment(String id, Call call) {
    return fhir.read("Appointment", id, call);
  }

  /**
   * {@code POST DocumentReference}, sent once; whether it may be sent again is {@link
   * Fault#nothingStored}.
   */
  public Reply<Created> createDocument(ObjectNode document, Call call) {
    return fhir.create(DOCUMENT, document, call);
  }

  /**
   * {@code PUT DocumentReference/{id}} with {@code If-Match}, sent once. Another version at Cerner
   * is {@link FaultCode#CONFLICT}; one update of a version is stored at most once, so that after a
   * lost answer the version tells.
   *
   * @param version what the update is based on, as {@code meta.versionId} says it
   * @param document the whole small body of a create, its id included
   */
  public Reply<Updated> updateDocument(String id, String version, ObjectNode document, Call call) {
    return fhir.update(DOCUMENT, id, version, document, call);
  }

  /** {@code GET DocumentReference/{id}}. */
  public Reply<FhirResource> getDocument(String id, Call call) {
    return fhir.read(DOCUMENT, id, call);
  }

  /**
   * The patient's documents last changed at or after a moment, every page: how a create with a lost
   * answer is looked up.
   *
   * @param since compared with Cerner's clock, in whole seconds; the caller leaves a margin
   */
  public Reply<FoundDocuments> findDocuments(String patientId, Instant since, Call call) {
    Parameter changed = new Parameter("_lastUpdated", "ge" + since.truncatedTo(ChronoUnit.SECONDS));
    return ofPatient(DOCUMENT, patientId, List.of(changed), call)
        .then(found -> Reply.done(new FoundDocuments(found.resources(), !found.suppressed())));
  }

  /**
   * The next page of a search, by a link that {@link SearchPage#next} gave. Another link is {@link
   * FaultCode#REFUSED} without a call.
   */
  public Reply<SearchPage> nextPage(String link, Call call) {
    return fhir.nextPage(link, call);
  }

  /** How Cerner stands by what the last calls met; asks nothing. */
  public ConnectionState state() {
    return calls.state();
  }

  /** What is not asked for now, that of the whole connection first; asks nothing. */
  public List<Pause> pauses() {
    return calls.breakers().pauses();
  }

  /** Is told, on the thread of some call, that a pause began or ended; must be quick. */
  public void whenPausesChange(Runnable listener) {
    calls.breakers().whenChanged(listener);
  }

  /** Counts and gauges go to this registry from now on. */
  public CernerActions measuredBy(MeterRegistry registry) {
    return measuredBy(registry, Tags.empty());
  }

  /** The same where the registry has those of other tenants, too. */
  public CernerActions measuredBy(MeterRegistry registry, Tags tags) {
    calls.metrics().register(registry, tags);
    Metric.CERNER_CLOCK_AHEAD.shows(
        registry,
        tags,
        () -> clockAhead().map(ahead -> ahead.toMillis() / 1000.0).orElse(Double.NaN));
    return this;
  }

  /**
   * Fetches a token unless there is one, so that what is wrong with it shows before it is needed.
   *
   * @return the scopes granted; none where the server wants no token
   */
  public Reply<List<String>> signIn(Call call) {
    return tokens
        .map(source -> source.token(call).then(token -> Reply.done(token.scopes())))
        .orElseGet(() -> Reply.done(List.of()));
  }

  /**
   * Asks for the server's metadata, without a token: after that there is an open connection, so
   * that the first call need not make one. What comes of it is not told; the first call will tell.
   */
  public void connect(Call call) {
    http.exchange(
        HttpCall.get(addresses.below("metadata"), "metadata", "application/fhir+json"),
        call.deadline());
  }

  /** Is told what each new token grants, on the thread that fetched it; must be quick. */
  public void whenGranted(Consumer<List<String>> listener) {
    tokens.ifPresent(source -> source.whenGranted(listener));
  }

  /**
   * How far our clock is ahead of the authorization server's, negative if behind; empty until it
   * has answered with its time.
   */
  public Optional<Duration> clockAhead() {
    return tokens.flatMap(TokenSource::clockAhead);
  }

  /** What the token in use was granted, perhaps less than asked for; empty if there is none. */
  public List<String> grantedScopes() {
    return calls.grantedScopes();
  }

  private Reply<Pages.Found> ofPatient(
      String type, String patientId, List<Parameter> more, Call call) {
    if (!FhirAddresses.isId(patientId)) {
      return noId("Patient");
    }
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("patient", patientId));
    parameters.addAll(more);
    parameters.add(HUNDRED);
    return fhir.pages().all(fhir.search(type, Kind.SEARCH, parameters), Integer.MAX_VALUE, call);
  }

  private static <T> Reply<T> noId(String type) {
    return Reply.failed(
        Faults.beforeAsking(
            FaultCode.NOT_FOUND, "No " + type + " can have such an id; Cerner was not asked."));
  }

  private static <T> Reply<T> refused(String sentence) {
    return Reply.failed(Faults.beforeAsking(FaultCode.REFUSED, sentence));
  }

  /** Drops the connections and the token; what is under way fails. */
  @Override
  public void close() {
    tokens.ifPresent(TokenSource::close);
    http.close();
  }
}
