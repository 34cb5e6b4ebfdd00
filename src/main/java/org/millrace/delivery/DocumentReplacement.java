package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.cerner.Updated;
import org.millrace.cerner.WhoActs;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;

/**
 * Puts a document in the place of one that an earlier message filed, or marks that one entered in
 * error; once.
 *
 * <p>The update names the version it is based on, and leaves a marker of its own in the title:
 * whoever reads the document after a lost answer knows whether it is stored, and one that arrives
 * late is turned away by Cerner. What somebody else changed at Cerner is never overwritten.
 */
final class DocumentReplacement {
  /** The second time Cerner says that it has a newer version, others are at work. */
  private static final int TRIES = 2;

  private final ChartActions chart;
  private final JournalDatabase journal;
  private final Clock clock;

  DocumentReplacement(ChartActions chart, JournalDatabase journal, Clock clock) {
    this.chart = chart;
    this.journal = journal;
    this.clock = clock;
  }

  /** Whether a row asks for a change of an earlier document, not for one of its own. */
  static boolean isOf(LedgerRow row) {
    return !row.action().equals(EarlierReports.CREATE);
  }

  /**
   * Sends the update of a row that is PREPARED.
   *
   * @param place of the message: the document must be of the same patient and visit
   * @return the row as it now stands on disk: DONE or REFUSED; or why the attempt ends here
   */
  Step<LedgerRow> send(LedgerRow row, Plan.Change change, ChartPlace place, Attempt attempt) {
    String action = change.withdraws() ? EarlierReports.WITHDRAW : EarlierReports.REPLACE;
    return send(new Wanted(row.asking(action), change, place), TRIES, attempt);
  }

  private record Wanted(LedgerRow row, Plan.Change change, ChartPlace place) {
    DocumentMarker marker() {
      return new DocumentMarker(row.marker());
    }

    LedgerRow.Content content() {
      return change.withdraws() ? SentDocument.WITHDRAWAL : SentDocument.content(change.resource());
    }

    String anchor() {
      return row.anchor();
    }
  }

  private Step<LedgerRow> send(Wanted wanted, int tries, Attempt attempt) {
    Step<ObjectNode> read = read(wanted.change().document().id(), wanted.row(), attempt);
    if (read instanceof Step.Stop<ObjectNode> stop) {
      return Step.stop(stop.outcome());
    }
    ObjectNode stored = ((Step.Go<ObjectNode>) read).value();
    LedgerRow.Target at =
        new LedgerRow.Target(
            wanted.place().patientId(), wanted.change().document().id(), versionOf(stored));
    Optional<Step<LedgerRow>> decided = alreadyThere(wanted, stored, at, attempt);
    if (decided.isPresent()) {
      return decided.get();
    }
    Optional<Outcome> hindrance = hindrance(wanted, stored, attempt);
    if (hindrance.isPresent()) {
      return Step.stop(hindrance.get());
    }
    Optional<ObjectNode> body =
        wanted.change().withdraws()
            ? Optional.of(SentDocument.withdrawal(stored, wanted.marker()))
            : SentDocument.update(wanted.change().resource().json(), stored, wanted.marker());
    if (body.isEmpty()) {
      return Step.stop(
          notCorrectable(wanted.row(), "Cerner updates no content of its type (rich text)."));
    }
    return update(wanted, at, body.get(), tries, attempt);
  }

  /** What needs no update: it is stored, just now or since ever. */
  private Optional<Step<LedgerRow>> alreadyThere(
      Wanted wanted, ObjectNode stored, LedgerRow.Target at, Attempt attempt) {
    LedgerRow row = wanted.row();
    boolean withdraws = wanted.change().withdraws();
    boolean carries = wanted.marker().isIn(stored) || isFromLostPart(wanted, stored, attempt);
    if (carries && withdraws == SentDocument.isInError(stored)) {
      return Optional.of(Step.go(settled(row, at, attempt)));
    }
    FiledDocument filed = wanted.change().document();
    boolean inError = withdraws && SentDocument.isInError(stored);
    boolean same =
        !withdraws
            && at.version().equals(filed.latest().version())
            && wanted.content().digest().equals(filed.latest().contentDigest());
    if (!inError && !same) {
      return Optional.empty();
    }
    attempt.note(
        "same-as-filed",
        inError
            ? "The document of " + row.anchor() + " is entered in error already; nothing was sent."
            : "The document of " + row.anchor() + " is just as it was filed; nothing was sent.");
    return Optional.of(Step.go(save(row.doneBefore(at, wanted.content()))));
  }

