package org.millrace.journal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.millrace.journal.CreateRequest.Answer;
import org.millrace.journal.CreateRequest.Asked;
import org.millrace.journal.CreateRequest.OnRecord;

/**
 * Creates that callers asked for under keys of their own, and what they were answered. Thread-safe.
 */
public final class CreateRequestStore {
  /** For how long they are kept, unless {@link #keepFor} says otherwise. */
  public static final Duration KEPT = Duration.ofDays(7);

  private static final String KEY = "create request";
  private static final String CONTENT = "create content";

  /** Removed in one commit. */
  private static final int SOME = 200;

  private final JournalDatabase journal;
  private volatile Duration kept = KEPT;

  CreateRequestStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** For how long they are kept from now on, counted from when they were asked for. */
  public void keepFor(Duration time) {
    kept = time;
  }

  private record Row(long id, String content, long endsAt, int status, byte[] answer) {}

  /**
   * What is on record.
   *
   * @return empty if nothing is, or not any more
   * @throws JournalException if it cannot be read
   */
  public Optional<OnRecord> find(Asked asked, Instant now) {
    return journal.read(handle -> row(handle, asked, now)).map(row -> said(row, asked, now));
  }

  /**
   * Puts a create on record before it is sent, unless there is one under its key.
   *
   * @param until when it has come to its end at the latest
   * @return completes with what is on record now; {@link OnRecord.Begun} for one caller only
   */
  public CompletableFuture<OnRecord> begin(Asked asked, Instant now, Instant until) {
    return journal.write(handle -> begin(handle, asked, now, until));
  }

  private OnRecord begin(Handle handle, Asked asked, Instant now, Instant until) {
    handle.execute(
        "DELETE FROM create_request WHERE request_key = ? AND begun_at <= ?",
        key(asked),
        now.minus(kept).toEpochMilli());
    Optional<Long> begun =
        handle
            .createQuery(
                "INSERT INTO create_request (request_key, content, begun_at, ends_at, status,"
                    + " answer) VALUES (:key, :content, :now, :until, 0, :nothing)"
                    + " ON CONFLICT (request_key) DO NOTHING RETURNING id")
            .bind("key", key(asked))
            .bind("content", content(asked))
            .bind("now", now.toEpochMilli())
            .bind("until", until.toEpochMilli())
            .bind("nothing", new byte[0])
            .mapTo(Long.class)
            .findOne();
    return begun
        .<OnRecord>map(OnRecord.Begun::new)
        .orElseGet(
            () ->
                row(handle, asked, now)
                    .map(row -> said(row, asked, now))
                    .orElseThrow(() -> new JournalException("a create went off the record")));
  }

  /**
   * Puts a create on record with its answer, as part of a commit that holds what was answered for.
   *
   * @return what is on record under its key already; then nothing was written
   */
  Optional<OnRecord> answerOnce(Handle handle, AskedCreate.Keyed key, Instant now) {
    OnRecord found = begin(handle, key.asked(), now, now);
    if (!(found instanceof OnRecord.Begun begun)) {
      return Optional.of(found);
    }
    answered(handle, begun.id(), key.answer().status(), sealed(begun.id(), key.answer()));
    return Optional.empty();
  }

  /** Puts on record what was answered, for whoever asks again. */
  public CompletableFuture<Integer> answered(long id, Answer answer) {
    byte[] sealed = sealed(id, answer);
    return journal.write(handle -> answered(handle, id, answer.status(), sealed));
  }

  private static int answered(Handle handle, long id, int status, byte[] sealed) {
    return handle.execute(
        "UPDATE create_request SET status = ?, answer = ? WHERE id = ?", status, sealed, id);
  }

