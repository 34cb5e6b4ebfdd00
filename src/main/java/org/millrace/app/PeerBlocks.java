package org.millrace.app;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.millrace.journal.PeerBlockStore;
import org.millrace.mllp.PeerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which addresses operators have blocked, as the journal had it at most two seconds ago; where it
 * cannot be asked, as it had it last. Thread-safe.
 */
final class PeerBlocks implements Predicate<InetAddress>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerBlocks.class);
  private static final long EACH_SECONDS = 2;

  private final PeerBlockStore store;
  private final ScheduledExecutorService look =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "peer-blocks");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Set<String> blocked;

  /** Whether the log says that they cannot be looked up; for the thread that does it. */
  private boolean told;

  /** Looks for the first time before it returns: nobody gets in who is blocked since before. */
  PeerBlocks(PeerBlockStore store) {
    this.store = store;
    blocked = store.addresses();
    look.scheduleWithFixedDelay(this::follow, EACH_SECONDS, EACH_SECONDS, TimeUnit.SECONDS);
  }

  private void follow() {
    try {
      Set<String> now = store.addresses();
      if (!now.equals(blocked)) {
        LOG.info("operators have blocked {} addresses of MLLP", now.size());
      }
      blocked = now;
      told = false;
    } catch (RuntimeException failed) {
      // The next turn is another try; an exception would end all of them.
      if (!told) {
        LOG.warn("which addresses are blocked cannot be looked up: {}", String.valueOf(failed));
      }
      told = true;
    }
  }

  @Override
  public boolean test(InetAddress address) {
    Set<String> now = blocked;
    return !now.isEmpty() && now.contains(PeerAddress.text(address));
  }

  @Override
  public void close() {
    look.shutdownNow();
  }
}
