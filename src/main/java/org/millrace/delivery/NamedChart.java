package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.FoundDocuments;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Pause;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;
import org.millrace.cerner.Updated;

/**
 * The chart of one tenant among several: its pauses, and the faults that wait for them, are told by
 * its name, as {@code north/connection}.
 */
record NamedChart(ChartActions chart, String tenant) implements ChartActions {

  private String named(String what) {
    return what.isEmpty() ? what : tenant + "/" + what;
  }

  private <T> Reply<T> named(Reply<T> reply) {
    if (reply instanceof Reply.Failed<T> failed && !failed.fault().waitsFor().isEmpty()) {
      Fault fault = failed.fault();
      return Reply.failed(fault.waitingFor(named(fault.waitsFor())));
    }
    return reply;
  }

  @Override
  public List<Pause> pauses() {
    return chart.pauses().stream()
        .map(
            each ->
                new Pause(
                    named(each.what()), each.fault(), each.since(), each.until(), each.probing()))
        .toList();
  }

  @Override
  public void whenPausesChange(Runnable listener) {
    chart.whenPausesChange(listener);
  }

  @Override
  public Reply<FhirResource> findPatientByMrn(String mrn, Call call) {
    return named(chart.findPatientByMrn(mrn, call));
  }

  @Override
  public Reply<FhirResource> getSurvivingPatient(String id, Call call) {
    return named(chart.getSurvivingPatient(id, call));
  }

  @Override
  public Reply<SearchPage> searchPatients(List<Parameter> parameters, Call call) {
    return named(chart.searchPatients(parameters, call));
  }

  @Override
  public Reply<List<ObjectNode>> getPatientEncounters(String patientId, Call call) {
    return named(chart.getPatientEncounters(patientId, call));
  }

  @Override
  public Reply<SearchPage> searchEncounters(List<Parameter> parameters, Call call) {
    return named(chart.searchEncounters(parameters, call));
  }

  @Override
  public Reply<Created> createDocument(ObjectNode document, Call call) {
    return named(chart.createDocument(document, call));
  }

  @Override
  public Reply<Created> createPatient(ObjectNode patient, Call call) {
    return named(chart.createPatient(patient, call));
  }

  @Override
  public Reply<FhirResource> getDocument(String id, Call call) {
    return named(chart.getDocument(id, call));
  }

  @Override
  public Reply<Updated> updateDocument(String id, String version, ObjectNode document, Call call) {
    return named(chart.updateDocument(id, version, document, call));
  }

  @Override
  public Reply<FoundDocuments> findDocuments(String patientId, Instant since, Call call) {
    return named(chart.findDocuments(patientId, since, call));
  }
}
