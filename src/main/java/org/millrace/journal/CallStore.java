package org.millrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** What was asked of Cerner. Thread-safe. */
public final class CallStore {
  /** How much of a body is kept, unless {@link #keepBodies} says otherwise. */
  private static final int KEPT_BYTES = 64 * 1024;

  /** So much may wait in memory to be written; what is more is counted and left out. */
  private static final long MOST_WAITING = 64L * 1024 * 1024;

  private final JournalDatabase journal;
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong leftOut = new AtomicLong();
  private volatile int limit = KEPT_BYTES;

  CallStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * How much of what is asked and answered is kept from now on.
   *
   * @param bytes of each body; 0 for none
   */
  public void keepBodies(int bytes) {
    limit = bytes;
  }

  /** Puts a call on record, behind whatever else is written; counted if the journal is behind. */
  public void record(CernerCall call) {
    journal.writeLater(handle -> insert(handle, call));
  }

  /**
   * The same with what was asked and what came back, where they are to be kept and there is room
   * for them in memory.
   */
  public void record(CernerCall call, CallContent content) {
    int most = limit;
    if (most == 0 || content.target().isEmpty()) {
      record(call);
      return;
    }
    ContentCipher cipher = journal.secrets().cipher();
    ContentCipher.Packed request = cipher.packed(content.asked(most));
    ContentCipher.Packed response = cipher.packed(content.answered(most));
    long size = request.bytes().length + response.bytes().length;
    if (waiting.addAndGet(size) > MOST_WAITING) {
      waiting.addAndGet(-size);
      leftOut.incrementAndGet();
      record(call);
      return;
    }
    journal
        .writeLater(
            handle -> {
              long id = insert(handle, call);
              return handle.execute(
                  "INSERT INTO cerner_call_content (call_id, message_id, request, response)"
                      + " VALUES (?, ?, ?, ?)",
                  id,
                  call.messageId(),
                  cipher.seal(call.messageId(), SealedPlaces.call("request", id), request),
                  cipher.seal(call.messageId(), SealedPlaces.call("response", id), response));
            })
        .whenComplete((written, failure) -> waiting.addAndGet(-size));
  }

  /** How many calls went on record without their bodies since the start, for want of memory. */
  public long leftOut() {
    return leftOut.get();
  }

  /** What was asked and answered in a message's calls, by the number of the call. */
  public Map<Long, CallContent> contents(long messageId) {
    return journal
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT call_id, request, response FROM cerner_call_content"
                            + " WHERE message_id = :id")
                    .bind("id", messageId)
                    .map(
                        (rs, ctx) ->
                            opened(messageId, rs.getLong(1), rs.getBytes(2), rs.getBytes(3)))
                    .list())
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private Map.Entry<Long, CallContent> opened(
      long message, long call, byte[] request, byte[] response) {
    ContentCipher cipher = journal.secrets().cipher();
    return Map.entry(
        call,
        CallContent.kept(
            cipher.open(message, SealedPlaces.call("request", call), request),
            cipher.open(message, SealedPlaces.call("response", call), response)));
  }

  private static long insert(Handle handle, CernerCall call) {
    return handle
        .createQuery(
            "INSERT INTO cerner_call (message_id, at, method, path_template, status, request_id,"
                + " duration_ms) VALUES (:message, :at, :method, :path, :status, :request, :ms)"
                + " RETURNING id")
        .bind("message", call.messageId())
        .bind("at", call.at().toEpochMilli())
        .bind("method", call.method())
        .bind("path", call.pathTemplate())
        .bind("status", call.status())
        .bind("request", call.requestId())
        .bind("ms", call.duration().toMillis())
        .mapTo(Long.class)
        .one();
  }

  static List<CernerCall> of(Handle handle, long messageId) {
    return handle
        .createQuery(
            "SELECT id, message_id, at, method, path_template, status, request_id, duration_ms"
                + " FROM cerner_call WHERE message_id = :id ORDER BY id")
        .bind("id", messageId)
        .map(
            (rs, ctx) ->
                new CernerCall(
                    rs.getLong(1),
                    rs.getLong(2),
                    Instant.ofEpochMilli(rs.getLong(3)),
                    rs.getString(4),
                    rs.getString(5),
                    rs.getInt(6),
                    rs.getString(7),
                    Duration.ofMillis(rs.getLong(8))))
        .list();
  }
}
