package org.millrace.routing;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.millrace.hl7.V2Header;

/** The queries of this engine whose senders wait for an answer. Thread-safe. */
public final class QueriesInWork {
  private final AtomicLong last = new AtomicLong();
  private final Map<Long, Asked> asked = new ConcurrentHashMap<>();

  /**
   * A query.
   *
   * @param header as received
   * @param peer where it came from
   * @param since when it was received
   */
  public record Asked(V2Header header, String feed, String peer, Instant since) {}

  /** Begins one; to be told when its answer is there, whatever that is. */
  Runnable begin(V2Header header, String feed, String peer, Instant since) {
    long number = last.incrementAndGet();
    asked.put(number, new Asked(header, feed, peer, since));
    return () -> asked.remove(number);
  }

  /** The oldest first. */
  public List<Asked> all() {
    return asked.values().stream().sorted(Comparator.comparing(Asked::since)).toList();
  }
}
