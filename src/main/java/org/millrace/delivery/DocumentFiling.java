package org.millrace.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.millrace.cerner.Created;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.Reply;
import org.millrace.cerner.WhoActs;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.mapping.MappedResource;

/**
 * Files one document, once: writes the ledger before the create, and after a lost answer looks
 * before it repeats.
 */
final class DocumentFiling {
  /** How far the last look reaches back from the first sending. */
  private static final Duration LAST_LOOK = Duration.ofDays(1);

  private final ChartActions chart;
  private final DocumentLookUp lookUp;
  private final JournalDatabase journal;
  private final DeliverySettings.Pace pace;
  private final Clock clock;

  DocumentFiling(
      ChartActions chart, JournalDatabase journal, DeliverySettings.Pace pace, Clock clock) {
    this.chart = chart;
    this.lookUp = new DocumentLookUp(chart);
    this.journal = journal;
    this.pace = pace;
    this.clock = clock;
  }

  /**
   * Sends the create of a row that is PREPARED; on a journal that was put back from a backup, only
   * after a look whether it was sent since.
   *
   * @return the row as it now stands: DONE, on disk with the end of the attempt, or REFUSED; or why
   *     the attempt ends here
   */
  Step<LedgerRow> send(LedgerRow row, MappedResource document, String patientId, Attempt attempt) {
    Optional<Instant> unknownSince = journal.restores().unknownSince(attempt.queued.receivedAt());
    // It begins so if it was looked for, or settled by an operator, since the restore.
    if (unknownSince.isEmpty() || unknownSince.get().equals(row.firstSentAt())) {
      return create(row, document, patientId, attempt);
    }
    LedgerRow maybe =
        row.maybeSent(
            LedgerRow.Target.chartOf(patientId),
            SentDocument.content(document),
            unknownSince.get(),
            pace.looks() - 1);
    Step<LedgerRow> looked = settle(save(maybe), attempt);
    boolean notThere =
        looked instanceof Step.Go<LedgerRow> go && go.value().state() == LedgerState.PREPARED;
    return notThere ? create(row, document, patientId, attempt) : looked;
  }

  private Step<LedgerRow> create(
      LedgerRow row, MappedResource document, String patientId, Attempt attempt) {
    ObjectNode marked = new DocumentMarker(row.marker()).addedTo(document.json());
    LedgerRow sent =
        row.sent(
            LedgerRow.Target.chartOf(patientId), SentDocument.content(document), clock.instant());
    List<LedgerRow> rows = new ArrayList<>(attempt.takeAnswered());
    rows.add(sent);
    Committed.await(journal.ledger().save(rows));
    Reply<Created> reply = chart.createDocument(marked, attempt.call());
    if (reply instanceof Reply.Done<Created> done) {
      LedgerRow stored = sent.done(done.value().id(), done.value().version());
      attempt.answered(stored);
      return Step.go(stored);
    }
    Fault fault = ((Reply.Failed<Created>) reply).fault();
    String error = fault.toString();
    if (!fault.nothingStored()) {
      attempt.note("answer-lost", "The create of " + row.anchor() + " got no answer: " + error);
      return settle(save(sent.unknown(0, error)), attempt);
    }
    if (fault.kind() == FaultKind.NEVER) {
      return Step.go(save(sent.refused(error, fault.cernerText())));
    }
    save(sent.notStored(error, fault.cernerText()));
    return Step.stop(Outcome.again(fault));
  }

