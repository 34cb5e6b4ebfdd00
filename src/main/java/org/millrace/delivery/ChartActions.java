package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
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

/**
 * What delivery needs of Cerner, and no more; see {@link CernerActions} for what each does. Apart,
 * so that tests can lose an answer at a chosen moment.
 */
public interface ChartActions {

  Reply<FhirResource> findPatientByMrn(String mrn, Call call);

  Reply<FhirResource> getSurvivingPatient(String id, Call call);

  Reply<SearchPage> searchPatients(List<Parameter> parameters, Call call);

  Reply<List<ObjectNode>> getPatientEncounters(String patientId, Call call);

  Reply<SearchPage> searchEncounters(List<Parameter> parameters, Call call);

  Reply<Created> createDocument(ObjectNode document, Call call);

  Reply<Created> createPatient(ObjectNode patient, Call call);

  Reply<FhirResource> getDocument(String id, Call call);

  Reply<Updated> updateDocument(String id, String version, ObjectNode document, Call call);

  Reply<FoundDocuments> findDocuments(String patientId, Instant since, Call call);

  /** What is not asked of Cerner for now, that of the whole connection first. */
  default List<Pause> pauses() {
    return List.of();
  }

  /** Is told that a pause began or ended, on any thread; must be quick. */
  default void whenPausesChange(Runnable listener) {}

  /** The real ones. */
  static ChartActions of(CernerActions cerner) {
    return new CernerChart(cerner);
  }
}