  /**
   * Whether the same message was carried out before its sender had to send it again, since the
   * journal was put back from a backup. By the last marker: what a later message wrote over it
   * stands no more.
   */
  private boolean isFromLostPart(Wanted wanted, ObjectNode stored, Attempt attempt) {
    return journal.restores().unknownSince(attempt.queued.receivedAt()).isPresent()
        && DocumentMarker.lastIn(stored).filter(wanted.marker()::isOfSameContent).isPresent();
  }

  private Step<LedgerRow> update(
      Wanted wanted, LedgerRow.Target at, ObjectNode body, int tries, Attempt attempt) {
    LedgerRow sent = save(wanted.row().sent(at, wanted.content(), clock.instant()));
    Reply<Updated> reply =
        chart.updateDocument(at.resourceId(), at.version(), body, attempt.call());
    if (reply instanceof Reply.Done<Updated> done) {
      told(sent, attempt);
      return Step.go(save(sent.done(at.resourceId(), done.value().version())));
    }
    Fault fault = ((Reply.Failed<Updated>) reply).fault();
    String error = fault.toString();
    if (!fault.nothingStored()) {
      save(sent.unknown(0, error));
      attempt.note("answer-lost", "The update of " + sent.anchor() + " got no answer: " + error);
      return Step.stop(Outcome.again(fault));
    }
    if (fault.kind() == FaultKind.NEVER) {
      return Step.go(save(sent.refused(error, fault.cernerText())));
    }
    LedgerRow still = save(sent.notStored(error, fault.cernerText()));
    return fault.code() == FaultCode.CONFLICT && tries > 1
        ? send(new Wanted(still, wanted.change(), wanted.place()), tries - 1, attempt)
        : Step.stop(Outcome.again(fault));
  }

  /**
   * Reads the document of a row that is SENT or UNKNOWN.
   *
   * @return the row as it now stands on disk: DONE, or PREPARED if the update is not stored; one
   *     that is still on its way is then turned away, since it names a version that is gone, or
   *     makes the next one be turned away, which looks anew
   */
  Step<LedgerRow> settle(LedgerRow row, Attempt attempt) {
    Step<ObjectNode> read = read(row.resourceId(), row, attempt);
    if (read instanceof Step.Stop<ObjectNode> stop) {
      return Step.stop(stop.outcome());
    }
    ObjectNode stored = ((Step.Go<ObjectNode>) read).value();
    boolean withdraws = row.action().equals(EarlierReports.WITHDRAW);
    boolean there =
        !versionOf(stored).equals(row.version())
            && new DocumentMarker(row.marker()).isIn(stored)
            && withdraws == SentDocument.isInError(stored);
    return Step.go(
        there
            ? settled(row, row.target().now(versionOf(stored)), attempt)
            : save(row.notStored(row.lastError(), row.cernerText())));
  }

  private LedgerRow settled(LedgerRow row, LedgerRow.Target at, Attempt attempt) {
    attempt.note(
        "settled", "The update of " + row.anchor() + " is stored, by its marker and version.");
    return save(row.done(at.resourceId(), at.version()));
  }

  private Step<ObjectNode> read(String id, LedgerRow row, Attempt attempt) {
    Reply<FhirResource> reply = chart.getDocument(id, attempt.call());
    if (reply instanceof Reply.Done<FhirResource> done) {
      return Step.go(done.value().json());
    }
    Fault fault = ((Reply.Failed<FhirResource>) reply).fault();
    return Step.stop(
        fault.kind() == FaultKind.NEVER
            ? notCorrectable(row, "Cerner does not let us read it: " + fault)
            : Outcome.again(fault));
  }