  /**
   * Looks for the document of a row that is SENT or UNKNOWN.
   *
   * @return the row as it now stands on disk: DONE, or PREPARED once it is sure that nothing was
   *     stored; or why the attempt ends here
   */
  Step<LedgerRow> settle(LedgerRow row, Attempt attempt) {
    DocumentLookUp.Seen seen =
        lookUp.look(
            row.patientId(),
            ours(new DocumentMarker(row.marker()), attempt),
            row.firstSentAt().minus(reachesBack(row)),
            attempt.call());
    if (seen instanceof DocumentLookUp.Seen.There there) {
      attempt.note(
          "settled", "The document of " + row.anchor() + " was found at Cerner by its marker.");
      return Step.go(save(row.done(there.id(), there.version())));
    }
    if (seen instanceof DocumentLookUp.Seen.Several several) {
      String sentence = several.documents() + " documents carry its marker.";
      save(row.unknown(row.looks(), sentence));
      return Step.stop(filedTwice(row, several.documents()));
    }
    if (seen instanceof DocumentLookUp.Seen.NotThere notThere) {
      return notThere(row, notThere.documents(), attempt);
    }
    if (seen instanceof DocumentLookUp.Seen.NotNow notNow) {
      save(row.unknown(row.looks(), notNow.fault().toString()));
      return Step.stop(Outcome.again(notNow.fault()));
    }
    String why = ((DocumentLookUp.Seen.Never) seen).why();
    save(row.unknown(row.looks(), why));
    return Step.stop(undecidable(row, why));
  }

  /**
   * On a journal that was put back, also what was filed of the same message when the lost part of
   * the journal stored it.
   */
  private Predicate<JsonNode> ours(DocumentMarker marker, Attempt attempt) {
    if (journal.restores().unknownSince(attempt.queued.receivedAt()).isEmpty()) {
      return marker::isIn;
    }
    return document ->
        marker.isIn(document)
            || DocumentMarker.firstIn(document).filter(marker::isOfSameContent).isPresent();
  }

  /** The look that decides whether it is sent again must not be fooled by a clock set wrong. */
  private Duration reachesBack(LedgerRow row) {
    return row.looks() + 1 >= pace.looks() ? LAST_LOOK : pace.clockMargin();
  }

  private Step<LedgerRow> notThere(LedgerRow row, int documents, Attempt attempt) {
    int looks = row.looks() + 1;
    String sentence =
        unknown(row)
            + ", and the document is not in the chart (look "
            + looks
            + " of "
            + pace.looks()
            + ", "
            + documents
            + " documents seen)";
    attempt.note("looked", sentence + ".");
    if (looks >= pace.looks()) {
      return Step.go(save(row.notStored(sentence, "")));
    }
    save(row.unknown(looks, sentence));
    return Step.stop(
        Outcome.lookAgain(sentence + "; it is looked for again.", pace.betweenLooks()));
  }

  /** Why it is looked for. */
  private static String unknown(LedgerRow row) {
    return row.attempts() == 0
        ? "The document of "
            + row.anchor()
            + " may have been filed after the backup that the journal was put back from"
        : "The create of " + row.anchor() + " got no answer";
  }

  private static Outcome undecidable(LedgerRow row, String why) {
    return Outcome.held(
        "outcome-unknown",
        unknown(row) + ", and Cerner does not let us look whether it is stored: " + why,
        "Look in the patient's chart for a document with "
            + row.marker()
            + " in its title, and say what you saw: 'millrace messages settle "
            + row.messageId()
            + "'. Or allow DocumentReference.read, then retry: it is looked up again before anything"
            + " is sent.",
        WhoActs.ANALYST);
  }

  private static Outcome filedTwice(LedgerRow row, int documents) {
    return Outcome.held(
        "outcome-unknown",
        unknown(row) + ", and " + documents + " documents in the chart carry its marker.",
        "Look in the patient's chart for "
            + row.marker()
            + " in the titles, mark all but one of them entered in error, then retry; or say which"
            + " one it is: 'millrace messages settle "
            + row.messageId()
            + " --filed ID'.",
        WhoActs.ANALYST);
  }

  private LedgerRow save(LedgerRow row) {
    Committed.await(journal.ledger().save(List.of(row)));
    return row;
  }

  /** A row that still stands for something to find out. */
  static boolean unsettled(LedgerRow row) {
    return row.state() == LedgerState.SENT || row.state() == LedgerState.UNKNOWN;
  }
}
