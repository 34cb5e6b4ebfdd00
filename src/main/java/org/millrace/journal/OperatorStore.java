package org.millrace.journal;

import static org.millrace.journal.MessageOrigin.How.EDITED;
import static org.millrace.journal.MessageOrigin.How.RESENT;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * What operators' requests change. Each change and the word that its request is carried out are one
 * commit: after a crash it is on record with what it did, or is carried out as if for the first
 * time. Thread-safe.
 */
public final class OperatorStore {
  private final JournalDatabase journal;

  OperatorStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * Puts a stopped or retrying message back into the queue, its refused creates prepared anew and
   * its undecided ones to be looked up anew.
   *
   * @return completes with false, and nothing changed, if its content is not kept any more
   */
  public CompletableFuture<Boolean> requeue(OperatorRequest request, Note note) {
    return requeue(request, note, LedgerRow::retried);
  }

  /** Puts a delivered message back into the queue, its documents to be corrected; as above. */
  public CompletableFuture<Boolean> requeueToCorrect(OperatorRequest request, Note note) {
    return requeue(request, note, LedgerRow::toCorrect);
  }

  private CompletableFuture<Boolean> requeue(
      OperatorRequest request, Note note, UnaryOperator<LedgerRow> become) {
    JournalSecrets secrets = journal.secrets();
    long id = request.messageId();
    return carryOut(
        request,
        "queued",
        handle -> {
          // The row first: who removes contents waits for it, or we for them.
          handle.execute("UPDATE message SET changed_at = changed_at WHERE id = ?", id);
          if (!hasContent(handle, id)) {
            return false;
          }
          LedgerStore.rows(handle, id, secrets).stream()
              .map(become)
              .forEach(row -> LedgerStore.save(handle, row, secrets));
          QueueStore.note(handle, id, note, secrets);
          toQueue(handle, id, note.at());
          return true;
        });
  }

  /**
   * Ends a message that is not to be filed.
   *
   * @param outcome what its request came to
   * @return completes with false, and nothing changed, if the request was carried out before
   */
  public CompletableFuture<Boolean> discard(
      OperatorRequest request, Reason reason, Note note, String outcome) {
    long id = request.messageId();
    CompletableFuture<Boolean> written =
        carryOut(
            request,
            outcome,
            handle -> {
              discard(handle, id, reason, note);
              return true;
            });
    return written.whenComplete(
        (done, failure) -> {
          if (failure == null && done) {
            journal.queue().concluded(new Standing(id, MessageState.DISCARDED, reason));
          }
        });
  }

  private void discard(Handle handle, long id, Reason reason, Note note) {
    QueueStore.note(handle, id, note, journal.secrets());
    QueueStore.setState(handle, id, MessageState.DISCARDED, reason, note.at(), now());
  }

  /**
   * Puts on record whether a document is stored.
   *
   * @param before its row as the decision was based on
   * @param queued whether the message is to go on with what is left of it
   * @param outcome what its request came to
   * @return completes with false, and nothing changed, if the row is another one by now
   */
  public CompletableFuture<Boolean> settle(
      OperatorRequest request,
      LedgerRow before,
      LedgerRow after,
      Note note,
      boolean queued,
      String outcome) {
    JournalSecrets secrets = journal.secrets();
    long id = request.messageId();
    return carryOut(
        request,
        outcome,
        handle -> {
          if (!LedgerStore.rows(handle, id, secrets).contains(before)) {
            return false;
          }
          LedgerStore.save(handle, after, secrets);
          QueueStore.note(handle, id, note, secrets);
          if (queued) {
            toQueue(handle, id, note.at());
          }
          return true;
        });
  }

  /** What making a message of another one came to. */
  public sealed interface Made {

    /** It is in the queue. */
    record Queued(long id) implements Made {}

    /** The very same message is there already, as this one. */
    record Known(long id) implements Made {}

