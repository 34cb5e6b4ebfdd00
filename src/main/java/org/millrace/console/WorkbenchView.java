package org.millrace.console;

import java.util.List;
import java.util.Optional;

/** What the workbench shows: one record for each of its parts. */
final class WorkbenchView {
  private WorkbenchView() {}

  /**
   * A file that can be opened.
   *
   * @param fresh whether it is not on disk
   */
  record File(String name, boolean here, boolean changed, boolean fresh) {}

  /** The file that a new one of a sender or a tenant lies over. */
  record Under(String name, String text) {}

  /**
   * What can be made that is not there.
   *
   * @param over files of the message's own sender or tenant, over the one that is open
   * @param wanted as typed, if nothing may be called so
   * @param fault why not; empty if nothing was wanted, or it was made
   */
  record Making(List<String> over, String wanted, String fault) {
    boolean hasOver() {
      return !over.isEmpty();
    }

    boolean refused() {
      return !fault.isEmpty();
    }
  }

  /**
   * Something that is wrong in a file, or asks to be looked at.
   *
   * @param text of the line
   * @param here whether the file is the one that is open
   */
  record Fault(String file, int line, String sentence, String text, boolean here) {}

  /**
   * A resource that the message becomes.
   *
   * @param verdict what would become of it, and why
   */
  record Made(String anchor, String action, String verdict, Mark mark, List<FhirLines.Line> lines) {
    boolean hasLines() {
      return !lines.isEmpty();
    }
  }

  /** A note of the coverage that came or went. */
  record NoteMoved(Mark mark, String note) {}

  /**
   * What came of the message.
   *
   * @param type MSH-9
   * @param unmapped whether the rules in force make nothing of it
   * @param more whether there are more differences than are shown
   */
  record Result(
      String type,
      boolean unmapped,
      List<Made> made,
      List<DifferentValues.Line> different,
      List<NoteMoved> notes,
      boolean more,
      List<Ways.Loss> losses,
      FieldLines.Tree fields) {
    boolean hasMade() {
      return !made.isEmpty();
    }

    boolean hasDifferent() {
      return !different.isEmpty();
    }

    boolean hasNotes() {
      return !notes.isEmpty();
    }

    boolean same() {
      return different.isEmpty() && notes.isEmpty();
    }

    boolean hasLosses() {
      return !losses.isEmpty();
    }
  }

  /**
   * The whole page.
   *
   * @param message its number in the journal, as typed
   * @param messageHref its page; empty if it is none of the journal
   * @param open whether its values may be shown
   * @param kept what was changed in files that are not open, each with its name in the first line
   * @param changed whether anything was
   * @param used the files whose rules made something of the message
   * @param stale the files that were changed on disk since the engine started; empty for none
   * @param under what the open file lies over; empty if it is on disk, or lies over none
   * @param tried whether rules were compiled for this page
   */
  record Model(
      String message,
      String messageHref,
      boolean open,
      String pasted,
      String file,
      String text,
      List<File> files,
      List<String> kept,
      boolean changed,
      List<File> used,
      String stale,
      Making making,
      Optional<Under> under,
      boolean tried,
      String problem,
      List<Fault> faults,
      List<Fault> warnings,
      Optional<Result> result) {
    boolean ofJournal() {
      return !messageHref.isEmpty();
    }

    boolean covered() {
      return ofJournal() && !open;
    }

    boolean pasting() {
      return !ofJournal() || !pasted.isBlank();
    }

    boolean fileChanged() {
      return files.stream().anyMatch(each -> each.here() && each.changed() && !each.fresh());
    }

    boolean fileFresh() {
      return files.stream().anyMatch(each -> each.here() && each.fresh());
    }

    boolean hasFaults() {
      return !faults.isEmpty();
    }

    boolean hasWarnings() {
      return !warnings.isEmpty();
    }

    boolean hasUsed() {
      return !used.isEmpty();
    }

    /** The rules are in order, and there is no message to try them on. */
    boolean waiting() {
      return faults.isEmpty() && problem.isEmpty() && result.isEmpty();
    }
  }
}
