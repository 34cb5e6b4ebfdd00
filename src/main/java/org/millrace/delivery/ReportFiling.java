package org.millrace.delivery;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millrace.cerner.WhoActs;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.MappingRun;
import org.millrace.mapping.Verdict;

/**
 * Files what a message was mapped to. All or nothing as far as can be known beforehand: if one
 * resource must be held, nothing is sent.
 */
final class ReportFiling {
  private final JournalDatabase journal;
  private final DocumentFiling filing;
  private final DocumentReplacement replacement;
  private final EarlierReports earlier;

  ReportFiling(JournalDatabase journal, DocumentFiling filing, DocumentReplacement replacement) {
    this.journal = journal;
    this.filing = filing;
    this.replacement = replacement;
    this.earlier = new EarlierReports(journal);
  }

  /**
   * @param rows the ledger of the message as it stands, by anchor; nothing in it is unsettled
   */
  Outcome file(MappingRun run, Map<String, LedgerRow> rows, ChartPlace place, Attempt attempt) {
    List<MappedResource> made =
        run.resources().stream().filter(each -> isMeant(each, attempt)).toList();
    List<MappedResource> acting =
        made.stream()
            .filter(each -> !each.action().isEmpty())
            .filter(each -> each.verdict().decision() != Verdict.Decision.FILTER)
            .toList();
    Map<String, LedgerRow> all = prepared(acting, rows, place.patientId(), attempt);
    for (MappedResource resource : made) {
      Verdict verdict = resource.verdict();
      if (verdict.decision() == Verdict.Decision.HOLD) {
        remember(all.values());
        return Outcome.held(
                verdict.code(),
                MessageDelivery.sentence(verdict),
                verdict.remedy(),
                WhoActs.ANALYST)
            .at(verdict.path());
      }
      if (verdict.decision() == Verdict.Decision.FILTER) {
        attempt.note(verdict.code(), MessageDelivery.sentence(verdict));
      }
    }
    if (acting.isEmpty()) {
      return nothingToFile(made);
    }
    Optional<MappedResource> strange =
        acting.stream()
            .filter(resource -> !resource.action().equals(EarlierReports.CREATE))
            .findFirst();
    if (strange.isPresent()) {
      return unknownAction(strange.get());
    }
    forget(acting, rows.values());
    return fileAll(acting, all, place, attempt);
  }

  /** A message that files again what another one filed may be for some of its documents only. */
  private static boolean isMeant(MappedResource resource, Attempt attempt) {
    return attempt.queued.resends().map(each -> each.files(resource.anchor())).orElse(true);
  }

  private Outcome fileAll(
      List<MappedResource> resources,
      Map<String, LedgerRow> rows,
      ChartPlace place,
      Attempt attempt) {
    boolean toSend =
        resources.stream().anyMatch(each -> row(rows, each).state() == LedgerState.PREPARED);
    Step<List<Plan>> planned =
        toSend
            ? earlier.plan(resources, attempt)
            : Step.go(resources.stream().<Plan>map(Plan.Nothing::new).toList());
    if (planned instanceof Step.Stop<List<Plan>> stop) {
      remember(rows.values());
      return stop.outcome();
    }
    Optional<LedgerRow> refused = Optional.empty();
    for (Plan plan : ((Step.Go<List<Plan>>) planned).value()) {
      LedgerRow row = row(rows, plan.resource());
      if (row.state() == LedgerState.PREPARED) {
        Step<LedgerRow> step = send(row, plan, place, attempt);
        if (step instanceof Step.Stop<LedgerRow> stop) {
          remember(rows.values());
          return stop.outcome();
        }
        row = ((Step.Go<LedgerRow>) step).value();
      }
      if (row.state() == LedgerState.REFUSED && refused.isEmpty()) {
        refused = Optional.of(row);
      }
    }
    return refused.map(ReportFiling::refusedBy).orElse(Outcome.DELIVERED);
  }

  private Step<LedgerRow> send(LedgerRow row, Plan plan, ChartPlace place, Attempt attempt) {
    if (plan instanceof Plan.Change change) {
      return replacement.send(row, change, place, attempt);
    }
    if (plan instanceof Plan.Nothing) {
      return Step.go(row);
    }
    return filing.send(
        row.asking(EarlierReports.CREATE), plan.resource(), place.patientId(), attempt);
  }

  private static LedgerRow row(Map<String, LedgerRow> rows, MappedResource resource) {
    LedgerRow row = rows.get(resource.anchor());
    if (row == null) {
      throw new IllegalStateException("no ledger row for " + resource.anchor());
    }
    return row;
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
                  new LedgerRow.Asked(
                      attempt.queued.id(),
                      anchor,
                      resource.action(),
                      DocumentMarker.of(attempt.queued, attempt.contentDigest(), anchor).text(),
                      EarlierReports.filler(resource)),
                  patientId));
    }
    return all;
  }

  /**
   * Keeps what the message would have asked for: a correction of the same report must not overtake
   * it while it waits for a person.
   */
  private void remember(Collection<LedgerRow> rows) {
    List<LedgerRow> unsent =
        rows.stream()
            .filter(row -> row.state() == LedgerState.PREPARED && row.attempts() == 0)
            .toList();
    if (!unsent.isEmpty()) {
      // Only what is not there yet: some of them may have been sent since.
      Committed.await(journal.ledger().add(unsent));
    }
  }

  /** What was kept of an earlier attempt, and is not asked for any more. */
  private void forget(List<MappedResource> asked, Collection<LedgerRow> rows) {
    Set<String> anchors = asked.stream().map(MappedResource::anchor).collect(Collectors.toSet());
    List<LedgerRow> gone =
        rows.stream()
            .filter(row -> row.state() == LedgerState.PREPARED && row.attempts() == 0)
            .filter(row -> !anchors.contains(row.anchor()))
            .toList();
    if (!gone.isEmpty()) {
      Committed.await(journal.ledger().forget(gone));
    }
  }

  private static Outcome refusedBy(LedgerRow row) {
    return Outcome.refused(
            "refused",
            "Cerner refused the document of " + row.anchor() + ": " + row.lastError(),
            "Cerner's own words stand in the ledger of this message. Correct the mapping or the message,"
                + " then retry.")
        .at(row.anchor());
  }

  private static Outcome nothingToFile(List<MappedResource> made) {
    if (made.isEmpty()) {
      return nothingInIt();
    }
    return made.stream()
        .map(MappedResource::verdict)
        .filter(verdict -> verdict.decision() == Verdict.Decision.FILTER)
        .findFirst()
        .filter(any -> made.stream().noneMatch(each -> each.verdict().decision().files()))
        .map(verdict -> Outcome.filtered(verdict.code(), MessageDelivery.sentence(verdict)))
        .orElseGet(ReportFiling::noAction);
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

  private static Outcome unknownAction(MappedResource resource) {
    return Outcome.held(
        "unknown-action",
        "The mapping asks for the action " + resource.action() + ", which messages cannot ask for.",
        "Correct the message file: create-document is what it may name.",
        WhoActs.ANALYST);
  }
}
