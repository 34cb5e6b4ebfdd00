package org.millrace.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.WhoActs;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.QueuedMessage;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.Verdict;

/**
 * Files the document that an HTTP caller left to be delivered. It was checked when it was taken; it
 * is sent as it was stored, and by the ledger like those of messages.
 */
final class ResourceFiling {
  /** The one resource there is; as messages name the place a document comes from. */
  static final String ANCHOR = "DocumentReference";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUBJECT = "Patient/";

  private final DocumentFiling filing;

  ResourceFiling(DocumentFiling filing) {
    this.filing = filing;
  }

  /**
   * @param rows the ledger as it stands, by anchor; nothing in it is unsettled
   */
  Outcome file(Map<String, LedgerRow> rows, Attempt attempt) {
    ObjectNode document = document(attempt.queued);
    String patientId = patientId(document);
    if (patientId.isEmpty() || !document.path("resourceType").asText().equals(ANCHOR)) {
      return Outcome.held(
          "unreadable",
          "What is stored is no DocumentReference of a patient.",
          "Report it with the message's id.",
          WhoActs.US);
    }
    LedgerRow row =
        Optional.ofNullable(rows.get(ANCHOR)).orElseGet(() -> prepared(attempt, patientId));
    if (row.state() == LedgerState.PREPARED) {
      Step<LedgerRow> step =
          filing.send(
              row,
              new MappedResource(row.action(), ANCHOR, document, Verdict.file("asked")),
              patientId,
              attempt);
      if (step instanceof Step.Stop<LedgerRow> stop) {
        return stop.outcome();
      }
      row = ((Step.Go<LedgerRow>) step).value();
    }
    return row.state() == LedgerState.REFUSED ? refused(row) : Outcome.DELIVERED;
  }

  /** The id of the patient whose chart a stored resource is for; empty if it names none. */
  static String patientId(QueuedMessage queued) {
    return patientId(document(queued));
  }

  private static String patientId(ObjectNode document) {
    String subject = document.at("/subject/reference").asText();
    return subject.startsWith(SUBJECT) ? subject.substring(SUBJECT.length()) : "";
  }

  private static ObjectNode document(QueuedMessage queued) {
    try {
      return JSON.readTree(queued.raw()) instanceof ObjectNode document
          ? document
          : JSON.createObjectNode();
    } catch (IOException notJson) {
      return JSON.createObjectNode();
    }
  }

  private static LedgerRow prepared(Attempt attempt, String patientId) {
    return LedgerRow.prepared(
        new LedgerRow.Asked(
            attempt.queued.id(),
            ANCHOR,
            EarlierReports.CREATE,
            DocumentMarker.of(attempt.queued, attempt.contentDigest(), ANCHOR).text(),
            ""),
        patientId);
  }

  private static Outcome refused(LedgerRow row) {
    return Outcome.refused(
        "refused",
        "Cerner refused the document: " + row.lastError(),
        "Cerner's own words stand in the ledger of this message. Its caller was told, or is when it"
            + " asks; retry once the reason is gone, or let the caller send another.");
  }
}
