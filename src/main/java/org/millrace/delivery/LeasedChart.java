package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.millrace.cerner.Call;
import org.millrace.cerner.Created;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.FoundDocuments;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.cerner.SearchPage;
import org.millrace.cerner.Updated;
import org.millrace.journal.LaneLeases;
import org.millrace.journal.LeaseLostException;

/**
 * The chart, written to only under a lease that is held for sure: right before anything leaves that
 * Cerner would store, this engine makes certain that it was not stopped for so long that another
 * one has the lane. Its ledger row says SENT by then, so whoever has the lane looks before it
 * sends. That is asked twice: before the token and its turn are waited for, which else would be in
 * vain, and after, when nothing stands between the request and its connection.
 *
 * <p>What writes throws {@link LeaseLostException} in that case, and nothing has left.
 */
record LeasedChart(ChartActions chart, LaneLeases leases) implements ChartActions {

  @Override
  public Reply<FhirResource> findPatientByMrn(String mrn, Call call) {
    return chart.findPatientByMrn(mrn, call);
  }

  @Override
  public Reply<FhirResource> getSurvivingPatient(String id, Call call) {
    return chart.getSurvivingPatient(id, call);
  }

  @Override
  public Reply<SearchPage> searchPatients(List<Parameter> parameters, Call call) {
    return chart.searchPatients(parameters, call);
  }

  @Override
  public Reply<List<ObjectNode>> getPatientEncounters(String patientId, Call call) {
    return chart.getPatientEncounters(patientId, call);
  }

  @Override
  public Reply<SearchPage> searchEncounters(List<Parameter> parameters, Call call) {
    return chart.searchEncounters(parameters, call);
  }

  @Override
  public Reply<Created> createDocument(ObjectNode document, Call call) {
    return chart.createDocument(document, leased(call));
  }

  @Override
  public Reply<Created> createPatient(ObjectNode patient, Call call) {
    return chart.createPatient(patient, leased(call));
  }

  @Override
  public Reply<FhirResource> getDocument(String id, Call call) {
    return chart.getDocument(id, call);
  }

  @Override
  public Reply<Updated> updateDocument(String id, String version, ObjectNode document, Call call) {
    return chart.updateDocument(id, version, document, leased(call));
  }

  @Override
  public Reply<FoundDocuments> findDocuments(String patientId, Instant since, Call call) {
    return chart.findDocuments(patientId, since, call);
  }

  private Call leased(Call call) {
    leases.mustHold();
    return call.leavingAfter(leases::mustHold);
  }
}
