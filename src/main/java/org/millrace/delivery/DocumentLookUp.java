package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.FoundDocuments;
import org.millrace.cerner.Pause;
import org.millrace.cerner.Reply;

/**
 * Looks in a patient's chart for a document whose create got no answer; also in the chart of the
 * patient that one was combined into meanwhile, where the documents go along.
 */
record DocumentLookUp(ChartActions chart) {

  /** What a look came to. */
  sealed interface Seen {

    /** It is there. */
    record There(String id, String version) implements Seen {}

    /** So many carry its marker, and none of them is marked entered in error. */
    record Several(int documents) implements Seen {}

    /** It is not there, so far. */
    record NotThere(int documents) implements Seen {}

    /** Cerner could not be asked just now. */
    record NotNow(Fault fault) implements Seen {}

    /** Cerner does not let us see all there is, and will not: the sentence says why. */
    record Never(String why) implements Seen {}
  }

  /**
   * @param ours tells the document from all others
   * @param since from when on by Cerner's clock; the caller leaves a margin
   */
  Seen look(String patientId, Predicate<JsonNode> ours, Instant since, Call call) {
    Seen seen = lookIn(patientId, ours, since, call);
    if (!(seen instanceof Seen.NotThere here)) {
      return seen;
    }
    Reply<FhirResource> reply = chart.getSurvivingPatient(patientId, call);
    if (reply instanceof Reply.Failed<FhirResource> failed) {
      return failed(failed.fault());
    }
    String survivor = ((Reply.Done<FhirResource>) reply).value().id();
    if (survivor.equals(patientId)) {
      return here;
    }
    Seen there = lookIn(survivor, ours, since, call);
    return there instanceof Seen.NotThere also
        ? new Seen.NotThere(here.documents() + also.documents())
        : there;
  }

  private Seen lookIn(String patientId, Predicate<JsonNode> ours, Instant since, Call call) {
    Reply<FoundDocuments> reply = chart.findDocuments(patientId, since, call);
    if (reply instanceof Reply.Failed<FoundDocuments> failed) {
      return failed(failed.fault());
    }
    FoundDocuments found = ((Reply.Done<FoundDocuments>) reply).value();
    Collection<ObjectNode> seen = valid(found.documents(), ours);
    if (seen.size() > 1) {
      return new Seen.Several(seen.size());
    }
    if (!seen.isEmpty()) {
      ObjectNode one = seen.iterator().next();
      return new Seen.There(one.path("id").asText(), one.path("meta").path("versionId").asText());
    }
    return found.complete()
        ? new Seen.NotThere(found.documents().size())
        : new Seen.Never("it left out documents that it cannot express in FHIR.");
  }

  /**
   * Those that are ours, each once: a page may repeat one of the page before. Of several, what
   * somebody has marked entered in error is none of ours any more.
   */
  private static Collection<ObjectNode> valid(
      List<ObjectNode> documents, Predicate<JsonNode> ours) {
    Map<String, ObjectNode> seen = new LinkedHashMap<>();
    for (ObjectNode document : documents) {
      if (ours.test(document)) {
        seen.put(document.path("id").asText(), document);
      }
    }
    List<ObjectNode> valid =
        seen.values().stream().filter(each -> !SentDocument.isInError(each)).toList();
    return valid.isEmpty() ? seen.values() : valid;
  }

  private static Seen failed(Fault fault) {
    boolean passes =
        fault.kind() == FaultKind.RETRY
            || fault.code() == FaultCode.CREDENTIALS_REFUSED
            || fault.waitsFor().equals(Pause.CONNECTION);
    return passes ? new Seen.NotNow(fault) : new Seen.Never(fault.toString());
  }
}
