package org.millrace.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.journal.TestPostgres;

/**
 * Kills engines at points or at random, waits until all is delivered, and has the history judged.
 */
final class CrashRun implements AutoCloseable {
  private static final Duration MET_WITHIN = Duration.ofSeconds(40);
  private static final int SENDERS = 4;
  private static final int MANY = 16;

  /** About as long as an engine that has just started is busy with a batch. */
  private static final int AMID_BATCH_MILLIS = 120;

  private final Scene scene;
  private final WatchedCerner cerner;
  private final History history;
  private final Random random;
  private final EngineProcess engine;

  /**
   * @param folder for the journal, the history and the engine's log; kept, so that a failed run can
   *     be looked into
   * @param seed decides all that is left to chance
   */
  CrashRun(Path folder, long seed, Scene.Layout layout) throws IOException, InterruptedException {
    this.scene = new Scene(folder, seed, layout);
    this.cerner = scene.cerner();
    this.history = scene.history();
    this.random = scene.random();
    this.engine = scene.engine();
  }

  /** Kills the engine once at this point, starts it again, and waits until all is delivered. */
  void killAt(CrashPoint point) throws IOException, InterruptedException {
    scene.startEngines();
    cerner.losing(0);
    CountDownLatch met = new CountDownLatch(1);
    Runnable kill =
        () -> {
          history.add("kill", point);
          engine.kill();
          met.countDown();
        };
    AtomicBoolean wanted = new AtomicBoolean(true);
    List<Thread> senders = begin(point, kill, wanted);
    if (!met.await(MET_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the engine did not come to " + point + " in time");
    }
    cerner.losing(0);
    scene.faults("[]");
    if (point == CrashPoint.STARTING) {
      engine.launch();
      TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(2_500));
      kill.run();
    }
    engine.start();
    history.add("start");
    for (Thread sender : senders) {
      sender.join();
    }
    scene.awaitDrained();
  }

  private List<Thread> begin(CrashPoint point, Runnable kill, AtomicBoolean wanted)
      throws IOException, InterruptedException {
    switch (point) {
      case FRAME_HALF_SENT, FRAME_SENT -> {
        List<Thread> threads = senders(SENDERS, 2, wanted);
        SendingSystem unheard = new SendingSystem("LABX", List.of(engine.mllpPort()), history);
        SendingSystem.Patient patient = SendingSystem.Patient.of(0);
        String id = writeOnly(unheard, patient, point == CrashPoint.FRAME_SENT);
        kill.run();
        threads.add(Scene.started(unheard, sender -> sender.send(id, patient, wanted::get)));
        return threads;
      }
      case ACKNOWLEDGED -> {
        SendingSystem first = scene.sender(0);
        first.send(1, wanted::get);
        first.close();
        kill.run();
        return senders(SENDERS, 2, wanted);
      }
      case AMID_MANY, STARTING -> {
        List<Thread> many = senders(MANY, 4, wanted);
        TimeUnit.MILLISECONDS.sleep(20 + random.nextInt(200));
        kill.run();
        return many;
      }
      case AMID_BATCH -> {
        List<Thread> threads = senders(SENDERS, 2, wanted);
        BatchSender sender = new BatchSender(scene.sender(SENDERS), engine.mllpPort(), history);
        try (Socket connection = sender.write()) {
          rest(Duration.ofMillis(random.nextInt(AMID_BATCH_MILLIS)));
          kill.run();
        }
        threads.add(Scene.started(scene.sender(SENDERS), any -> sender.send(wanted::get)));
        return threads;
      }
      case TOKEN_ASKED, TOKEN_HALF_ANSWERED -> {
        // Only an engine that has just started asks for one, and may do so before it is ready.
        engine.kill();
        history.add("kill", "before", point);
        watch(point, kill);
        engine.launch();
        history.add("start");
        return senders(SENDERS, 2, wanted);
      }
      case RETRY_WAITING -> {
        scene.faults(
            "[{\"method\":\"POST\",\"path\":\"DocumentReference\",\"status\":503,\"times\":3}]");
        watch(point, () -> soon(kill));
        return senders(SENDERS, 2, wanted);
      }
      case CREATE_STORED_LATE -> {
        watch(
            point,
            () -> {
              kill.run();
              rest(Duration.ofMillis(2_500));
            });
        return senders(SENDERS, 2, wanted);
      }
      default -> {
        if (point.needsLostAnswer()) {
          cerner.losing(1);
        }
        watch(point, kill);
        return senders(SENDERS, 2, wanted);
      }
    }
  }

