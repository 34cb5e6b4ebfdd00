package org.millrace.journal;

import java.nio.charset.Charset;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** What delivery reads and writes of messages. Thread-safe. */
public final class QueueStore {
  private final JournalDatabase journal;
  private final Map<String, Feed> feeds = new ConcurrentHashMap<>();
  private volatile Consumer<Standing> whenConcluded = standing -> {};

  QueueStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** Whether the journal has this feed on record, just as it is. */
  boolean knows(Feed feed) {
    return feed.equals(feeds.get(feed.name()));
  }

  /** It is on record from now on. */
  void declared(Feed feed) {
    feeds.put(feed.name(), feed);
  }

  /** Puts on record how messages of a feed are read, so that what waits at a start can be read. */
  static void declare(Handle handle, Feed feed) {
    handle.execute(
        "INSERT INTO feed (name, types, zone, charset, settings) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (name) DO UPDATE SET types = excluded.types, zone = excluded.zone,"
            + " charset = excluded.charset, settings = excluded.settings",
        feed.name(),
        String.join(" ", feed.messageTypes()),
        feed.zone().getId(),
        feed.charset().map(Charset::name).orElse(""),
        SettingsJson.write(feed.settings()));
  }

  void loadFeeds() {
    journal.read(this::loadFeeds);
  }

  private int loadFeeds(Handle handle) {
    List<Feed> all = feedsOnRecord(handle);
    all.forEach(feed -> feeds.putIfAbsent(feed.name(), feed));
    return all.size();
  }

  /** Those on record, also by other engines. */
  static List<Feed> feedsOnRecord(Handle handle) {
    return handle
        .createQuery("SELECT name, types, zone, charset, settings FROM feed")
        .map(
            (rs, ctx) ->
                new Feed(
                    rs.getString(1),
                    Set.of(rs.getString(2).split(" ")),
                    ZoneId.of(rs.getString(3)),
                    Optional.of(rs.getString(4))
                        .filter(name -> !name.isEmpty())
                        .map(Charset::forName),
                    SettingsJson.read(rs.getString(5))))
        .list();
  }

  /** The tenants of all feeds that have taken messages, by the feed's name. */
  public Map<String, String> tenants() {
    return journal.read(QueueStore::tenants);
  }

  static Map<String, String> tenants(Handle handle) {
    return feedsOnRecord(handle).stream().collect(Collectors.toMap(Feed::name, Feed::tenant));
  }

  /** The tenant of a feed that has taken a message. */
  public String tenant(String feed) {
    return journal.read(handle -> feed(handle, feed).tenant());
  }

  /** A message with its bytes; empty if there is none of that id. */
  public Optional<QueuedMessage> find(long id) {
    return journal.read(handle -> find(handle, id));
  }

  /**
   * Reads messages one after the other, each with its bytes; those that there are not, and those
   * whose bytes are damaged, are left out.
   */
  public void each(Collection<Long> ids, Consumer<QueuedMessage> reader) {
    journal.read(
        handle -> {
          ids.forEach(id -> undamaged(handle, id).ifPresent(reader));
          return ids.size();
        });
  }

  private Optional<QueuedMessage> undamaged(Handle handle, long id) {
    try {
      return find(handle, id);
    } catch (DamagedContentException damaged) {
      return Optional.empty();
    }
  }

