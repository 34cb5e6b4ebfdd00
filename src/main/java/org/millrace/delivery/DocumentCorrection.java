package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Reply;
import org.millrace.cerner.Updated;
import org.millrace.journal.FiledAs;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerEntry;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Verdict;

/**
 * Corrects the documents of a delivered message on an operator's request: maps the message with the
 * files of now, and updates what differs from what was sent.
 *
 * <p>An update names the version it is based on, so that it can be stored once only: after a lost
 * answer the version tells, and what somebody else changed meanwhile is left alone. The message
 * stays delivered whatever comes of it; its notes say what did.
 */
final class DocumentCorrection {
  /** The second time Cerner says that it has a newer version, others are at work. */
  private static final int TRIES = 2;

  private final ChartActions chart;
  private final JournalDatabase journal;
  private final MessageMapping mapping;
  private final DeliverySettings settings;

  DocumentCorrection(
      ChartActions chart,
      JournalDatabase journal,
      MessageMapping mapping,
      DeliverySettings settings) {
    this.chart = chart;
    this.journal = journal;
    this.mapping = mapping;
    this.settings = settings;
  }

  /** Whether an operator asked for the correction of this row, and it is not done with. */
  static boolean isWanted(LedgerRow row) {
    return row.state() == LedgerState.TO_CORRECT || row.state() == LedgerState.CORRECTING;
  }

  /**
   * @param rows the ledger of the message
   */
  MessageDelivery.Delivered correct(Collection<LedgerRow> rows, Attempt attempt) {
    List<LedgerRow> wanted =
        rows.stream()
            .filter(DocumentCorrection::isWanted)
            .sorted(Comparator.comparing(LedgerRow::anchor))
            .toList();
    Map<LedgerRow, ObjectNode> stored = new LinkedHashMap<>();
    boolean whole = true;
    for (LedgerRow row : wanted) {
      Step<Optional<ObjectNode>> read = read(row, attempt);
      if (read instanceof Step.Stop<Optional<ObjectNode>> stop) {
        return new MessageDelivery.Delivered(stop.outcome(), Optional.empty(), attempt.notes());
      }
      Optional<ObjectNode> found = ((Step.Go<Optional<ObjectNode>>) read).value();
      found.ifPresent(document -> stored.put(row, document));
      whole &= found.isPresent();
    }
    if (stored.isEmpty()) {
      return new MessageDelivery.Delivered(Outcome.DELIVERED, Optional.empty(), attempt.notes());
    }
    MappingRun run =
        mapping.map(attempt.message(), context(attempt, stored.values().iterator().next()));
    for (Map.Entry<LedgerRow, ObjectNode> each : stored.entrySet()) {
      Step<Boolean> step = correct(each.getKey(), each.getValue(), run, attempt);
      if (step instanceof Step.Stop<Boolean> stop) {
        return new MessageDelivery.Delivered(stop.outcome(), Optional.empty(), attempt.notes());
      }
      whole &= ((Step.Go<Boolean>) step).value();
    }
    // Where a document stays as it was, so does the report of the mapping it came from.
    return new MessageDelivery.Delivered(
        Outcome.DELIVERED, whole ? Optional.of(run) : Optional.empty(), attempt.notes());
  }

  /** The document as Cerner has it; empty if it is not there, or not this message's, any more. */
  private Step<Optional<ObjectNode>> read(LedgerRow row, Attempt attempt) {
    Optional<LedgerRow> later = later(row);
    if (later.isPresent()) {
      leave(row, "message " + later.get().messageId() + " changed it since.", "", attempt);
      return Step.go(Optional.empty());
    }
    Reply<FhirResource> reply = chart.getDocument(row.resourceId(), attempt.call());
    if (reply instanceof Reply.Done<FhirResource> done) {
      return Step.go(Optional.of(done.value().json()));
    }
    Fault fault = ((Reply.Failed<FhirResource>) reply).fault();
    if (fault.kind() != FaultKind.NEVER) {
      return Step.stop(Outcome.again(fault));
    }
    leave(row, "it cannot be read at Cerner: " + fault, fault.cernerText(), attempt);
    return Step.go(Optional.empty());
  }

  /** A later message that corrected or withdrew the document, or may have. */
  private Optional<LedgerRow> later(LedgerRow row) {
    return journal.ledger().ofDocument(row.resourceId()).stream()
        .map(LedgerEntry::row)
        .filter(other -> other.messageId() > row.messageId())
        .filter(other -> other.state() != LedgerState.REFUSED)
        .findFirst();
  }

  /** The patient and visit of the stored document: a correction does not look for others. */
  private MappingContext context(Attempt attempt, ObjectNode stored) {
    Map<String, String> given = new HashMap<>(settings.given());
    given.put("subject", stored.path("subject").path("reference").asText());
    String encounter = stored.path("context").path("encounter").path(0).path("reference").asText();
    if (!encounter.isEmpty()) {
      given.put("encounter", encounter);
    }
    return new MappingContext(attempt.queued.feed().zone(), attempt.queued.sender(), given);
  }