  private void watch(CrashPoint point, Runnable action) {
    cerner.at(point.watch().orElseThrow(), action);
  }

  private void soon(Runnable kill) {
    rest(Duration.ofMillis(100 + random.nextInt(1_000)));
    kill.run();
  }

  private static void rest(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Writes a message, or half of it, and does not wait for the answer.
   *
   * @return its control id
   */
  private String writeOnly(SendingSystem sender, SendingSystem.Patient patient, boolean whole)
      throws IOException, InterruptedException {
    String id = SendingSystem.nextId();
    byte[] message = sender.message(id, patient);
    history.add("sent", id, sender.name(), patient.number());
    try (Socket socket = new Socket("127.0.0.1", engine.mllpPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(0x0b);
      out.write(message, 0, whole ? message.length : message.length / 2);
      if (whole) {
        out.write(new byte[] {0x1c, 0x0d});
      }
      out.flush();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(8));
    }
    return id;
  }

  private List<Thread> senders(int count, int messages, AtomicBoolean wanted) {
    return scene.senders(count, sender -> sender.send(messages, wanted::get));
  }

  /** Something that goes wrong, and is over when it returns. */
  @FunctionalInterface
  private interface Mishap {
    void happen() throws IOException, InterruptedException;
  }

  /** An engine is killed three times of four, and else stopped in its tracks for a while. */
  void killAtRandom(Duration time, int perSecond, double lostAnswers)
      throws IOException, InterruptedException {
    disturb(time, perSecond, lostAnswers, List.of(this::pause, this::kill, this::kill, this::kill));
  }

  /** The database of the journal is killed or stopped as often as the engine is. */
  void restartDatabase(TestPostgres database, Duration time, int perSecond, double lostAnswers)
      throws IOException, InterruptedException {
    Mishap crash = () -> without(database, "killed", database::crash);
    Mishap stop = () -> without(database, "stopped", database::stop);
    disturb(time, perSecond, lostAnswers, List.of(crash, stop, this::pause, this::kill));
  }

  /** Of several engines, one is killed or stands still; now and then for longer than its lease. */
  void killOneOfSeveral(Duration time, int perSecond, double lostAnswers)
      throws IOException, InterruptedException {
    disturb(time, perSecond, lostAnswers, List.of(this::pauseForLong, this::pause, this::kill));
  }

  /**
   * Senders under way all the time; every 3 to 20 seconds something happens.
   *
   * @param perSecond messages, of all senders together
   * @param lostAnswers share of the answers to creates that are lost
   */
  private void disturb(Duration time, int perSecond, double lostAnswers, List<Mishap> mishaps)
      throws IOException, InterruptedException {
    scene.startEngines();
    cerner.losing(lostAnswers);
    AtomicBoolean wanted = new AtomicBoolean(true);
    List<Thread> senders = scene.senders(SENDERS, perSecond, wanted::get);
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(3_000 + random.nextInt(longestWait(until)));
      mishaps.get(random.nextInt(mishaps.size())).happen();
    }
    wanted.set(false);
    cerner.losing(0);
    for (Thread sender : senders) {
      sender.join();
    }
    scene.awaitDrained();
  }

  private EngineProcess any() {
    return scene.engines().get(random.nextInt(scene.engines().size()));
  }

  private void kill() throws IOException, InterruptedException {
    history.add("kill", "random");
    EngineProcess one = any();
    one.kill();
    one.start();
    history.add("start");
  }

  private void pause() throws IOException, InterruptedException {
    history.add("pause");
    any().pause(Duration.ofMillis(500 + random.nextInt(3_000)));
  }

  private void pauseForLong() throws IOException, InterruptedException {
    history.add("pause", "long");
    any().pause(Duration.ofMillis(14_000 + random.nextInt(5_000)));
  }

  private void without(TestPostgres database, String how, Mishap end)
      throws IOException, InterruptedException {
    history.add("kill", "database", how);
    end.happen();
    rest(Duration.ofMillis(random.nextInt(3_000)));
    database.startAgain();
    history.add("start", "database");
  }

  private static int longestWait(long until) {
    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    return (int) Math.max(1, Math.min(17_000, left - 3_000));
  }

  /** Stops the engines as an operator does, and judges. */
  Judge.Verdict verdict() throws IOException, InterruptedException {
    return scene.verdict();
  }

  @Override
  public void close() throws IOException {
    scene.close();
  }
}
