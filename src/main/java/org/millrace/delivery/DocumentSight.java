package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;

/** Looks at one document at Cerner, for an operator's request. Thread-safe. */
record DocumentSight(TenantCharts charts, RecordedCalls calls) {

  private static final Fault NO_TENANT =
      new Fault(
          FaultCode.NOT_PERMITTED,
          "The tenant of the message's feed is not among MILLRACE_TENANTS.",
          "",
          0,
          "",
          Optional.empty(),
          true);

  /** What is seen. */
  sealed interface Seen {

    /**
     * It is there.
     *
     * @param ofPatient whether it is in the chart of the patient in question, or of the one whom
     *     that one was combined into
     */
    record There(ObjectNode document, boolean ofPatient) implements Seen {
      String version() {
        return document.path("meta").path("versionId").asText();
      }
    }

    /** Cerner has no such document. */
    record NotThere() implements Seen {}

    /** Cerner does not let us see, and will not. */
    record Hidden(Fault fault) implements Seen {}

    /** Cerner could not be asked just now. */
    record NotNow(Fault fault) implements Seen {}
  }

  Seen look(long messageId, String documentId, String patientId) {
    return charts
        .alone()
        .or(
            () ->
                calls
                    .journal()
                    .queue()
                    .find(messageId)
                    .flatMap(message -> charts.of(message.feed())))
        .map(chart -> look(chart, messageId, documentId, patientId))
        .orElseGet(() -> new Seen.Hidden(NO_TENANT));
  }

  private Seen look(ChartActions chart, long messageId, String documentId, String patientId) {
    Call call = calls.of(messageId);
    Reply<FhirResource> reply = chart.getDocument(documentId, call);
    if (reply instanceof Reply.Failed<FhirResource> failed) {
      return failed.fault().code() == FaultCode.NOT_FOUND
          ? new Seen.NotThere()
          : unseen(failed.fault());
    }
    ObjectNode document = ((Reply.Done<FhirResource>) reply).value().json();
    String reference = document.path("subject").path("reference").asText();
    String subject = reference.substring(reference.lastIndexOf('/') + 1);
    if (subject.equals(patientId)) {
      return new Seen.There(document, true);
    }
    Reply<FhirResource> survivor = chart.getSurvivingPatient(patientId, call);
    if (survivor instanceof Reply.Failed<FhirResource> failed) {
      return unseen(failed.fault());
    }
    String survivorId = ((Reply.Done<FhirResource>) survivor).value().id();
    return new Seen.There(document, survivorId.equals(subject));
  }

  private static Seen unseen(Fault fault) {
    boolean passes = fault.kind() == FaultKind.RETRY || !fault.waitsFor().isEmpty();
    return passes && fault.code() != FaultCode.NOT_PERMITTED
        ? new Seen.NotNow(fault)
        : new Seen.Hidden(fault);
  }
}
