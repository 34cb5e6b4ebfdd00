package org.millrace.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Cerner fails while senders go on; the engine is left alone. Both runs end when all is delivered.
 */
final class UpstreamRun implements AutoCloseable {
  private static final int SENDERS = 4;
  private static final Duration BEFORE_AND_AFTER = Duration.ofSeconds(3);

  /** Fewer are delivered in a second only by an engine that has come to a stand. */
  private static final int SLOWEST = 25;

  /** Of a message without a visit: one for its patient, one for its document. */
  private static final int CALLS_EACH = 2;

  private final Scene scene;
  private final WatchedCerner cerner;
  private final History history;

  UpstreamRun(Path folder, long seed) throws IOException, InterruptedException {
    this.scene = new Scene(folder, seed, Scene.Layout.ONE_ENGINE);
    this.cerner = scene.cerner();
    this.history = scene.history();
  }

  /**
   * What an outage did.
   *
   * @param acknowledging what senders were answered while it lasted
   * @param calls that Cerner was asked meanwhile
   * @param waiting messages in the journal at its end
   * @param drained how long these took to be delivered
   */
  record Outage(Acknowledgments acknowledging, long calls, long waiting, Duration drained) {}

  /**
   * Cerner answers everything 503, and from half of the time on it breaks every connection.
   *
   * @param perSecond messages, of all senders together
   */
  Outage outage(Duration time, int perSecond) throws IOException, InterruptedException {
    scene.startEngines();
    AtomicBoolean wanted = new AtomicBoolean(true);
    List<Thread> senders = scene.senders(SENDERS, perSecond, wanted::get);
    rest(BEFORE_AND_AFTER);
    WatchedCerner.Calls before = cerner.calls();
    history.add("down");
    scene.faults("[{\"path\":\"\",\"status\":503}]");
    rest(time.dividedBy(2));
    cerner.cutting(true);
    rest(time.dividedBy(2));
    history.add("up");
    long waiting = scene.engine().waiting();
    long calls = cerner.calls().since(before).all();
    scene.faults("[]");
    cerner.cutting(false);
    long up = System.nanoTime();
    rest(BEFORE_AND_AFTER);
    end(senders, wanted);
    scene.awaitDrained(BEFORE_AND_AFTER.plusSeconds(waiting / SLOWEST).plusMinutes(2));
    Duration drained = Duration.ofNanos(System.nanoTime() - up);
    return new Outage(
        Acknowledgments.read(scene.historyFile()).between("down", "up"), calls, waiting, drained);
  }

  /**
   * What throttling did.
   *
   * @param first the calls of the first part of the time
   * @param later those of the rest of it
   */
  record Throttled(WatchedCerner.Calls first, WatchedCerner.Calls later) {}

  /**
   * Cerner takes only so many calls a second, and messages ask for so many more that three of ten
   * would be turned away.
   *
   * @param learning the first part of the time
   */
  Throttled throttled(Duration time, Duration learning, double capacity)
      throws IOException, InterruptedException {
    scene.startEngines();
    cerner.taking(capacity);
    AtomicBoolean wanted = new AtomicBoolean(true);
    int perSecond = (int) Math.ceil(capacity / 0.7 / CALLS_EACH);
    WatchedCerner.Calls begun = cerner.calls();
    List<Thread> senders = scene.senders(SENDERS, perSecond, wanted::get);
    rest(learning);
    WatchedCerner.Calls learnt = cerner.calls();
    rest(time.minus(learning));
    WatchedCerner.Calls ended = cerner.calls();
    end(senders, wanted);
    cerner.taking(0);
    scene.awaitDrained(time.plusMinutes(2));
    return new Throttled(learnt.since(begun), ended.since(learnt));
  }

  Judge.Verdict verdict() throws IOException, InterruptedException {
    return scene.verdict();
  }

  private static void rest(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  private static void end(List<Thread> senders, AtomicBoolean wanted) throws InterruptedException {
    wanted.set(false);
    for (Thread sender : senders) {
      sender.join();
    }
  }

  @Override
  public void close() throws IOException {
    scene.close();
  }
}
