package org.millrace.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/** Finds messages and shows their journey. Thread-safe; works on a journal open for reading. */
public final class ListingStore {
  private static final String COLUMNS =
      "SELECT id, kind, feed, sender, control_id, message_type, peer, received_at, state,"
          + " reason_code, reason, remedy, who_acts, attempts, next_try_at, reply_state, reason_place"
          + " FROM message ";
  private static final RowMapper<MessageSummary> ROW =
      (rs, ctx) ->
          new MessageSummary(
              rs.getLong(1),
              "QUESTION".equals(rs.getString(2)),
              rs.getString(3),
              rs.getString(4),
              rs.getString(5),
              rs.getString(6),
              rs.getString(7),
              Instant.ofEpochMilli(rs.getLong(8)),
              MessageState.valueOf(rs.getString(9)),
              new Reason(
                  rs.getString(10),
                  rs.getString(11),
                  rs.getString(12),
                  rs.getString(13),
                  rs.getString(17)),
              rs.getInt(14),
              Instant.ofEpochMilli(rs.getLong(15)),
              ReplyState.valueOf(rs.getString(16)));

  private final JournalDatabase journal;

  ListingStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /** The newest that pass the filter, newest first. */
  public List<MessageSummary> list(MessageFilter filter) {
    return list(filter, "", "DESC");
  }

  /** The newest of those that pass the filter and have a number below this one, newest first. */
  public List<MessageSummary> below(long id, MessageFilter filter) {
    return list(filter, " AND id < " + id, "DESC");
  }

  /** The oldest of those that pass the filter and have a number above this one, oldest first. */
  public List<MessageSummary> above(long id, MessageFilter filter) {
    return list(filter, " AND id > " + id, "ASC");
  }

  /** The oldest that pass the filter, in order of arrival. */
  public List<MessageSummary> inOrder(MessageFilter filter) {
    return list(filter, "", "ASC");
  }

  /** How many pass the filter, whatever its limit. */
  public long count(MessageFilter filter) {
    return journal.read(
        handle ->
            bound(handle, "SELECT count(*) FROM message" + where(filter), filter)
                .mapTo(Long.class)
                .one());
  }

  private List<MessageSummary> list(MessageFilter filter, String turn, String order) {
    boolean rising = order.equals("ASC");
    List<MessageFilter> each = StateGroup.apart(filter);
    List<MessageSummary> found =
        journal.read(
            handle ->
                each.stream()
                    .flatMap(one -> query(handle, "", one, turn, order).map(ROW).stream())
                    .toList());
    Comparator<MessageSummary> byNumber = Comparator.comparingLong(MessageSummary::id);
    return each.size() == 1
        ? found
        : found.stream()
            .sorted(rising ? byNumber : byNumber.reversed())
            .limit(filter.limit())
            .toList();
  }

  /**
   * A listing.
   *
   * @param before what stands before the statement: {@code EXPLAIN QUERY PLAN}, or nothing
   */
  Query query(Handle handle, String before, MessageFilter filter, String turn, String order) {
    String sql =
        before + COLUMNS + where(filter) + turn + " ORDER BY id " + order + " LIMIT :limit";
    return bound(handle, sql, filter).bind("limit", filter.limit());
  }

  private static String where(MessageFilter filter) {
    StringBuilder sql = new StringBuilder(" WHERE 1 = 1");
    Optional<StateGroup> few = StateGroup.of(filter.states());
    few.ifPresent(group -> sql.append(" AND ").append(group.words()));
    if (!filter.states().isEmpty()) {
      sql.append(" AND state IN (<states>)");
    }
    filter.reasonCode().ifPresent(any -> sql.append(having("reason_code", "reasonCode", any)));
    // Where few messages are in these states, their own index is shorter still.
    filter
        .sender()
        .map(any -> few.isPresent() ? "" : any)
        .ifPresent(any -> sql.append(having("sender", "sender", any)));
    filter
        .feed()
        .map(any -> few.isPresent() ? "" : any)
        .ifPresent(any -> sql.append(having("feed", "feed", any)));
    filter.controlId().ifPresent(any -> sql.append(" AND control_id = :controlId"));
    filter.since().ifPresent(any -> sql.append(" AND id >= :first AND received_at >= :since"));
    filter.until().ifPresent(any -> sql.append(" AND id <= :last AND received_at < :until"));
    for (int i = 0; i < filter.numbers().size(); i++) {
      sql.append(BusinessKeyStore.having(i));
    }
    if (filter.deliverable()) {
      sql.append(" AND kind = 'MESSAGE'");
    }
    return sql.toString();
  }

  /**
   * A column has the value that is bound.
   *
   * @param indexed the value, if it is to be found by the column's index, which has no empty text
   *     and is taken only where the statement says so; else empty
   */
  private static String having(String column, String parameter, String indexed) {
    String words = indexed.isEmpty() ? "" : " AND " + column + " <> ''";
    return words + " AND " + column + " = :" + parameter;
  }

  private Query bound(Handle handle, String sql, MessageFilter filter) {
    Query query = handle.createQuery(sql);
    if (!filter.states().isEmpty()) {
      query.bindList("states", filter.states().stream().map(MessageState::name).toList());
    }
    filter.reasonCode().ifPresent(code -> query.bind("reasonCode", code));
    filter.sender().ifPresent(sender -> query.bind("sender", sender));
    filter.feed().ifPresent(feed -> query.bind("feed", feed));
    filter.controlId().ifPresent(id -> query.bind("controlId", id));
    filter.since().ifPresent(since -> ArrivalStore.bindSince(handle, query, since));
    filter.until().ifPresent(until -> ArrivalStore.bindUntil(handle, query, until));
    int number = 0;
    for (BusinessKey each : filter.numbers()) {
      BusinessKeyStore.bind(query, number++, each, journal.searchKeys());
    }
    return query;
  }

