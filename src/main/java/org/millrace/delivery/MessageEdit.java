package org.millrace.delivery;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Digests;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.NewMessage;
import org.millrace.journal.Note;
import org.millrace.journal.OperatorStore;
import org.millrace.journal.QueuedMessage;

/**
 * Puts a message that a person has edited in the place of one that cannot be filed as it is. The
 * original stays on record, discarded; nobody is acknowledged anything.
 */
final class MessageEdit {
  private final JournalDatabase journal;
  private final RunningDelivery running;
  private final Clock clock;

  MessageEdit(JournalDatabase journal, RunningDelivery running, Clock clock) {
    this.journal = journal;
    this.running = running;
    this.clock = clock;
  }

  Optional<String> edit(Verb.Asked asked) {
    List<LedgerRow> rows = journal.ledger().rows(asked.id());
    Optional<String> hindrance = MessageDiscard.hindrance(asked, rows);
    if (hindrance.isPresent()) {
      return hindrance;
    }
    String filed = MessageDiscard.filed(rows);
    if (!filed.isEmpty()) {
      return Optional.of("of the message is filed already: " + filed + "; it would be filed twice");
    }
    Optional<byte[]> content = journal.requests().content(asked.request());
    Optional<QueuedMessage> original = journal.queue().find(asked.id());
    if (content.isEmpty() || original.isEmpty()) {
      return Optional.of(
          content.isEmpty()
              ? "no edited message came with the request"
              : "the content of the message is not kept any more");
    }
    try {
      V2Message edited = V2Message.read(content.get(), original.get().feed().charset());
      Optional<String> fault = fault(edited, original.get());
      return fault.isPresent() ? fault : put(asked, edited, original.get());
    } catch (V2FormatException unreadable) {
      return Optional.of("the edited message cannot be read: " + unreadable.sentence());
    }
  }

  /** What its sender would have been told, and that it is still this sender's and of this type. */
  private static Optional<String> fault(V2Message edited, QueuedMessage original) {
    if (edited.header().controlId().isBlank()) {
      return Optional.of("MSH-10 of the edited message is empty");
    }
    if (!edited.header().type().equals(original.type())) {
      return Optional.of("MSH-9 of the edited message is not " + original.type() + " any more");
    }
    return edited.header().sender().equals(original.sender())
        ? Optional.empty()
        : Optional.of("MSH-3 and MSH-4 of the edited message name another sender");
  }

  private Optional<String> put(Verb.Asked asked, V2Message edited, QueuedMessage original) {
    NewMessage made =
        new NewMessage(
            edited.header(),
            original.feed(),
            original.peer(),
            clock.instant(),
            edited.bytes(),
            Digests.ofContent(edited.bytes()),
            new byte[0]);
    Note note =
        new Note(
            clock.instant(),
            "edited",
            OperatorVerbs.told("made of message " + asked.id(), asked.request()));
    OperatorStore.Made came =
        Committed.await(journal.operators().edit(asked.request(), made, note));
    if (came instanceof OperatorStore.Made.Known known) {
      return Optional.of(
          known.id() == asked.id()
              ? "nothing in it is different behind MSH; to try it again as it is, retry it"
              : "the edited message is in the journal already, as message " + known.id());
    }
    running.ended(asked.id());
    running.made();
    return Optional.empty();
  }
}