  Optional<QueuedMessage> find(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT m.id, feed, sender, control_id, message_type, received_at, state,"
                + " attempts, failing_since, content_hash, raw, peer, origin_id, anchors"
                + " FROM message m JOIN message_content c ON c.message_id = m.id"
                + " LEFT JOIN message_origin o ON o.message_id = m.id AND o.how = 'RESENT'"
                + " WHERE m.id = :id")
        .bind("id", id)
        .map(
            (rs, ctx) ->
                new QueuedMessage(
                    rs.getLong(1),
                    feed(handle, rs.getString(2)),
                    rs.getString(3),
                    rs.getString(12),
                    rs.getString(4),
                    rs.getString(5),
                    Instant.ofEpochMilli(rs.getLong(6)),
                    MessageState.valueOf(rs.getString(7)),
                    rs.getInt(8),
                    Optional.of(Instant.ofEpochMilli(rs.getLong(9)))
                        .filter(since -> since.toEpochMilli() > 0),
                    rs.getString(10),
                    journal
                        .secrets()
                        .cipher()
                        .open(rs.getLong(1), SealedPlaces.RAW, rs.getBytes(11)),
                    resends(rs)))
        .findOne();
  }

  /** The lane of a message that was looked into; empty of any other. */
  public Optional<String> laneOf(long id) {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT lane FROM message WHERE id = :id AND keyed = 1 AND lane IS NOT NULL")
                .bind("id", id)
                .mapTo(String.class)
                .findOne());
  }

  /**
   * A message does not come to its turn, and stays in the queue. Its attempts stand as they are.
   *
   * @param note kept unless it is already told
   */
  public CompletableFuture<Integer> waitsBehind(long id, Reason reason, Optional<Note> note) {
    JournalSecrets secrets = journal.secrets();
    return journal.writeDelivery(
        id,
        handle -> {
          Set<String> told = note.isPresent() ? told(handle, id, secrets) : Set.of();
          note.filter(each -> !told.contains(each.code() + " " + each.sentence()))
              .ifPresent(each -> note(handle, id, each, secrets));
          return handle.execute(
              "UPDATE message SET state = 'QUEUED', reason_code = ?, reason = ?, remedy = ?,"
                  + " who_acts = ?, reason_place = '' WHERE id = ?"
                  + " AND NOT (state = 'QUEUED' AND reason_code = ? AND reason = ?)",
              reason.code(),
              reason.sentence(),
              reason.remedy(),
              reason.whoActs(),
              id,
              reason.code(),
              reason.sentence());
        });
  }

  private static Optional<MessageOrigin> resends(ResultSet rs) throws SQLException {
    String anchors = rs.getString(14);
    return anchors == null
        ? Optional.empty()
        : Optional.of(
            new MessageOrigin(
                rs.getLong(1),
                rs.getLong(13),
                MessageOrigin.How.RESENT,
                OriginStore.anchors(anchors)));
  }

  /** Delivery takes a message up: SENDING, one more attempt. */
  public CompletableFuture<Integer> takeUp(long id) {
    return journal.writeDelivery(
        id,
        handle ->
            handle.execute(
                "UPDATE message SET state = 'SENDING', attempts = attempts + 1, changed_at = ?"
                    + " WHERE id = ?",
                now(),
                id));
  }

  /**
   * Who is told, on the writer's thread and once it is on disk, what each attempt came to; must be
   * quick.
   */
  public void whenConcluded(Consumer<Standing> listener) {
    whenConcluded = listener;
  }

  /** Where these messages stand; those that there are not are left out. */
  public List<Standing> standing(Collection<Long> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT id, state, reason_code, reason, remedy, who_acts, reason_place"
                        + " FROM message WHERE id IN (<ids>)")
                .bindList("ids", List.copyOf(ids))
                .map(
                    (rs, ctx) ->
                        new Standing(
                            rs.getLong(1),
                            MessageState.valueOf(rs.getString(2)),
                            new Reason(
                                rs.getString(3),
                                rs.getString(4),
                                rs.getString(5),
                                rs.getString(6),
                                rs.getString(7))))
                .list());
  }

  /** What an attempt came to, all of it in one commit. */
  public CompletableFuture<Integer> conclude(long id, Conclusion conclusion) {
    return write(id, conclusion)
        .whenComplete(
            (rows, failure) -> {
              if (failure == null) {
                concluded(new Standing(id, conclusion.state(), conclusion.reason()));
              }
            });
  }

  /** Tells, on the writer's thread, what is on disk by now. */
  void concluded(Standing standing) {
    whenConcluded.accept(standing);
  }

  private CompletableFuture<Integer> write(long id, Conclusion conclusion) {
    JournalSecrets secrets = journal.secrets();
    Optional<ContentCipher.Packed> report =
        conclusion.mapping().map(mapping -> secrets.cipher().packed(mapping.json()));
    return journal.writeDelivery(
        id,
        handle -> {
          conclusion.answered().forEach(row -> LedgerStore.save(handle, row, secrets));
          report.ifPresent(
              packed ->
                  handle.execute(
                      "UPDATE message_content SET report = ? WHERE message_id = ?",
                      secrets.cipher().sealText(id, SealedPlaces.REPORT, packed),
                      id));
          conclusion
              .mapping()
              .ifPresent(mapping -> CodeStore.replace(handle, id, mapping.codes(), secrets));
          // An outage of days tries many times a day: what is already told is not told again.
          Set<String> told = conclusion.state().waiting() ? told(handle, id, secrets) : Set.of();
          conclusion.notes().stream()
              .filter(note -> !told.contains(note.code() + " " + note.sentence()))
              .forEach(note -> note(handle, id, note, secrets));
          count(handle, id, conclusion.state());
          return setState(
              handle, id, conclusion.state(), conclusion.reason(), conclusion.nextTry(), now());
        });
  }

  /** An attempt that Cerner was not asked for does not count; one that failed begins a time. */
  private void count(Handle handle, long id, MessageState state) {
    if (state == MessageState.QUEUED) {
      handle.execute(
          "UPDATE message SET attempts = attempts - 1 WHERE id = ? AND attempts > 0", id);
    } else if (state == MessageState.RETRYING) {
      handle.execute(
          "UPDATE message SET failing_since = ? WHERE id = ? AND failing_since = 0", now(), id);
    }
  }

  /** How many messages wait, and the age of the oldest; zero if none does. */
  public Backlog backlog() {
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT count(*), min(received_at) FROM message WHERE " + WaitingStore.WAITING)
                .map(
                    (rs, ctx) ->
                        rs.getLong(1) == 0
                            ? new Backlog(0, Duration.ZERO)
                            : new Backlog(rs.getLong(1), Duration.ofMillis(now() - rs.getLong(2))))
                .one());
  }

  /** What waits. */
  public record Backlog(long messages, Duration oldest) {}

  private static Set<String> told(Handle handle, long id, JournalSecrets secrets) {
    return notes(handle, id, secrets).stream()
        .map(note -> note.code() + " " + note.sentence())
        .collect(Collectors.toSet());
  }

  /** What was noticed on a message's way, in time order. */
  static List<Note> notes(Handle handle, long id, JournalSecrets secrets) {
    return handle
        .createQuery("SELECT at, code, sentence FROM note WHERE message_id = :id ORDER BY id")
        .bind("id", id)
        .map(
            (rs, ctx) -> {
              long at = rs.getLong(1);
              String code = rs.getString(2);
              String place = SealedPlaces.note(at, code);
              return new Note(
                  Instant.ofEpochMilli(at),
                  code,
                  secrets.cipher().openText(id, place, rs.getString(3)));
            })
        .list();
  }

  /** Sentences hold no patient data of ours, but an operator's own words. */
  static void note(Handle handle, long id, Note note, JournalSecrets secrets) {
    long at = note.at().toEpochMilli();
    handle.execute(
        "INSERT INTO note (message_id, at, code, sentence) VALUES (?, ?, ?, ?)",
        id,
        at,
        note.code(),
        secrets.cipher().sealText(id, SealedPlaces.note(at, note.code()), note.sentence()));
  }

  static int setState(
      Handle handle, long id, MessageState state, Reason reason, Instant nextTry, long now) {
    BusinessKeyStore.follow(handle, id, state);
    return handle.execute(
        "UPDATE message SET state = ?, reason_code = ?, reason = ?, remedy = ?, who_acts = ?,"
            + " reason_place = ?, next_try_at = ?, changed_at = ? WHERE id = ?",
        state.name(),
        reason.code(),
        reason.sentence(),
        reason.remedy(),
        reason.whoActs(),
        reason.place(),
        nextTry.toEpochMilli(),
        now,
        id);
  }

  private Feed feed(Handle handle, String name) {
    if (!feeds.containsKey(name)) {
      // Another engine on the same journal has it, and has taken a message by it.
      loadFeeds(handle);
    }
    Feed feed = feeds.get(name);
    if (feed == null) {
      throw new JournalException("the journal has a message of a feed it does not know: " + name);
    }
    return feed;
  }

  private long now() {
    return journal.clock().millis();
  }
}
