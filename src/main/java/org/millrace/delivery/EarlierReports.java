package org.millrace.delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millrace.cerner.WhoActs;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerEntry;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.LedgerStore;
import org.millrace.journal.MessageOrigin;
import org.millrace.journal.MessageState;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.Verdict;

/**
 * Decides what a message does to the documents that earlier messages of the same reports became. A
 * report is known by its sender and its filler number (OBR-3, TXA-12); a document that replaces
 * another names that one's number, too (TXA-13).
 *
 * <p>Only the ledger is asked. What it cannot tell is held, never guessed: which of several
 * documents is meant, and whether an earlier message of the report that is not done with will still
 * change the chart.
 */
final class EarlierReports {
  static final String CREATE = "create-document";
  static final String REPLACE = "replace-document";
  static final String WITHDRAW = "withdraw-document";

  /** No report has so many documents: its number is none. */
  private static final int MOST = 200;

  private final JournalDatabase journal;

  EarlierReports(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * @param resources those of the message that have an action and are filed or withdrawn
   * @return a plan for each, in the same order; or why the attempt ends here
   */
  Step<List<Plan>> plan(List<MappedResource> resources, Attempt attempt) {
    Map<String, List<MappedResource>> reports = new LinkedHashMap<>();
    resources.forEach(
        each -> reports.computeIfAbsent(filler(each), any -> new ArrayList<>()).add(each));
    Map<String, Plan> plans = new LinkedHashMap<>();
    for (Map.Entry<String, List<MappedResource>> report : reports.entrySet()) {
      Step<List<Plan>> step =
          report.getKey().isEmpty()
              ? nothingFiled(report.getValue(), List.of(), attempt)
              : ofReport(report.getKey(), report.getValue(), attempt);
      if (step instanceof Step.Stop<List<Plan>>) {
        return step;
      }
      ((Step.Go<List<Plan>>) step)
          .value()
          .forEach(plan -> plans.put(plan.resource().anchor(), plan));
    }
    return Step.go(
        resources.stream()
            .map(each -> plans.getOrDefault(each.anchor(), new Plan.Create(each)))
            .toList());
  }

  static String filler(MappedResource resource) {
    return resource.keys().getOrDefault("filler", "");
  }

  private Step<List<Plan>> ofReport(
      String number, List<MappedResource> resources, Attempt attempt) {
    LedgerStore.Report report = report(number, resources.get(0), attempt);
    boolean preliminary = resources.stream().allMatch(SentDocument::isPreliminary);
    long self = attempt.queued.id();
    Optional<MessageOrigin> resends = attempt.queued.resends();
    long after = resends.map(MessageOrigin::originId).orElse(self);
    LedgerStore.Sight sight = journal.ledger().sight(report, after, self, preliminary);
    if (sight.overtaking().isPresent()) {
      return Step.stop(overtaken(sight.overtaking().get()));
    }
    if (resends.isPresent()) {
      return again(resources);
    }
    boolean plain = resources.stream().allMatch(EarlierReports::justFiled);
    if (plain && !sight.preliminary()) {
      return Step.go(creates(resources));
    }
    List<LedgerEntry> others = others(report, attempt);
    List<FiledDocument> filed = filed(others, attempt);
    // A final report takes the place of the preliminary one that a site has filed.
    boolean ends = filed.stream().anyMatch(each -> each.preliminary() && !each.withdrawn());
    List<MappedResource> changes =
        resources.stream().filter(each -> ends || !justFiled(each)).toList();
    if (changes.isEmpty()) {
      return Step.go(creates(resources));
    }
    String replaced = changes.get(0).keys().getOrDefault("parent", "");
    if (filed.isEmpty() && !replaced.isEmpty() && !replaced.equals(number)) {
      List<LedgerEntry> ofReplaced = others(report(replaced, resources.get(0), attempt), attempt);
      filed = filed(ofReplaced, attempt);
      others = new ArrayList<>(others);
      others.addAll(ofReplaced);
    }
    Optional<LedgerEntry> open = open(others, attempt);
    return open.isPresent() ? Step.stop(unsettled(open.get())) : changed(changes, filed, attempt);
  }

  /** What is filed again takes the place of nothing: its document is lost. */
  private static Step<List<Plan>> again(List<MappedResource> resources) {
    return resources.stream()
        .map(MappedResource::verdict)
        .filter(verdict -> verdict.decision() == Verdict.Decision.WITHDRAW)
        .findFirst()
        .map(verdict -> Step.<List<Plan>>stop(notOurs(verdict)))
        .orElseGet(() -> Step.go(creates(resources)));
  }

  private static boolean justFiled(MappedResource resource) {
    return resource.verdict().decision() == Verdict.Decision.FILE;
  }

  private Step<List<Plan>> changed(
      List<MappedResource> changes, List<FiledDocument> filed, Attempt attempt) {
    Optional<FiledDocument> overtaking =
        filed.stream().filter(each -> each.latest().messageId() > attempt.queued.id()).findFirst();
    if (overtaking.isPresent()) {
      return Step.stop(overtaken(overtaking.get().latest()));
    }
    boolean ends = changes.stream().allMatch(EarlierReports::justFiled);
    List<FiledDocument> valid =
        filed.stream().filter(each -> !each.withdrawn() && (!ends || each.preliminary())).toList();
    return valid.isEmpty()
        ? nothingFiled(changes, filed, attempt)
        : DocumentMatch.match(changes, valid)
            .map(Step::go)
            .orElseGet(() -> Step.stop(unmatched(changes.get(0), valid.size())));
  }

  private static List<Plan> creates(List<MappedResource> resources) {
    return resources.stream().<Plan>map(Plan.Create::new).toList();
  }

  /** No valid document of the report is known: what corrects is new, and nothing is withdrawn. */
  private static Step<List<Plan>> nothingFiled(
      List<MappedResource> resources, List<FiledDocument> withdrawn, Attempt attempt) {
    List<Plan> plans = new ArrayList<>();
    for (MappedResource resource : resources) {
      boolean withdraws = resource.verdict().decision() == Verdict.Decision.WITHDRAW;
      if (withdraws && withdrawn.isEmpty()) {
        return Step.stop(notOurs(resource.verdict()));
      }
      if (withdraws) {
        attempt.note(
            "same-as-filed",
            "The report of "
                + resource.anchor()
                + " is marked entered in error already; nothing was sent.");
      } else if (!justFiled(resource)) {
        attempt.note(
            "not-filed-before",
            resource.anchor()
                + " corrects a report of which no document of ours is in force; it is filed as"
                + " amended.");
      }
      plans.add(withdraws ? new Plan.Nothing(resource) : new Plan.Create(resource));
    }
    return Step.go(plans);
  }

  private static LedgerStore.Report report(
      String number, MappedResource resource, Attempt attempt) {
    String anchor = resource.anchor();
    String segment = anchor.substring(0, Math.max(0, anchor.indexOf('[')));
    return new LedgerStore.Report(attempt.queued.sender(), segment, number);
  }

  private List<LedgerEntry> others(LedgerStore.Report report, Attempt attempt) {
    return journal.ledger().ofReport(report, MOST).stream()
        .filter(entry -> entry.row().messageId() != attempt.queued.id())
        .toList();
  }

  private static Optional<LedgerEntry> open(List<LedgerEntry> entries, Attempt attempt) {
    return entries.stream()
        .filter(entry -> entry.row().messageId() < attempt.queued.id() && entry.open())
        .findFirst();
  }

  /** The documents that earlier messages filed, each as its newest change left it. */
  private List<FiledDocument> filed(List<LedgerEntry> entries, Attempt attempt) {
    Set<String> ids = new LinkedHashSet<>();
    for (LedgerEntry entry : entries) {
      LedgerRow row = entry.row();
      if (row.messageId() < attempt.queued.id() && row.state() == LedgerState.DONE) {
        ids.add(row.resourceId());
      }
    }
    List<FiledDocument> documents = new ArrayList<>();
    for (String id : ids) {
      journal.ledger().ofDocument(id).stream()
          .map(LedgerEntry::row)
          .filter(row -> row.messageId() != attempt.queued.id() && row.state() == LedgerState.DONE)
          .reduce((older, newer) -> newer)
          .ifPresent(latest -> documents.add(new FiledDocument(latest)));
    }
    return documents;
  }

  private static Outcome overtaken(LedgerRow later) {
    return Outcome.held(
        "overtaken",
        "A later message of the same report, number " + later.messageId() + ", is filed already.",
        "Compare the two; if the later one holds all that counts, discard this message. Else file"
            + " it by hand.",
        WhoActs.ANALYST);
  }

  private static Outcome unsettled(LedgerEntry earlier) {
    String sentence =
        "An earlier message of the same report, number "
            + earlier.row().messageId()
            + ", is "
            + earlier.of()
            + ": whether and what of it is filed is not decided.";
    return earlier.of().waiting() || earlier.of() == MessageState.DELIVERED
        ? Outcome.waitFor("earlier-unsettled", sentence)
        : Outcome.held(
            "earlier-unsettled",
            sentence,
            "Bring message "
                + earlier.row().messageId()
                + " to its end first, then retry this one.",
            WhoActs.ANALYST);
  }

  private static Outcome notOurs(Verdict verdict) {
    return Outcome.held(
        verdict.code(),
        MessageDelivery.sentence(verdict) + " No document of it was filed by this engine.",
        verdict.remedy(),
        WhoActs.ANALYST);
  }

  private static Outcome unmatched(MappedResource first, int filed) {
    return Outcome.held(
        "correction-unmatched",
        first.anchor()
            + ": which of the documents that were filed of this report ("
            + filed
            + ") are meant, one for one, cannot be told.",
        "Correct or withdraw them in Cerner by hand, then discard this message.",
        WhoActs.ANALYST);
  }
}
