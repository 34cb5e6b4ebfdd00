package org.millrace.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millrace.cerner.Call;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Digests;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.Note;
import org.millrace.journal.QueuedMessage;

/** One attempt to deliver one message: what is read, and what is noticed on the way. */
final class Attempt {
  final QueuedMessage queued;
  private final Optional<V2Message> content;
  private final RecordedCalls calls;
  private final Clock clock;
  private final List<Note> notes = new ArrayList<>();
  private final List<LedgerRow> answered = new ArrayList<>();
  private @Nullable String contentDigest;

  /**
   * @param content empty of a resource
   */
  Attempt(
      QueuedMessage queued,
      Optional<V2Message> content,
      JournalDatabase journal,
      Clock clock,
      Duration callWithin) {
    this.queued = queued;
    this.content = content;
    this.calls = new RecordedCalls(journal, clock, callWithin);
    this.clock = clock;
  }

  /** Of what is a message. */
  V2Message message() {
    return content.orElseThrow(() -> new IllegalStateException(queued + " is no v2 message"));
  }

  /** Of what was sent, worked out once: a message may be large and be many documents. */
  String contentDigest() {
    String known = contentDigest;
    if (known == null) {
      known = Digests.ofContent(queued.raw());
      contentDigest = known;
    }
    return known;
  }

  /** A call with a deadline of its own, whose exchanges go on record with this message. */
  Call call() {
    return calls.of(queued.id());
  }

  void note(String code, String sentence) {
    notes.add(new Note(clock.instant(), code, sentence));
  }

  List<Note> notes() {
    return List.copyOf(notes);
  }

  /**
   * A row whose create was answered: it goes on record with the next thing that is waited for, as a
   * rule with the end of the attempt. Until then it says SENT, and a crash costs a look.
   */
  void answered(LedgerRow row) {
    answered.add(row);
  }

  /** Those that are not on record, for whoever puts them there. */
  List<LedgerRow> takeAnswered() {
    List<LedgerRow> rows = List.copyOf(answered);
    answered.clear();
    return rows;
  }
}
