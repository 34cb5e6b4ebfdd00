package org.millrace.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.delivery.DryRun;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Printable;
import org.millrace.mapping.RunDifference;
import org.millrace.mapping.UnknownCode;
import org.millrace.mapping.Verdict;

/** Makes the lines of messages that were run dry. */
final class ReplayRows {
  /** Of one message; the rest stands on its own page and on the workbench. */
  private static final int MOST = 40;

  private final ConsoleSources sources;

  ReplayRows(ConsoleSources sources) {
    this.sources = sources;
  }

  ReplayView.Row ofJournal(MessageSummary each, ReplayTrial.Replayed replayed, Cover cover) {
    String number = Long.toString(each.id());
    return row(
        replayed,
        cover,
        new Named(
            number,
            "/messages/" + number,
            Optional.of(sources.moment(each.receivedAt())),
            Printable.of(each.type()),
            Printable.of(each.sender()),
            Printable.of(each.controlId()),
            number));
  }

  /**
   * @param place among those that were typed, from 1 on
   */
  ReplayView.Row typed(int place, String text, ReplayTrial.Replayed replayed) {
    return row(
        replayed,
        new Cover(true),
        new Named(
            "Pasted " + place,
            "",
            Optional.empty(),
            replayed.header().map(each -> Printable.of(each.type())).orElse(""),
            replayed.header().map(each -> Printable.of(each.sender())).orElse(""),
            replayed.header().map(each -> Printable.of(each.controlId())).orElse(""),
            text));
  }

  /** How a message is called. */
  private record Named(
      String name,
      String href,
      Optional<Moment> received,
      String type,
      String sender,
      String controlId,
      String value) {}

  private static ReplayView.Row row(ReplayTrial.Replayed replayed, Cover cover, Named named) {
    boolean journal = !named.href().isEmpty();
    List<DryRun.Document> documents =
        replayed.result().map(DryRun.Result::documents).orElse(List.of());
    List<RunDifference.Change> sent =
        documents.stream().flatMap(each -> DifferentValues.sinceSent(each).stream()).toList();
    List<RunDifference.Change> other =
        replayed.other().map(RunDifference::values).orElse(List.of());
    return new ReplayView.Row(
        replayed.outcome().mark(journal),
        why(replayed, documents, cover),
        replayed.other().map(each -> other(each)),
        named.name(),
        named.href(),
        named.received(),
        named.type(),
        named.sender(),
        named.controlId(),
        codes(replayed),
        losses(replayed),
        journal ? "message" : "pasted",
        named.value(),
        documents.stream().map(each -> part(each, journal)).toList(),
        lines(sent, cover),
        lines(other, cover),
        Math.max(sent.size(), other.size()) > MOST);
  }

  private static List<DifferentValues.Line> lines(List<RunDifference.Change> changes, Cover cover) {
    return DifferentValues.of(changes.subList(0, Math.min(MOST, changes.size())), cover).stream()
        .map(DifferentValues.Line::leadingNowhere)
        .toList();
  }

  /** The reason of a verdict may name a code of the message, so that its word must do. */
  private static String why(
      ReplayTrial.Replayed replayed, List<DryRun.Document> documents, Cover cover) {
    if (!replayed.sentence().isEmpty()) {
      return replayed.sentence();
    }
    List<String> reasons = new ArrayList<>();
    for (DryRun.Document each : documents) {
      if (!ReplayOutcome.holds(each)) {
        continue;
      }
      Verdict verdict = each.verdict().orElseThrow();
      if (verdict.decision() != Verdict.Decision.HOLD) {
        reasons.add(each.anchor() + ": no action sends it");
      } else {
        reasons.add(
            each.anchor()
                + ": "
                + verdict.code()
                + (cover.open() ? ". " + verdict.reason() + " " + verdict.remedy() : ""));
      }
    }
    boolean digest =
        documents.stream()
            .anyMatch(
                each -> each.compared() == DryRun.Compared.DIFFERENT && each.sent().isEmpty());
    if (digest) {
      reasons.add("What was sent is not kept whole; only its digest is compared.");
    }
    return String.join(" ", reasons);
  }

  private static Mark other(RunDifference difference) {
    return difference.isNothing()
        ? new Mark("as by the rules in force", Mark.Tone.GOOD)
        : new Mark("other than by the rules in force", Mark.Tone.HELD);
  }

  private static List<String> codes(ReplayTrial.Replayed replayed) {
    return replayed.result().map(each -> each.run().unknownCodes()).orElse(List.of()).stream()
        .map(UnknownCode::toString)
        .distinct()
        .toList();
  }

  private static String losses(ReplayTrial.Replayed replayed) {
    int notes = replayed.result().map(each -> each.run().coverage().size()).orElse(0);
    return notes == 0 ? "" : Count.text(notes);
  }

  private static ReplayView.Part part(DryRun.Document each, boolean journal) {
    return new ReplayView.Part(
        each.anchor(),
        each.verdict().map(verdict -> verdict.decision() + " " + verdict.code()).orElse("not made"),
        journal
            ? MessageView.compared(each.compared())
            : each.now().isPresent()
                ? ReplayOutcome.NEW.mark(false)
                : new Mark("not sent", Mark.Tone.QUIET));
  }
}
