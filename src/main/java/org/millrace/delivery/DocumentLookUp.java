package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.Reply;

/** Looks in a patient's chart for a document whose create got no answer. */
record DocumentLookUp(ChartActions chart) {

  /** What a look came to. */
  sealed interface Seen {

    /** It is there. */
    record There(String id, String version) implements Seen {}

    /** It is not there, so far. */
    record NotThere(int documents) implements Seen {}

    /** Cerner could not be asked just now. */
    record NotNow(Fault fault) implements Seen {}

    /** Cerner does not let us look, and will not. */
    record Never(Fault fault) implements Seen {}
  }

  /**
   * @param since from when on by Cerner's clock; the caller leaves a margin
   */
  Seen look(String patientId, DocumentMarker marker, Instant since, Call call) {
    Reply<List<ObjectNode>> reply = chart.findDocuments(patientId, since, call);
    if (reply instanceof Reply.Failed<List<ObjectNode>> failed) {
      Fault fault = failed.fault();
      boolean passes =
          fault.kind() == FaultKind.RETRY || fault.code() == FaultCode.CREDENTIALS_REFUSED;
      return passes ? new Seen.NotNow(fault) : new Seen.Never(fault);
    }
    List<ObjectNode> documents = ((Reply.Done<List<ObjectNode>>) reply).value();
    return documents.stream()
        .filter(marker::isIn)
        .findFirst()
        .<Seen>map(
            found ->
                new Seen.There(
                    found.path("id").asText(), found.path("meta").path("versionId").asText()))
        .orElseGet(() -> new Seen.NotThere(documents.size()));
  }
}