  /** Whether the document is now as the mapping says; or why the attempt ends here. */
  private Step<Boolean> correct(LedgerRow row, ObjectNode stored, MappingRun run, Attempt attempt) {
    Optional<MappedResource> mapped =
        run.resources().stream()
            .filter(resource -> resource.anchor().equals(row.anchor()))
            .findFirst();
    if (mapped.isEmpty()) {
      return leave(row, "the mapping makes nothing of it any more.", "", attempt);
    }
    Verdict verdict = mapped.get().verdict();
    if (!verdict.decision().files()) {
      return leave(row, "it would not be filed now (" + verdict.code() + ").", "", attempt);
    }
    String digest = SentDocument.digest(mapped.get().json());
    if (row.contentDigest().equals(digest) && row.state() == LedgerState.TO_CORRECT) {
      save(row.uncorrected("", ""));
      attempt.note(
          "same-as-filed",
          "The document of " + row.anchor() + " would be the same; none was sent.");
      return Step.go(true);
    }
    boolean open = row.state() == LedgerState.CORRECTING;
    LedgerRow.Content content = new LedgerRow.Content(digest, FiledAs.AMENDED);
    ObjectNode amended = mapped.get().json().deepCopy().put("docStatus", "amended");
    return update(new Wanted(row, amended, content, open), stored, TRIES, attempt);
  }

  /**
   * What is to be stored in the place of a document.
   *
   * @param open true if an earlier update of it got no answer: it may be stored
   */
  private record Wanted(LedgerRow row, ObjectNode mapped, LedgerRow.Content content, boolean open) {
    DocumentMarker marker() {
      return new DocumentMarker(row.marker());
    }
  }

  private Step<Boolean> update(Wanted wanted, ObjectNode stored, int tries, Attempt attempt) {
    LedgerRow row = wanted.row();
    String version = stored.path("meta").path("versionId").asText();
    Optional<ObjectNode> body = SentDocument.update(wanted.mapped(), stored, wanted.marker());
    if (body.isEmpty()) {
      return leave(row, "Cerner updates no content of its type.", "", attempt);
    }
    boolean moved = !version.equals(row.version());
    if (moved && wanted.open() && SentDocument.isAsSent(stored, body.get())) {
      return corrected(row, version, wanted.content(), "settled", attempt);
    }
    if (moved && !SentDocument.isAsFiled(stored, row)) {
      return leave(
          row,
          "it was changed at Cerner since (version " + row.version() + ", now " + version + ").",
          "",
          attempt);
    }
    LedgerRow sent = save(row.correcting(version));
    Reply<Updated> reply =
        chart.updateDocument(sent.resourceId(), version, body.get(), attempt.call());
    if (reply instanceof Reply.Done<Updated> done) {
      return corrected(sent, done.value().version(), wanted.content(), "corrected", attempt);
    }
    Wanted still = new Wanted(sent, wanted.mapped(), wanted.content(), wanted.open());
    Fault fault = ((Reply.Failed<Updated>) reply).fault();
    return fault.code() == FaultCode.CONFLICT && tries > 1
        ? readAndUpdate(still, tries - 1, attempt)
        : failed(still, fault, attempt);
  }

  /** Cerner has another version than the one that was read. */
  private Step<Boolean> readAndUpdate(Wanted wanted, int tries, Attempt attempt) {
    Step<Optional<ObjectNode>> read = read(wanted.row(), attempt);
    if (read instanceof Step.Stop<Optional<ObjectNode>> stop) {
      return Step.stop(stop.outcome());
    }
    Optional<ObjectNode> found = ((Step.Go<Optional<ObjectNode>>) read).value();
    return found.isPresent() ? update(wanted, found.get(), tries, attempt) : Step.go(false);
  }

  private Step<Boolean> corrected(
      LedgerRow row, String version, LedgerRow.Content content, String code, Attempt attempt) {
    save(row.corrected(version, content));
    attempt.note(code, "The document of " + row.anchor() + " was corrected at Cerner.");
    return Step.go(true);
  }

  private Step<Boolean> failed(Wanted wanted, Fault fault, Attempt attempt) {
    LedgerRow row = wanted.row();
    if (!fault.nothingStored()) {
      save(row.correctionUnknown(fault.toString()));
      attempt.note("answer-lost", "The update of " + row.anchor() + " got no answer: " + fault);
      return Step.stop(Outcome.again(fault));
    }
    if (fault.kind() == FaultKind.NEVER) {
      return leave(row, "Cerner refused the update: " + fault, fault.cernerText(), attempt);
    }
    // That this one is not stored says nothing of an earlier one.
    save(
        wanted.open()
            ? row.correctionUnknown(fault.toString())
            : row.notCorrected(fault.toString(), fault.cernerText()));
    return Step.stop(Outcome.again(fault));
  }

  /** It stays as it is stored, and the message's notes say why. */
  private Step<Boolean> leave(LedgerRow row, String why, String words, Attempt attempt) {
    save(row.uncorrected(why, words));
    attempt.note(
        "not-corrected", "The document of " + row.anchor() + " is left as it was filed: " + why);
    return Step.go(false);
  }

  private LedgerRow save(LedgerRow row) {
    Committed.await(journal.ledger().save(List.of(row)));
    return row;
  }
}
