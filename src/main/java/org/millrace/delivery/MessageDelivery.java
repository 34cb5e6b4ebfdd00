package org.millrace.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.WhoActs;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.Note;
import org.millrace.journal.QueuedMessage;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Verdict;

/**
 * Delivers one message: settles what an earlier attempt left open, finds patient and visit, maps,
 * and files each resource. All or nothing as far as the mapping goes: if one resource must be held,
 * nothing is sent.
 */
final class MessageDelivery {
  private static final String CREATE_DOCUMENT = "create-document";

  private final JournalDatabase journal;
  private final MessageMapping mapping;
  private final DeliverySettings settings;
  private final PatientFinder patients;
  private final VisitFinder visits;
  private final DocumentFiling filing;
  private final DocumentCorrection correction;

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
    this.correction = new DocumentCorrection(chart, journal, mapping, settings);
  }

  /**
   * What came of it.
   *
   * @param run the mapping that is to be kept; empty if it came to none
   */
  record Delivered(Outcome outcome, Optional<MappingRun> run, List<Note> notes) {}

  Delivered deliver(Attempt attempt) {
    Step<Map<String, LedgerRow>> ledger = settled(attempt);
    if (ledger instanceof Step.Stop<Map<String, LedgerRow>> stop) {
      return new Delivered(stop.outcome(), Optional.empty(), attempt.notes());
    }
    Map<String, LedgerRow> rows = ((Step.Go<Map<String, LedgerRow>>) ledger).value();
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
    MappingRun run = mapping.map(attempt.message, context(attempt, patientId, encounterId));
    Outcome outcome = file(run, rows, patientId, attempt);
    return new Delivered(outcome, Optional.of(run), attempt.notes());
  }

  /** What an earlier attempt left open is found out first, whatever has become of the patient. */
  private Step<Map<String, LedgerRow>> settled(Attempt attempt) {
    Map<String, LedgerRow> rows = new HashMap<>();
    for (LedgerRow row : journal.ledger().rows(attempt.queued.id())) {
      LedgerRow now = row;
      if (DocumentFiling.unsettled(row)) {
        Step<LedgerRow> step = filing.settle(row, attempt);
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

  private Outcome file(
      MappingRun run, Map<String, LedgerRow> rows, String patientId, Attempt attempt) {
    List<MappedResource> toFile = new ArrayList<>();
    for (MappedResource resource : run.resources()) {
      Verdict verdict = resource.verdict();
      switch (verdict.decision()) {
        case HOLD -> {
          return Outcome.held(verdict.code(), sentence(verdict), verdict.remedy(), WhoActs.ANALYST)
              .at(verdict.path());
        }
        case FILTER -> attempt.note(verdict.code(), sentence(verdict));
        case FILE -> {
          if (!resource.action().isEmpty()) {
            toFile.add(resource);
          }
        }
      }
    }
    if (toFile.isEmpty()) {
      return nothingToFile(run.resources());
    }
    Optional<MappedResource> strange =
        toFile.stream().filter(resource -> !resource.action().equals(CREATE_DOCUMENT)).findFirst();
    if (strange.isPresent()) {
      return unknownAction(strange.get());
    }
    return fileAll(toFile, prepared(toFile, rows, patientId, attempt), patientId, attempt);
  }

  private Outcome fileAll(
      List<MappedResource> resources,
      Map<String, LedgerRow> rows,
      String patientId,
      Attempt attempt) {
    Optional<LedgerRow> refused = Optional.empty();
    for (MappedResource resource : resources) {
      LedgerRow row = rows.get(resource.anchor());
      if (row == null) {
        throw new IllegalStateException("no ledger row for " + resource.anchor());
      }
      if (row.state() == LedgerState.PREPARED) {
        Step<LedgerRow> step = filing.send(row, resource.json(), patientId, attempt);
        if (step instanceof Step.Stop<LedgerRow> stop) {
          return stop.outcome();
        }
        row = ((Step.Go<LedgerRow>) step).value();
      }
      if (row.state() == LedgerState.REFUSED && refused.isEmpty()) {
        refused = Optional.of(row);
      }
    }
    return refused.map(MessageDelivery::refusedBy).orElse(Outcome.DELIVERED);
  }

  /** The ledger as it stands, with a row for each resource that had none. */
  private static Map<String, LedgerRow> prepared(
      List<MappedResource> resources,
      Map<String, LedgerRow> rows,
      String patientId,
      Attempt attempt) {
    Map<String, LedgerRow> all = new HashMap<>(rows);
    for (MappedResource resource : resources) {
      all.computeIfAbsent(
          resource.anchor(),
          anchor ->
              LedgerRow.prepared(
                  attempt.queued.id(),
                  anchor,
                  resource.action(),
                  DocumentMarker.of(attempt.queued, anchor).text(),
                  resource.keys().getOrDefault("filler", ""),
                  patientId));
    }
    return all;
  }

  private static Outcome refusedBy(LedgerRow row) {
    return Outcome.refused(
            "refused",
            "Cerner refused the document of " + row.anchor() + ": " + row.lastError(),
            "Cerner's own words stand in the ledger of this message. Correct the mapping or the message,"
                + " then retry.")
        .at(row.anchor());
  }

  private static Outcome filtered(Verdict verdict) {
    return Outcome.filtered(verdict.code(), sentence(verdict));
  }

  private static Outcome nothingToFile(List<MappedResource> made) {
    if (made.isEmpty()) {
      return nothingInIt();
    }
    boolean shownOnly =
        made.stream().anyMatch(each -> each.verdict().decision() == Verdict.Decision.FILE);
    return shownOnly ? noAction() : filtered(made.get(0).verdict());
  }

  private static Outcome noAction() {
    return Outcome.held(
        "no-action",
        "The message file names no action for what this message became; nothing was sent.",
        "Let the sender's message file name create-document, or discard this message.",
        WhoActs.ANALYST);
  }

  private static Outcome nothingInIt() {
    return Outcome.held(
        "nothing-to-file",
        "The mapping made nothing of this message.",
        "See in its report what was not mapped; correct the mapping or the message, then retry.",
        WhoActs.ANALYST);
  }

  private static Outcome noMapping(QueuedMessage message) {
    return Outcome.held(
        "no-mapping",
        "There is no mapping for this message type.",
        "Add a file for " + message.type() + " under mappings/messages, restart, then retry.",
        WhoActs.ANALYST);
  }

  private static Outcome unknownAction(MappedResource resource) {
    return Outcome.held(
        "unknown-action",
        "The mapping asks for the action " + resource.action() + ", which messages cannot ask for.",
        "Correct the message file: create-document is what it may name.",
        WhoActs.ANALYST);
  }

  private static String sentence(Verdict verdict) {
    return verdict.path().isEmpty() ? verdict.reason() : verdict.path() + ": " + verdict.reason();
  }
}
