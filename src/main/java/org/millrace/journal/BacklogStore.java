package org.millrace.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What waits, by feed and by lane. Thread-safe; works on a journal open for reading. */
public final class BacklogStore {
  /** Written out, as in {@link QueueStore}: the planner takes the partial index by these words. */
  private static final String WAITING = "state IN ('QUEUED', 'SENDING', 'RETRYING')";

  private final JournalDatabase journal;

  BacklogStore(JournalDatabase journal) {
    this.journal = journal;
  }

  /**
   * What waits of a feed.
   *
   * @param oldest when the oldest of it was received; empty if nothing waits
   * @param pause what holds it back
   */
  public record OfFeed(
      Feed feed, long waiting, Optional<Instant> oldest, Optional<DeliveryPause> pause) {}

  /**
   * What waits in a lane.
   *
   * @param lane its key
   * @param head the message that is next; empty if nothing waits, and the lane is paused
   * @param pause what holds it back
   */
  public record OfLane(
      String lane, long waiting, Optional<MessageSummary> head, Optional<DeliveryPause> pause) {}

  private record Count(long waiting, long first) {}

  /** All feeds that have taken a message, by name. */
  public List<OfFeed> feeds() {
    return journal.read(
        handle -> {
          Map<String, DeliveryPause> pauses = pauses(handle, DeliveryPause.Kind.FEED);
          Map<String, Count> counts = counts(handle, "feed", "min(received_at)", "");
          return QueueStore.feedsOnRecord(handle).stream()
              .sorted((one, other) -> one.name().compareTo(other.name()))
              .map(
                  feed -> {
                    Optional<Count> count = Optional.ofNullable(counts.get(feed.name()));
                    return new OfFeed(
                        feed,
                        count.map(Count::waiting).orElse(0L),
                        count.map(found -> Instant.ofEpochMilli(found.first())),
                        Optional.ofNullable(pauses.get(feed.name())));
                  })
              .toList();
        });
  }

  /**
   * The lanes in which something waits, that of the oldest message first, and those that are
   * paused.
   *
   * @param limit at most so many that are not paused
   */
  public List<OfLane> lanes(int limit) {
    return journal.read(
        handle -> {
          Map<String, DeliveryPause> pauses = pauses(handle, DeliveryPause.Kind.LANE);
          Map<String, Count> counts =
              counts(handle, "lane", "min(id)", " ORDER BY min(id) LIMIT " + limit);
          List<OfLane> lanes = new ArrayList<>();
          counts.forEach(
              (lane, count) ->
                  lanes.add(
                      new OfLane(
                          lane,
                          count.waiting(),
                          journal.listing().find(count.first()),
                          Optional.ofNullable(pauses.remove(lane)))));
          pauses.forEach((lane, pause) -> lanes.add(pausedBeyond(handle, lane, pause)));
          return lanes;
        });
  }

  private OfLane pausedBeyond(Handle handle, String lane, DeliveryPause pause) {
    Count count =
        handle
            .createQuery(
                ("SELECT count(*), coalesce(min(id), 0) FROM message WHERE " + WAITING)
                    + " AND lane = :lane")
            .bind("lane", lane)
            .map((rs, ctx) -> new Count(rs.getLong(1), rs.getLong(2)))
            .one();
    return new OfLane(
        lane, count.waiting(), journal.listing().find(count.first()), Optional.of(pause));
  }

  private static Map<String, DeliveryPause> pauses(Handle handle, DeliveryPause.Kind kind) {
    Map<String, DeliveryPause> pauses = new LinkedHashMap<>();
    PauseStore.inForceWithoutWords(handle).stream()
        .filter(pause -> pause.kind() == kind)
        .forEach(pause -> pauses.put(pause.name(), pause));
    return pauses;
  }

  private static Map<String, Count> counts(Handle handle, String by, String first, String more) {
    Map<String, Count> counts = new LinkedHashMap<>();
    handle
        .createQuery(
            "SELECT "
                + (by + ", count(*), " + first)
                + (" FROM message WHERE " + WAITING + " AND " + by + " IS NOT NULL GROUP BY " + by)
                + more)
        .map((rs, ctx) -> Map.entry(rs.getString(1), new Count(rs.getLong(2), rs.getLong(3))))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /** Lanes whose key begins so, as far as there are messages of them; two at most. */
  public List<String> lanesBeginning(String shown) {
    String key = LaneName.key(shown);
    return journal.read(
        handle ->
            handle
                .createQuery(
                    "SELECT DISTINCT lane FROM message WHERE substr(lane, 1, :short) = :plain"
                        + " OR substr(lane, 1, :long) = :keyed LIMIT 2")
                .bind("short", key.length())
                .bind("plain", key)
                .bind("long", key.length() + SearchKeys.KEYED.length())
                .bind("keyed", SearchKeys.KEYED + key)
                .mapTo(String.class)
                .list());
  }
}