  /** Why the stored document must be left alone. */
  private Optional<Outcome> hindrance(Wanted wanted, ObjectNode stored, Attempt attempt) {
    FiledDocument filed = wanted.change().document();
    boolean moved = !versionOf(stored).equals(filed.latest().version());
    if (moved && !SentDocument.isAsFiled(stored, filed.latest())) {
      return Optional.of(
          held(
              "changed-at-cerner",
              wanted.row(),
              "it was changed at Cerner since it was filed.",
              "Look at the document in the chart; correct it there by hand if that is still"
                  + " needed, then discard this message."));
    }
    return ofOtherPatient(wanted, stored, attempt).or(() -> ofOtherVisit(wanted, stored, attempt));
  }

  private Optional<Outcome> ofOtherPatient(Wanted wanted, ObjectNode stored, Attempt attempt) {
    String patientId = wanted.place().patientId();
    String subject = idOf(stored.path("subject").path("reference").asText());
    if (subject.equals(patientId)) {
      return Optional.empty();
    }
    // The document may name the patient that ours was combined from.
    Reply<FhirResource> reply = chart.getSurvivingPatient(subject, attempt.call());
    if (reply instanceof Reply.Failed<FhirResource> failed
        && failed.fault().kind() != FaultKind.NEVER) {
      return Optional.of(Outcome.again(failed.fault()));
    }
    boolean same =
        reply instanceof Reply.Done<FhirResource> done && done.value().id().equals(patientId);
    return same
        ? Optional.empty()
        : Optional.of(
            held(
                "correction-of-another-patient",
                wanted.row(),
                "it is another patient's.",
                "Find out whose report it is; correct or withdraw the document in Cerner by hand,"
                    + " or have the sender correct PID-3."));
  }

  private static Optional<Outcome> ofOtherVisit(Wanted wanted, ObjectNode stored, Attempt attempt) {
    Optional<String> visit = wanted.place().encounterId();
    String encounter =
        idOf(stored.path("context").path("encounter").path(0).path("reference").asText());
    if (visit.isEmpty() || visit.get().equals(encounter)) {
      return Optional.empty();
    }
    if (encounter.isEmpty()) {
      attempt.note(
          "visit-not-added",
          "The document of "
              + wanted.anchor()
              + " was filed without a visit, and Cerner adds none to it.");
      return Optional.empty();
    }
    return Optional.of(
        held(
            "correction-of-another-visit",
            wanted.row(),
            "it is of another visit of the patient.",
            "Find out which visit it belongs to; correct or withdraw the document in Cerner by"
                + " hand, or have the sender correct PV1-19."));
  }

  private static String idOf(String reference) {
    return reference.substring(reference.lastIndexOf('/') + 1);
  }

  private static String versionOf(ObjectNode stored) {
    return stored.path("meta").path("versionId").asText();
  }

  private static Outcome notCorrectable(LedgerRow row, String why) {
    return held(
        "not-correctable",
        row,
        why,
        "Correct or withdraw the document in Cerner by hand, then discard this message.");
  }

  private static Outcome held(String code, LedgerRow row, String why, String remedy) {
    return Outcome.held(
        code,
        "The document that " + row.anchor() + " corrects is left as it is: " + why,
        remedy,
        WhoActs.ANALYST);
  }

  private static void told(LedgerRow row, Attempt attempt) {
    boolean withdrawn = row.action().equals(EarlierReports.WITHDRAW);
    attempt.note(
        withdrawn ? "withdrawn" : "corrected",
        "The document of "
            + row.anchor()
            + (withdrawn ? " was marked entered in error." : " was corrected at Cerner."));
  }

  private LedgerRow save(LedgerRow row) {
    Committed.await(journal.ledger().save(List.of(row)));
    return row;
  }
}
