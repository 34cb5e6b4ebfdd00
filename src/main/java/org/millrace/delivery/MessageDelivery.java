package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.WhoActs;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.Note;
import org.millrace.journal.QueuedMessage;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Verdict;

/**
 * Delivers one message: settles what an earlier attempt left open, finds patient and visit, maps,
 * and has each resource filed.
 */
final class MessageDelivery {
  private final JournalDatabase journal;
  private final MessageMapping mapping;
  private final DeliverySettings settings;
  private final PatientFinder patients;
  private final VisitFinder visits;
  private final DocumentFiling filing;
  private final DocumentReplacement replacement;
  private final ReportFiling reports;
  private final DocumentCorrection correction;
  private final ResourceFiling resources;

  MessageDelivery(
      JournalDatabase journal,
      ChartActions chart,
      MessageMapping mapping,
      DeliverySettings settings,
      Clock clock) {
    this.journal = journal;
    this.mapping = mapping;
    this.settings = settings;
    this.patients = new PatientFinder(chart, mapping, settings);
    this.visits = new VisitFinder(chart, mapping, settings);
    this.filing = new DocumentFiling(chart, journal, settings.pace(), clock);
    this.replacement = new DocumentReplacement(chart, journal, clock);
    this.reports = new ReportFiling(journal, filing, replacement);
    this.resources = new ResourceFiling(filing);
    this.correction = new DocumentCorrection(chart, journal, mapping, settings);
  }

  /**
   * What came of it.
   *
   * @param run the mapping that is to be kept; empty if it came to none
   * @param answered ledger rows that are to be put on record with it
   */
  record Delivered(
      Outcome outcome, Optional<MappingRun> run, List<Note> notes, List<LedgerRow> answered) {
    Delivered(Outcome outcome, Optional<MappingRun> run, List<Note> notes) {
      this(outcome, run, notes, List.of());
    }
  }

  /**
   * Delivers it.
   *
   * @param before the changes that earlier attempts asked for
   */
  Delivered deliver(Attempt attempt, List<LedgerRow> before) {
    Step<Map<String, LedgerRow>> ledger = settled(attempt, before);
    if (ledger instanceof Step.Stop<Map<String, LedgerRow>> stop) {
      return new Delivered(stop.outcome(), Optional.empty(), attempt.notes());
    }
    Map<String, LedgerRow> rows = ((Step.Go<Map<String, LedgerRow>>) ledger).value();
    if (attempt.queued.isResource()) {
      Outcome outcome = resources.file(rows, attempt);
      return new Delivered(outcome, Optional.empty(), attempt.notes(), attempt.takeAnswered());
    }
    if (!mapping.messageTypes().contains(attempt.queued.type())) {
      return new Delivered(noMapping(attempt.queued), Optional.empty(), attempt.notes());
    }
    if (rows.values().stream().anyMatch(DocumentCorrection::isWanted)) {
      return correction.correct(rows.values(), attempt);
    }
    Step<ObjectNode> patient = patients.find(attempt);
    if (patient instanceof Step.Stop<ObjectNode> stop) {
      return new Delivered(stop.outcome(), Optional.empty(), attempt.notes());
    }
    String patientId = ((Step.Go<ObjectNode>) patient).value().path("id").asText();
    Step<Optional<String>> visit = visits.find(attempt, patientId);
    if (visit instanceof Step.Stop<Optional<String>> stop) {
      return new Delivered(stop.outcome(), Optional.empty(), attempt.notes());
    }
    Optional<String> encounterId = ((Step.Go<Optional<String>>) visit).value();
    MappingRun run = mapping.map(attempt.message(), context(attempt, patientId, encounterId));
    Outcome outcome = reports.file(run, rows, new ChartPlace(patientId, encounterId), attempt);
    return new Delivered(outcome, Optional.of(run), attempt.notes(), attempt.takeAnswered());
  }

  /** What an earlier attempt left open is found out first, whatever has become of the patient. */
  private Step<Map<String, LedgerRow>> settled(Attempt attempt, List<LedgerRow> before) {
    Map<String, LedgerRow> rows = new HashMap<>();
    for (LedgerRow row : before) {
      LedgerRow now = row;
      if (DocumentFiling.unsettled(row)) {
        Step<LedgerRow> step =
            DocumentReplacement.isOf(row)
                ? replacement.settle(row, attempt)
                : filing.settle(row, attempt);
        if (step instanceof Step.Stop<LedgerRow> stop) {
          return Step.stop(stop.outcome());
        }
        now = ((Step.Go<LedgerRow>) step).value();
      }
      rows.put(now.anchor(), now);
    }
    return Step.go(rows);
  }

  private MappingContext context(Attempt attempt, String patientId, Optional<String> encounterId) {
    Map<String, String> given = new HashMap<>(settings.given());
    given.put("subject", "Patient/" + patientId);
    encounterId.ifPresent(id -> given.put("encounter", "Encounter/" + id));
    return new MappingContext(attempt.queued.feed().zone(), attempt.queued.sender(), given);
  }

  private static Outcome noMapping(QueuedMessage message) {
    return Outcome.held(
        "no-mapping",
        "There is no mapping for this message type.",
        "Add a file for " + message.type() + " under mappings/messages, restart, then retry.",
        WhoActs.ANALYST);
  }

  static String sentence(Verdict verdict) {
    return verdict.path().isEmpty() ? verdict.reason() : verdict.path() + ": " + verdict.reason();
  }
}
