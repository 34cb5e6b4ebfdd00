package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.Created;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.FoundDocuments;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Pause;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;
import org.millrace.cerner.Updated;

/** The actions, at Cerner. Thread-safe. */
record CernerChart(CernerActions cerner) implements ChartActions {

  @Override
  public Reply<FhirResource> findPatientByMrn(String mrn, Call call) {
    return cerner.findPatientByMrn(mrn, Optional.empty(), call);
  }

  @Override
  public Reply<FhirResource> getSurvivingPatient(String id, Call call) {
    return cerner.getSurvivingPatient(id, call);
  }

  @Override
  public Reply<SearchPage> searchPatients(List<Parameter> parameters, Call call) {
    return cerner.searchPatients(parameters, call);
  }

  @Override
  public Reply<List<ObjectNode>> getPatientEncounters(String patientId, Call call) {
    return cerner.getPatientEncounters(patientId, call);
  }

  @Override
  public Reply<SearchPage> searchEncounters(List<Parameter> parameters, Call call) {
    return cerner.searchEncounters(parameters, call);
  }

  @Override
  public Reply<Created> createDocument(ObjectNode document, Call call) {
    return cerner.createDocument(document, call);
  }

  @Override
  public Reply<Created> createPatient(ObjectNode patient, Call call) {
    return cerner.createPatient(patient, call);
  }

  @Override
  public Reply<FhirResource> getDocument(String id, Call call) {
    return cerner.getDocument(id, call);
  }

  @Override
  public Reply<Updated> updateDocument(String id, String version, ObjectNode document, Call call) {
    return cerner.updateDocument(id, version, document, call);
  }

  @Override
  public Reply<FoundDocuments> findDocuments(String patientId, Instant since, Call call) {
    return cerner.findDocuments(patientId, since, call);
  }

  @Override
  public List<Pause> pauses() {
    return cerner.pauses();
  }

  @Override
  public void whenPausesChange(Runnable listener) {
    cerner.whenPausesChange(listener);
  }
}