    /** The request was carried out before. */
    record Before() implements Made {}
  }

  /** Stores an edited message in the place of the one that the request is about, which ends. */
  public CompletableFuture<Made> edit(OperatorRequest request, NewMessage edited, Note made) {
    long origin = request.messageId();
    return make(
            request,
            edited,
            false,
            (handle, id) -> {
              Reason reason = editedAs(id);
              discard(handle, origin, reason, new Note(made.at(), "edited", reason.sentence()));
              link(handle, new MessageOrigin(id, origin, EDITED, List.of()), made);
            })
        .whenComplete(
            (came, failure) -> {
              if (failure == null && came instanceof Made.Queued queued) {
                Reason reason = editedAs(queued.id());
                journal.queue().concluded(new Standing(origin, MessageState.DISCARDED, reason));
              }
            });
  }

  private static Reason editedAs(long id) {
    return Reason.of("edited", "It was edited as message " + id + ".");
  }

  /**
   * Stores a message once more, to file documents that it had filed.
   *
   * @param anchors which of them
   * @param lost rows of it whose documents are at Cerner no longer: corrections that come later
   *     must find those that take their place
   */
  public CompletableFuture<Made> resend(
      OperatorRequest request,
      NewMessage again,
      List<String> anchors,
      List<LedgerRow> lost,
      Note made) {
    long origin = request.messageId();
    JournalSecrets secrets = journal.secrets();
    return make(
        request,
        again,
        true,
        (handle, id) -> {
          lost.forEach(row -> LedgerStore.save(handle, row.resent(), secrets));
          QueueStore.note(
              handle,
              origin,
              new Note(made.at(), "resent", "It is filed again as message " + id + "."),
              secrets);
          link(handle, new MessageOrigin(id, origin, RESENT, anchors), made);
        });
  }

  private void link(Handle handle, MessageOrigin origin, Note made) {
    OriginStore.add(handle, origin);
    QueueStore.note(handle, origin.messageId(), made, journal.secrets());
  }

  private CompletableFuture<Made> make(
      OperatorRequest request, NewMessage message, boolean again, ObjLongConsumer<Handle> around) {
    return journal.writeDelivery(
        request.messageId(),
        handle -> {
          if (!RequestStore.isOpen(handle, request.id())) {
            return new Made.Before();
          }
          Optional<Long> fresh = journal.intake().insertMade(handle, message, again);
          if (fresh.isEmpty()) {
            return new Made.Known(journal.intake().same(handle, message).orElseThrow());
          }
          long id = fresh.get();
          around.accept(handle, id);
          RequestStore.done(handle, request.id(), "queued as message " + id, Math.max(1, now()));
          return new Made.Queued(id);
        });
  }

  /** Whoever asks has mended something: the back-off begins anew. */
  private void toQueue(Handle handle, long id, Instant at) {
    handle.execute("UPDATE message SET attempts = 0, failing_since = 0 WHERE id = ?", id);
    QueueStore.setState(handle, id, MessageState.QUEUED, Reason.NONE, at, now());
  }

  private static boolean hasContent(Handle handle, long id) {
    return handle
            .createQuery("SELECT count(*) FROM message_content WHERE message_id = :id")
            .bind("id", id)
            .mapTo(Long.class)
            .one()
        == 1;
  }

  /**
   * @param effect false if it changed nothing, and the request is still to be answered
   */
  private CompletableFuture<Boolean> carryOut(
      OperatorRequest request, String outcome, Predicate<Handle> effect) {
    return journal.writeDelivery(
        request.messageId(),
        handle -> {
          // A commit may have been told as failed, and is on disk all the same.
          if (!RequestStore.isOpen(handle, request.id()) || !effect.test(handle)) {
            return false;
          }
          RequestStore.done(handle, request.id(), outcome, Math.max(1, now()));
          return true;
        });
  }

  private long now() {
    return journal.clock().millis();
  }
}
