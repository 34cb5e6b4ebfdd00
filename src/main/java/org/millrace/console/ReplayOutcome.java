package org.millrace.console;

import java.util.List;
import org.millrace.delivery.DryRun;
import org.millrace.mapping.Verdict;

/** What a dry run of a message comes to, in the order in which they are listed. */
enum ReplayOutcome {
  /** Something of it was sent, and now a person would have to look first. */
  STOPPED("was sent, and would be held now", Mark.Tone.BAD),
  /** What would be sent is not what was sent. */
  DIFFERENT("differs from what was sent", Mark.Tone.HELD),
  /** It would be sent; so far it was not. */
  NEW("would be sent, and never was", Mark.Tone.MOVING),
  /** It cannot be mapped at all. */
  REFUSED("cannot be mapped", Mark.Tone.BAD),
  /** A person would have to look. */
  HELD("would be held", Mark.Tone.HELD),
  /** It was sent, and what was sent is not kept. */
  NOT_KNOWN("what was sent is not on record", Mark.Tone.QUIET),
  SAME("same as was sent", Mark.Tone.GOOD),
  /** It makes nothing that would be sent, and nothing was. */
  NOTHING("nothing to send", Mark.Tone.QUIET);

  private final String words;
  private final Mark.Tone tone;

  ReplayOutcome(String words, Mark.Tone tone) {
    this.words = words;
    this.tone = tone;
  }

  /**
   * @param journal whether it is a message of the journal, of which something may have been sent
   */
  Mark mark(boolean journal) {
    return new Mark(this == NEW && !journal ? "would be sent" : words, tone);
  }

  /** What the whole message comes to: it is held as one, and differs where one document does. */
  static ReplayOutcome of(List<DryRun.Document> documents) {
    boolean held = documents.stream().anyMatch(ReplayOutcome::holds);
    if (held) {
      return documents.stream().anyMatch(ReplayOutcome::wasSent) ? STOPPED : HELD;
    }
    if (has(documents, DryRun.Compared.DIFFERENT) || has(documents, DryRun.Compared.NO_LONGER)) {
      return DIFFERENT;
    }
    if (documents.stream()
        .anyMatch(
            each -> each.compared() == DryRun.Compared.NEVER_SENT && each.now().isPresent())) {
      return NEW;
    }
    if (has(documents, DryRun.Compared.NOT_KNOWN)) {
      return NOT_KNOWN;
    }
    return has(documents, DryRun.Compared.SAME) ? SAME : NOTHING;
  }

  private static boolean has(List<DryRun.Document> documents, DryRun.Compared compared) {
    return documents.stream().anyMatch(each -> each.compared() == compared);
  }

  /** Its verdict says so, or nothing sends what it would file. */
  static boolean holds(DryRun.Document document) {
    return document
        .verdict()
        .filter(
            verdict ->
                verdict.decision() == Verdict.Decision.HOLD
                    || verdict.decision().files() && document.now().isEmpty())
        .isPresent();
  }

  private static boolean wasSent(DryRun.Document document) {
    return document.compared() != DryRun.Compared.NEVER_SENT;
  }
}
