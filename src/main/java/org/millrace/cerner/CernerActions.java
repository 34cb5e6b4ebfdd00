package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The closed set of what the engine asks of Cerner; every way in uses these and nothing else.
 * Thread-safe.
 *
 * <p>Faults are values: no method throws for what Cerner or the network does. Ids and numbers are
 * checked and encoded here, so that no input can reach another path or parameter.
 */
public final class CernerActions implements AutoCloseable {

  public CernerActions(CernerSettings settings, Clock clock) {}

  /**
   * {@code GET Patient/{id}}; a combined patient is returned as it is (active false, link
   * replaced-by).
   */
  public Reply<FhirResource> getPatient(String id, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * As {@link #getPatient}, then follows {@code replaced-by} to the survivor, at most five steps.
   */
  public Reply<FhirResource> getSurvivingPatient(String id, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * {@code GET Patient?identifier={system}|{mrn}}. None is {@link FaultCode#NOT_FOUND}, several are
   * {@link FaultCode#SEVERAL_FOUND}.
   *
   * @param system the default MRN system if empty
   */
  public Reply<FhirResource> findPatientByMrn(String mrn, Optional<String> system, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** One page of {@code GET Patient?...}. */
  public Reply<SearchPage> searchPatients(List<Parameter> parameters, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * {@code POST Patient}. The assigning organization is added from the settings if the resource
   * names none.
   */
  public Reply<Created> createPatient(ObjectNode patient, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** {@code GET Encounter/{id}}. */
  public Reply<FhirResource> getEncounter(String id, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * {@code GET Encounter?patient={id}}, every page, each encounter once, oldest first; an empty
   * list is an answer.
   */
  public Reply<List<ObjectNode>> getPatientEncounters(String patientId, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** One page of {@code GET Encounter?...}; also used to find one by identifier. */
  public Reply<SearchPage> searchEncounters(List<Parameter> parameters, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** {@code GET Appointment/{id}}. */
  public Reply<FhirResource> getAppointment(String id, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * {@code POST DocumentReference}, sent once; whether it may be sent again is {@link
   * Fault#nothingStored}.
   */
  public Reply<Created> createDocument(ObjectNode document, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** {@code GET DocumentReference/{id}}. */
  public Reply<FhirResource> getDocument(String id, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * The patient's documents last changed at or after a moment, every page: how a create with a lost
   * answer is looked up.
   *
   * @param since compared with Cerner's clock; the caller leaves a margin
   */
  public Reply<List<ObjectNode>> findDocuments(String patientId, Instant since, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The next page of a search, by a link that {@link SearchPage#next} gave. */
  public Reply<SearchPage> nextPage(String link, Call call) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Drops idle connections and the token. */
  @Override
  public void close() {}
}
