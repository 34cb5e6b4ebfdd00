package org.millrace.console;

import java.util.List;
import java.util.Optional;
import org.millrace.delivery.DryRun;

/** What the page of a message shows: one record for each of its parts. */
final class MessageView {
  private MessageView() {}

  /**
   * A part of the page, under an address of its own.
   *
   * @param key opens it; empty if none does
   */
  record Tab(String name, String href, String key, boolean here) {}

  /** The head of the page. */
  record Top(
      long number,
      String title,
      Mark mark,
      Moment received,
      String sender,
      String controlId,
      String feed,
      String feedHref,
      String peer,
      String lane,
      long attempts,
      String next,
      String reason,
      String sentence,
      String remedy,
      String whoActs,
      String place,
      List<String> pauses,
      boolean lanePaused,
      List<Other> others) {}

  /** Another message, and what it has to do with this one. */
  record Other(String how, long number, String href) {}

  /** A change of the chart that it asks for. */
  record Change(
      String anchor,
      String action,
      Mark mark,
      String resource,
      String marker,
      long attempts,
      String error,
      String cernerText) {}

  /** A code that no table knows. */
  record Code(String table, String code, String text, String path, boolean held) {}

  /**
   * A document as it was sent, or would be.
   *
   * @param compared how the two compare, in words
   * @param different what was sent and would be another now; empty if what was sent is not on
   *     record
   */
  record Document(
      String anchor,
      String verdict,
      String compared,
      Mark mark,
      List<DifferentValues.Line> different,
      List<FhirLines.Line> lines) {
    boolean hasDifferent() {
      return !different.isEmpty();
    }
  }

  /**
   * What the mapping files of now make of it.
   *
   * @param none why there is nothing to show; empty if there is
   */
  record Mapped(String none, boolean patientKnown, List<Document> documents) {
    static final Mapped NOT_SHOWN = new Mapped("", true, List.of());

    boolean hasDocuments() {
      return !documents.isEmpty();
    }
  }

  /**
   * What can be asked for now.
   *
   * @param open the documents of which nobody knows whether they are stored
   * @param text the message as it can be edited; empty if it cannot be, here and now
   * @param notEditable why not
   */
  record Verbs(
      boolean retry,
      boolean discard,
      boolean edit,
      boolean settle,
      boolean resend,
      boolean none,
      List<String> open,
      Optional<String> text,
      String notEditable) {}

  /**
   * The whole page; what belongs to another tab is empty.
   *
   * @param tab the one that is shown
   * @param told what came of what was asked last
   * @param gone the content is not kept any more
   * @param damaged what of it cannot be decrypted, in words; empty if nothing is so
   * @param here the address of the message
   */
  record Model(
      Top top,
      List<Tab> tabs,
      String tab,
      boolean open,
      boolean gone,
      String damaged,
      Optional<MessageVerbs.Told> told,
      List<Journey.Event> events,
      List<Change> changes,
      List<Code> codes,
      List<Ways.Loss> losses,
      Optional<FieldLines.Tree> fields,
      Mapped mapped,
      Optional<DocumentsView.Part> files,
      Optional<RewrittenView> rewritten,
      List<String> rawLines,
      List<String> replyLines,
      List<HexLines.Line> hexLines,
      List<Related> relatedRows,
      Verbs verbs,
      String charset,
      String here) {
    boolean journeyTab() {
      return tab.equals("journey");
    }

    boolean fhirTab() {
      return tab.equals("fhir");
    }

    boolean rawTab() {
      return tab.equals("raw");
    }

    boolean rewrittenTab() {
      return tab.equals(RewrittenView.TAB);
    }

    boolean hexTab() {
      return tab.equals("hex");
    }

    boolean relatedTab() {
      return tab.equals("related");
    }

    boolean hasChanges() {
      return !changes.isEmpty();
    }

    boolean hasCodes() {
      return !codes.isEmpty();
    }

    boolean hasLosses() {
      return !losses.isEmpty();
    }

    boolean hasRelated() {
      return !relatedRows.isEmpty();
    }

    boolean covered() {
      return !open;
    }

    String fieldsHref() {
      return here + "?tab=fields";
    }
  }

  /** A message with the same number of something. */
  record Related(String same, MessagesPage.Row row) {}

  /** How a document compares with what was sent of it, in words. */
  static Mark compared(DryRun.Compared compared) {
    return switch (compared) {
      case SAME -> new Mark("as it was sent", Mark.Tone.GOOD);
      case DIFFERENT -> new Mark("different from what was sent", Mark.Tone.HELD);
      case NEVER_SENT -> new Mark("never sent", Mark.Tone.QUIET);
      case NO_LONGER -> new Mark("sent; not by the files of now", Mark.Tone.HELD);
      case NOT_KNOWN -> new Mark("sent; what was sent is not on record", Mark.Tone.QUIET);
    };
  }
}
