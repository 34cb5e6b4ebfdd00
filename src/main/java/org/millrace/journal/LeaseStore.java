package org.millrace.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Which engines share a journal in PostgreSQL, and which slots each owns. Thread-safe; on
 * connections of its own, since the writer may be busy for longer than a lease lasts.
 */
final class LeaseStore implements AutoCloseable {
  /** All engines tell the time of leases by the database's clock, whatever theirs say. */
  private static final String NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

  /**
   * One engine at a time changes owners, so that what it sees of them stays true until it is done.
   */
  private static final String TURN = "SELECT pg_try_advisory_xact_lock(5570193308531901)";

  private static final String FREE =
      "SELECT slot FROM lane_slot WHERE node NOT IN (SELECT node FROM engine_node)"
          + " ORDER BY random() LIMIT :most FOR UPDATE SKIP LOCKED";

  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final LeaseTimes times;

  LeaseStore(PostgresDatabase database, LeaseTimes times) {
    this.pool = database.leasing(times.margin());
    this.jdbi = Jdbi.create(pool);
    this.times = times;
  }

  /**
   * @param owned by slot
   * @param engines how many there are
   */
  record Share(Map<Integer, Lease> owned, int engines) {
    int fair() {
      return (LaneLeases.SLOTS + engines - 1) / Math.max(1, engines);
    }
  }

  /** The engines, by name. */
  static List<FigureStore.Sharing> engines(Handle handle) {
    return handle
        .createQuery(
            "SELECT node, joined_at,"
                + " (SELECT count(*) FROM lane_slot s WHERE s.node = e.node), until_at < "
                + NOW
                + " FROM engine_node e ORDER BY node")
        .map(
            (rs, ctx) ->
                new FigureStore.Sharing(
                    rs.getString(1),
                    Instant.ofEpochMilli(rs.getLong(2)),
                    rs.getInt(3),
                    rs.getBoolean(4)))
        .list();
  }

  /** The engine is there, under a name that nobody had before. */
  void join(String node) {
    run(
        handle ->
            handle.execute(
                "INSERT INTO engine_node (node, joined_at, until_at)"
                    + (" VALUES (?, " + NOW + ", " + NOW + " + ?)"),
                node,
                times.lease().toMillis()));
  }

  /**
   * The engine is still there.
   *
   * @return false if the others have taken it for gone
   */
  boolean renew(String node) {
    return run(
            handle ->
                handle.execute(
                    "UPDATE engine_node SET until_at = " + NOW + " + ? WHERE node = ?",
                    times.lease().toMillis(),
                    node))
        == 1;
  }

  /**
   * Takes up to the fair share of what is nobody's.
   *
   * @param bury first removes the engines that gave no sign for the time of a lease. An engine
   *     whose sign comes in that moment waits for us and finds itself removed, or we wait for it
   *     and find it alive: never both
   */
  Share follow(String node, boolean bury) {
    return run(
        handle ->
            handle.inTransaction(
                one -> {
                  boolean turn = one.createQuery(TURN).mapTo(Boolean.class).one();
                  if (turn && bury) {
                    one.execute(
                        "DELETE FROM engine_node WHERE node <> ? AND until_at < " + NOW, node);
                  }
                  Share share = share(one, node);
                  int missing = share.fair() - share.owned().size();
                  if (!turn || missing <= 0 || !there(one, node)) {
                    return share;
                  }
                  take(one, node, missing);
                  return share(one, node);
                }));
  }

  private static boolean there(Handle handle, String node) {
    return handle
            .createQuery("SELECT count(*) FROM engine_node WHERE node = :node")
            .bind("node", node)
            .mapTo(Integer.class)
            .one()
        == 1;
  }

  private static void take(Handle handle, String node, int most) {
    handle
        .createUpdate(
            "UPDATE lane_slot SET node = :node, fence = fence + 1 WHERE slot IN (" + FREE + ")")
        .bind("node", node)
        .bind("most", most)
        .execute();
  }

  private static Share share(Handle handle, String node) {
    Map<Integer, Lease> owned = new HashMap<>();
    handle
        .createQuery("SELECT slot, fence FROM lane_slot WHERE node = :node")
        .bind("node", node)
        .map((rs, ctx) -> new Lease(rs.getInt(1), rs.getLong(2)))
        .forEach(lease -> owned.put(lease.slot(), lease));
    int engines = handle.createQuery("SELECT count(*) FROM engine_node").mapTo(Integer.class).one();
    return new Share(owned, engines);
  }

  /** They are nobody's from now on. */
  void release(String node, Collection<Integer> slots) {
    run(
        handle ->
            handle
                .createUpdate(
                    "UPDATE lane_slot SET node = '', fence = fence + 1"
                        + " WHERE node = :node AND slot IN (<slots>)")
                .bind("node", node)
                .bindList("slots", List.copyOf(slots))
                .execute());
  }

  /** The engine is gone, and what it had is nobody's. */
  void leave(String node) {
    run(
        handle ->
            handle.inTransaction(
                one -> {
                  one.execute("DELETE FROM engine_node WHERE node = ?", node);
                  return one.execute(
                      "UPDATE lane_slot SET node = '', fence = fence + 1 WHERE node = ?", node);
                }));
  }

  /**
   * Whether a lease still stands; if so it stands until this transaction ends: whoever would take
   * the slot over waits for it.
   */
  static boolean stands(Handle handle, Lease lease) {
    return handle
        .createQuery("SELECT fence FROM lane_slot WHERE slot = :slot AND fence = :fence FOR SHARE")
        .bind("slot", lease.slot())
        .bind("fence", lease.fence())
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  private <T> T run(WriterStore.Work<T> work) {
    try {
      return jdbi.withHandle(work::run);
    } catch (JdbiException failure) {
      throw new JournalException("the leases cannot be read or written", WriterStore.root(failure));
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
