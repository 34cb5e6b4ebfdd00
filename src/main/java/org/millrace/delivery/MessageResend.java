package org.millrace.delivery;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millrace.cerner.Fault;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Digests;
import org.millrace.journal.FiledAs;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerEntry;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageState;
import org.millrace.journal.NewMessage;
import org.millrace.journal.Note;
import org.millrace.journal.QueuedMessage;

/**
 * Files again what a delivered message had filed and Cerner has lost: as a message of its own, with
 * a ledger and markers of its own. Cerner is looked at first.
 */
final class MessageResend {
  /** The document that is meant, by its anchor; all if empty. */
  static final String DOCUMENT = "document";

  /** Not empty if it is to be filed once more though it is there. */
  static final String EVEN_IF_THERE = "even-if-there";

  private final JournalDatabase journal;
  private final DocumentSight sight;
  private final Looks<Map<LedgerRow, DocumentSight.Seen>> looks;
  private final RunningDelivery running;
  private final Clock clock;

  MessageResend(
      JournalDatabase journal,
      DocumentSight sight,
      Looks<Map<LedgerRow, DocumentSight.Seen>> looks,
      RunningDelivery running) {
    this.journal = journal;
    this.sight = sight;
    this.looks = looks;
    this.running = running;
    this.clock = sight.calls().clock();
  }

  Optional<String> resend(Verb.Asked asked) {
    if (asked.message().state() != MessageState.DELIVERED) {
      return Optional.of(
          "the message is " + asked.message().state() + "; what is DELIVERED can be filed again");
    }
    String document = asked.request().detail(DOCUMENT);
    List<LedgerRow> rows =
        journal.ledger().rows(asked.id()).stream()
            .filter(row -> document.isEmpty() || row.anchor().equals(document))
            .toList();
    List<LedgerRow> filed = rows.stream().filter(MessageResend::isInForce).toList();
    if (filed.isEmpty()) {
      return Optional.of(nothing(rows, document));
    }
    Optional<String> later = filed.stream().flatMap(row -> later(row).stream()).findFirst();
    if (later.isPresent()) {
      return later;
    }
    return looks.of(asked.request().id(), () -> look(filed)).flatMap(seen -> resend(asked, seen));
  }

  private static boolean isInForce(LedgerRow row) {
    return row.state() == LedgerState.DONE && row.filedAs() != FiledAs.ENTERED_IN_ERROR;
  }

  private static String nothing(List<LedgerRow> rows, String document) {
    boolean resent = rows.stream().anyMatch(row -> row.state() == LedgerState.RESENT);
    if (resent) {
      return "it was filed again before; see 'messages show', and ask for that message";
    }
    return document.isEmpty()
        ? "no document of the message is in force at Cerner"
        : "the message has filed no document " + document;
  }

  /** Why a later message stands in the way. */
  private Optional<String> later(LedgerRow row) {
    return journal.ledger().ofDocument(row.resourceId()).stream()
        .map(LedgerEntry::row)
        .filter(other -> other.messageId() > row.messageId())
        .filter(other -> other.state() != LedgerState.REFUSED)
        .findFirst()
        .map(
            other ->
                "message "
                    + other.messageId()
                    + " changed the document of "
                    + row.anchor()
                    + " since; that one is to be filed again");
  }

  private Map<LedgerRow, DocumentSight.Seen> look(List<LedgerRow> filed) {
    Map<LedgerRow, DocumentSight.Seen> seen = new LinkedHashMap<>();
    filed.forEach(
        row -> seen.put(row, sight.look(row.messageId(), row.resourceId(), row.patientId())));
    return seen;
  }

  private Optional<String> resend(Verb.Asked asked, Map<LedgerRow, DocumentSight.Seen> seen) {
    for (DocumentSight.Seen each : seen.values()) {
      Optional<Fault> fault =
          each instanceof DocumentSight.Seen.NotNow notNow
              ? Optional.of(notNow.fault())
              : each instanceof DocumentSight.Seen.Hidden hidden
                  ? Optional.of(hidden.fault())
                  : Optional.empty();
      if (fault.isPresent()) {
        return Optional.of("Cerner does not tell whether it is there: " + fault.get());
      }
    }
    List<LedgerRow> lost =
        seen.entrySet().stream()
            .filter(each -> each.getValue() instanceof DocumentSight.Seen.NotThere)
            .map(Map.Entry::getKey)
            .toList();
    boolean evenIfThere = !asked.request().detail(EVEN_IF_THERE).isEmpty();
    if (lost.isEmpty() && !evenIfThere) {
      return Optional.of(
          "it is there: "
              + seen.entrySet().stream().map(MessageResend::shown).collect(Collectors.joining(", "))
              + "; to file it a second time all the same, ask again with --even-if-there");
    }
    return put(asked, evenIfThere ? List.copyOf(seen.keySet()) : lost, lost);
  }

  private static String shown(Map.Entry<LedgerRow, DocumentSight.Seen> each) {
    boolean inError =
        each.getValue() instanceof DocumentSight.Seen.There there
            && SentDocument.isInError(there.document());
    return "DocumentReference/"
        + each.getKey().resourceId()
        + (inError ? " (entered in error)" : "");
  }

  private Optional<String> put(Verb.Asked asked, List<LedgerRow> meant, List<LedgerRow> lost) {
    Optional<QueuedMessage> original = journal.queue().find(asked.id());
    if (original.isEmpty()) {
      return Optional.of("the content of the message is not kept any more");
    }
    Note note =
        new Note(
            clock.instant(),
            "resent",
            OperatorVerbs.told(
                "files again what message " + asked.id() + " filed", asked.request()));
    List<String> anchors = meant.stream().map(LedgerRow::anchor).toList();
    try {
      NewMessage again = again(original.get());
      Committed.await(journal.operators().resend(asked.request(), again, anchors, lost, note));
    } catch (V2FormatException unreadable) {
      return Optional.of("the stored message cannot be read any more: " + unreadable.sentence());
    }
    running.made();
    return Optional.empty();
  }

  private NewMessage again(QueuedMessage original) throws V2FormatException {
    V2Message message = V2Message.read(original.raw(), original.feed().charset());
    return new NewMessage(
        message.header(),
        original.feed(),
        original.peer(),
        clock.instant(),
        original.raw(),
        Digests.ofContent(original.raw()),
        new byte[0]);
  }
}