  private byte[] sealed(long id, Answer answer) {
    byte[] head = (DetailsJson.write(answer.headers()) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(head, head.length + answer.body().length);
    System.arraycopy(answer.body(), 0, both, head.length, answer.body().length);
    return journal.secrets().cipher().seal(0, SealedPlaces.createAnswer(id), both);
  }

  /** Nothing was stored: the key is free, as if nobody had asked. */
  public CompletableFuture<Integer> nothingStored(long id) {
    return journal.write(
        handle -> handle.execute("DELETE FROM create_request WHERE id = ? AND status = 0", id));
  }

  private String key(Asked asked) {
    return journal.searchKeys().of(KEY, asked.tenant(), asked.caller(), asked.key());
  }

  private String content(Asked asked) {
    return journal.searchKeys().of(CONTENT, asked.path(), asked.bodyDigest());
  }

  private Optional<Row> row(Handle handle, Asked asked, Instant now) {
    return handle
        .createQuery(
            "SELECT id, content, ends_at, status, answer FROM create_request"
                + " WHERE request_key = :key AND begun_at > :since")
        .bind("key", key(asked))
        .bind("since", now.minus(kept).toEpochMilli())
        .map(
            (rs, ctx) ->
                new Row(
                    rs.getLong(1), rs.getString(2), rs.getLong(3), rs.getInt(4), rs.getBytes(5)))
        .findOne();
  }

  private OnRecord said(Row row, Asked asked, Instant now) {
    if (!row.content().equals(content(asked))) {
      return new OnRecord.Other();
    }
    if (row.status() != 0) {
      return new OnRecord.Answered(row.id(), opened(row));
    }
    Instant until = Instant.ofEpochMilli(row.endsAt());
    return now.isBefore(until) ? new OnRecord.UnderWay(until) : new OnRecord.Lost();
  }

  private Answer opened(Row row) {
    byte[] both =
        journal.secrets().cipher().open(0, SealedPlaces.createAnswer(row.id()), row.answer());
    int end = 0;
    while (both[end] != '\n') {
      end++;
    }
    return new Answer(
        row.status(),
        DetailsJson.read(new String(both, 0, end, StandardCharsets.UTF_8)),
        Arrays.copyOfRange(both, end + 1, both.length));
  }

  /** Removes some whose time is over; true if there may be more. */
  boolean removeSome() {
    long before = journal.clock().instant().minus(kept).toEpochMilli();
    List<Long> due =
        journal.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT id FROM create_request WHERE begun_at <= :before"
                            + " ORDER BY begun_at LIMIT :some")
                    .bind("before", before)
                    .bind("some", SOME)
                    .mapTo(Long.class)
                    .list());
    if (!due.isEmpty()) {
      journal
          .write(
              handle -> {
                due.forEach(id -> handle.execute("DELETE FROM create_request WHERE id = ?", id));
                return due.size();
              })
          .join();
    }
    return due.size() == SOME;
  }

  private record Sealed(long id, String key, String content, byte[] answer) {}

  /** Writes some rows anew; see {@link SealingStore}. */
  static List<Long> sealAnew(Handle handle, long after, int rows, JournalSecrets secrets) {
    ContentCipher cipher = secrets.cipher();
    List<Sealed> found =
        handle
            .createQuery(
                "SELECT id, request_key, content, answer FROM create_request WHERE id > :after"
                    + " ORDER BY id LIMIT :rows")
            .bind("after", after)
            .bind("rows", rows)
            .map(
                (rs, ctx) ->
                    new Sealed(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getBytes(4)))
            .list();
    for (Sealed each : found) {
      if (!SearchKeys.isKeyed(each.key())) {
        handle.execute(
            "UPDATE create_request SET request_key = ?, content = ? WHERE id = ?",
            secrets.searchKeys().ofDigest(KEY, each.key()),
            secrets.searchKeys().ofDigest(CONTENT, each.content()),
            each.id());
      }
      if (!cipher.isCurrent(each.answer())) {
        String place = SealedPlaces.createAnswer(each.id());
        handle.execute(
            "UPDATE create_request SET answer = ? WHERE id = ?",
            cipher.seal(0, place, cipher.open(0, place, each.answer())),
            each.id());
      }
    }
    return found.stream().map(Sealed::id).toList();
  }
}
