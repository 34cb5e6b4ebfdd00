package org.millrace.guard;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a gate put on record how many it turned away, every ten seconds and at the end: whoever is
 * turned away and does not come back would never be counted. Thread-safe.
 */
public final class DenialCounts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DenialCounts.class);

  private final Gate gate;
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "denial-counts");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param gate with all it shares with those of other tenants
   */
  public DenialCounts(Gate gate) {
    this.gate = gate;
    long seconds = RateLimit.QUIET.toSeconds();
    clock.scheduleWithFixedDelay(this::tell, seconds, seconds, TimeUnit.SECONDS);
  }

  private void tell() {
    try {
      gate.tellRest(false);
    } catch (RuntimeException bug) {
      // Else it would be the last time.
      LOG.error("counting denials goes on after {}", bug.getClass().getName());
    }
  }

  /** Once nobody is asked any more, and before the journal closes. */
  @Override
  public void close() {
    clock.shutdownNow();
    gate.tellRest(true);
  }
}