  /** One message's line; empty if there is none of that id. */
  public Optional<MessageSummary> find(long id) {
    return journal.read(handle -> find(handle, id));
  }

  /** The lines of those of these that there are, in order of arrival. */
  public List<MessageSummary> find(Collection<Long> ids) {
    return ids.isEmpty()
        ? List.of()
        : journal.read(
            handle ->
                handle
                    .createQuery(COLUMNS + "WHERE id IN (<ids>) ORDER BY id")
                    .bindList("ids", List.copyOf(ids))
                    .map(ROW)
                    .list());
  }

  /** Everything on record about a message; empty if there is none of that id. */
  public Optional<MessageJourney> show(long id) {
    return journal.read(
        handle ->
            // One transaction, so that a message in motion is shown as it was at one moment.
            handle.inTransaction(
                one -> find(one, id).map(summary -> journey(one, summary, journal.secrets()))));
  }

  /** How many messages stand in each state; states without any are left out. */
  public Map<MessageState, Long> counts() {
    Map<MessageState, Long> counts = new EnumMap<>(MessageState.class);
    journal
        .read(
            handle ->
                handle
                    .createQuery("SELECT state, count(*) FROM message GROUP BY state")
                    .map(
                        (rs, ctx) ->
                            Map.entry(MessageState.valueOf(rs.getString(1)), rs.getLong(2)))
                    .list())
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /** How many stopped messages (HELD, REFUSED) there are of each reason. */
  public Map<String, Long> stoppedReasons() {
    Map<String, Long> reasons = new TreeMap<>();
    journal
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT reason_code, count(*) FROM message"
                            + " WHERE state IN ('HELD', 'REFUSED') GROUP BY reason_code")
                    .map((rs, ctx) -> Map.entry(rs.getString(1), rs.getLong(2)))
                    .list())
        .forEach(entry -> reasons.put(entry.getKey(), entry.getValue()));
    return reasons;
  }

  private static Optional<MessageSummary> find(Handle handle, long id) {
    return handle.createQuery(COLUMNS + "WHERE id = :id").bind("id", id).map(ROW).findOne();
  }

  /** As stored, which may be sealed. */
  private record Content(byte[] raw, byte[] reply, String report) {
    static final Content NONE = new Content(new byte[0], new byte[0], "");
  }

  private static Content content(Handle handle, long id) {
    return handle
        .createQuery("SELECT raw, reply, report FROM message_content WHERE message_id = :id")
        .bind("id", id)
        .map((rs, ctx) -> new Content(rs.getBytes(1), rs.getBytes(2), rs.getString(3)))
        .findOne()
        .orElse(Content.NONE);
  }

  /** Reads parts of a message; one that is damaged keeps nobody from the others. */
  private static final class Parts {
    private final List<String> damaged = new ArrayList<>();

    <T> T or(T otherwise, String part, Supplier<T> read) {
      try {
        return read.get();
      } catch (DamagedContentException found) {
        damaged.add(part);
        return otherwise;
      }
    }
  }

  private static MessageJourney journey(
      Handle handle, MessageSummary summary, JournalSecrets secrets) {
    long id = summary.id();
    ContentCipher cipher = secrets.cipher();
    Content content = content(handle, id);
    Parts parts = new Parts();
    return new MessageJourney(
        summary,
        parts.or(
            Content.NONE.raw(),
            "what was received",
            () -> cipher.open(id, SealedPlaces.RAW, content.raw())),
        parts.or(
            Content.NONE.reply(),
            "what was replied",
            () -> cipher.open(id, SealedPlaces.REPLY, content.reply())),
        parts.or(
            Optional.empty(),
            "the application acknowledgment",
            () -> ApplicationReplyStore.of(handle, id, secrets)),
        parts.or(
            "",
            "the report of its mapping",
            () -> cipher.openText(id, SealedPlaces.REPORT, content.report())),
        parts.or(List.of(), "codes that no table knows", () -> CodeStore.of(handle, id, secrets)),
        parts.or(List.of(), "creates and updates", () -> LedgerStore.rows(handle, id, secrets)),
        parts.or(List.of(), "notes", () -> QueueStore.notes(handle, id, secrets)),
        CallStore.of(handle, id),
        parts.or(List.of(), "what operators asked for", () -> RequestStore.of(handle, id, secrets)),
        links(handle, summary, secrets),
        parts.damaged);
  }

  private static MessageLinks links(Handle handle, MessageSummary summary, JournalSecrets secrets) {
    long id = summary.id();
    String lane =
        handle
            .createQuery("SELECT coalesce(lane, '') FROM message WHERE id = :id")
            .bind("id", id)
            .mapTo(String.class)
            .one();
    List<DeliveryPause> pauses =
        summary.state().waiting() ? PauseStore.inForce(handle, secrets) : List.of();
    return new MessageLinks(
        lane,
        pauses.stream().filter(pause -> pause.holds(summary.feed(), lane)).toList(),
        OriginStore.of(handle, id),
        OriginStore.madeOf(handle, id));
  }
}
