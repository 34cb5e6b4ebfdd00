package org.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.millrace.journal.PostgresAddress;
import org.millrace.journal.TestPostgres;

/**
 * One run of the benchmark of delivery: engines, each in a process of its own, and in this one
 * their senders, the stub, the echo and the raw commits that they are held against.
 *
 * <p>Rounds of all contestants alternate, each round in another order, and the first round of each
 * counts for nothing: what the machine does besides meets all of them alike.
 */
final class DeliveryRun implements AutoCloseable {
  /** A round with more ends early; an echo on a quick machine comes to half of it. */
  private static final int MOST_PER_SECOND = 200_000;

  /** So many may be on their way at once: enough for every worker, and soon drained. */
  private static final int UNDER_WAY = 2_000;

  private final Settings settings;
  private final FilingStub stub = new FilingStub();
  private final MllpEcho echo = new MllpEcho();
  private final List<BenchEngine> engines = new ArrayList<>();
  private @Nullable TestPostgres postgres;
  private int nextNumber = 1;

  /**
   * What is measured.
   *
   * @param folder on the disk that is to be measured
   * @param round how long each contestant is under load in a round
   * @param rounds that count; one more comes before them
   * @param connections how many senders there are at once, one table row each
   * @param visits whether messages name a visit, which costs a call more
   */
  record Settings(
      Path folder,
      List<BenchEngine.Database> databases,
      Duration round,
      int rounds,
      List<Integer> connections,
      boolean visits,
      boolean encrypted) {
    int most() {
      return Collections.max(connections);
    }
  }

  DeliveryRun(Settings settings) throws IOException {
    this.settings = settings;
    Files.createDirectories(settings.folder());
  }

  /** The server that all PostgreSQL journals of this run are on. */
  private synchronized TestPostgres postgres() {
    TestPostgres server = postgres;
    if (server == null) {
      server = TestPostgres.own(settings.folder());
      postgres = server;
    }
    return server;
  }

  BenchEngine start(BenchEngine.Database database) throws IOException, InterruptedException {
    BenchEngine engine =
        BenchEngine.start(database, settings.folder(), this::postgres, stub, settings.encrypted());
    engines.add(engine);
    return engine;
  }

  private Journeys journeys(Duration time, int underWay) {
    return new Journeys(nextNumber, (int) (MOST_PER_SECOND * time.toMillis() / 1000), underWay);
  }

  private Senders.Sent send(int port, int connections, int perSecond, Journeys journeys)
      throws IOException, InterruptedException {
    Senders.Load load =
        new Senders.Load(connections, perSecond, settings.round(), settings.visits());
    Senders.Sent sent = Senders.send(port, load, journeys);
    nextNumber = journeys.nextNumber();
    return sent;
  }

  /** A round of one contestant, under a number of connections. */
  @FunctionalInterface
  private interface Round {
    void run(int connections, Series into) throws Exception;
  }

  /**
   * How fast messages get from their senders into the chart, and how long that takes.
   *
   * @param perSecond how many come where it is measured how long one takes
   * @return by contestant: the echo, then each engine under full load, then each under that pace
   */
  Map<String, Series> filing(List<BenchEngine> contestants, int perSecond) throws Exception {
    stub.away(false);
    Map<String, Round> rounds = new LinkedHashMap<>();
    rounds.put("MLLP echo", this::echoed);
    for (BenchEngine engine : contestants) {
      rounds.put(engine.title(), (connections, into) -> filed(engine, connections, 0, into));
    }
    for (BenchEngine engine : contestants) {
      rounds.put(
          engine.title() + ", " + perSecond + " a second",
          (connections, into) -> filed(engine, connections, perSecond, into));
    }
    return alternate(rounds, settings.most());
  }

  /**
   * How fast messages are on disk and acknowledged while Cerner is away, so that nothing else is
   * done.
   *
   * @return by contestant: the echo, then of each database its raw commits and the engine
   */
  Map<String, Series> acknowledging(List<BenchEngine> contestants, int connections)
      throws Exception {
    stub.away(true);
    Map<String, Round> rounds = new LinkedHashMap<>();
    rounds.put("MLLP echo", this::echoed);
    for (BenchEngine engine : contestants) {
      rounds.put(raw(engine), (senders, into) -> committed(engine, senders, into));
      rounds.put(engine.title(), (senders, into) -> acknowledged(engine, senders, into));
    }
    return alternate(rounds, connections);
  }

  /** What the raw commits in an engine's database are called. */
  static String raw(BenchEngine engine) {
    return engine.title() + ", raw commits";
  }

  private Map<String, Series> alternate(Map<String, Round> rounds, int connections)
      throws Exception {
    Map<String, Series> all = new LinkedHashMap<>();
    rounds.keySet().forEach(title -> all.put(title, new Series(title)));
    List<String> order = new ArrayList<>(rounds.keySet());
    for (int i = 0; i <= settings.rounds(); i++) {
      for (String title : order) {
        Series counted = all.getOrDefault(title, new Series(title));
        Round round = rounds.getOrDefault(title, (senders, into) -> {});
        round.run(connections, i == 0 ? new Series(title) : counted);
      }
      Collections.rotate(order, 1);
    }
    return all;
  }

  private void echoed(int connections, Series into) throws Exception {
    Journeys journeys = journeys(settings.round(), Integer.MAX_VALUE);
    Senders.Sent sent = send(echo.port(), connections, 0, journeys);
    into.add(sent.perSecond(), sent.acknowledging());
  }

  private void acknowledged(BenchEngine engine, int connections, Series into) throws Exception {
    long before = engine.waiting();
    Journeys journeys = journeys(settings.round(), Integer.MAX_VALUE);
    Senders.Sent sent = send(engine.port(), connections, 0, journeys);
    long stored = engine.waiting() - before;
    if (stored != journeys.acknowledged()) {
      throw new IllegalStateException(
          journeys.acknowledged() + " messages were acknowledged, and " + stored + " are there");
    }
    into.add(sent.perSecond(), sent.acknowledging());
  }

  private void filed(BenchEngine engine, int connections, int perSecond, Series into)
      throws Exception {
    Journeys journeys = journeys(settings.round(), UNDER_WAY);
    stub.tell(journeys);
    long begun = System.nanoTime();
    send(engine.port(), connections, perSecond, journeys);
    double filed = journeys.filed() * 1e9 / (System.nanoTime() - begun);
    engine.mustFileAll(journeys);
    into.add(filed, journeys.filing());
  }

  private void committed(BenchEngine engine, int senders, Series into) throws Exception {
    Path folder = Files.createTempDirectory(settings.folder(), "raw-");
    try (RawCommits commits = rawCommits(engine, folder)) {
      committed(commits, senders, into);
    }
  }

  private RawCommits rawCommits(BenchEngine engine, Path folder) {
    if (engine.database() == BenchEngine.Database.SQLITE) {
      return RawCommits.sqlite(folder.resolve("raw.db"));
    }
    PostgresAddress address = postgres().newDatabase();
    return RawCommits.postgres(() -> postgres().connect(address.database()));
  }

  private void committed(RawCommits commits, int senders, Series into) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(senders);
    long begun = System.nanoTime();
    long until = begun + settings.round().toNanos();
    List<Future<long[]>> storing = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      LoadMessages messages = new LoadMessages("LAB" + i, settings.visits());
      storing.add(threads.submit(storing(commits, messages, until)));
    }
    threads.shutdown();
    List<long[]> took = new ArrayList<>();
    for (Future<long[]> each : storing) {
      took.add(each.get());
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    long[] all = took.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    into.add(all.length / seconds, Spread.of(all));
  }

  private static Callable<long[]> storing(RawCommits commits, LoadMessages messages, long until) {
    return () -> {
      Times times = new Times();
      for (int number = 0; System.nanoTime() < until; number++) {
        long begun = System.nanoTime();
        commits.store(messages.message(number));
        times.add(System.nanoTime() - begun);
      }
      return times.all();
    };
  }

  /**
   * A steady load on one engine; each minute is told as it ends.
   *
   * @param perSecond how many messages come
   */
  List<Minute> minutes(BenchEngine engine, int minutes, int perSecond, Told told) throws Exception {
    stub.away(false);
    Duration time = Duration.ofMinutes(minutes);
    Journeys journeys =
        new Journeys(nextNumber, 2 * perSecond * (int) time.toSeconds() + 1_000, UNDER_WAY);
    stub.tell(journeys);
    Senders.Load load = new Senders.Load(settings.most(), perSecond, time, settings.visits());
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<Senders.Sent> sending = thread.submit(() -> Senders.send(engine.port(), load, journeys));
    thread.shutdown();
    List<Minute> all = new ArrayList<>();
    long begun = System.nanoTime();
    int before = 0;
    EngineWork workBefore = engine.work();
    for (int i = 1; i <= minutes; i++) {
      long due = begun + TimeUnit.MINUTES.toNanos(i);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      int filed = journeys.filed();
      EngineWork work = engine.work();
      Minute minute =
          new Minute(i, filed - before, work.since(workBefore), engine.waiting(), engine.memory());
      before = filed;
      workBefore = work;
      all.add(minute);
      told.tell(minute);
    }
    sending.get();
    nextNumber = journeys.nextNumber();
    engine.mustFileAll(journeys);
    return all;
  }

  /** Who is told of each minute. */
  @FunctionalInterface
  interface Told {
    void tell(Minute minute);
  }

  /**
   * How a minute ended.
   *
   * @param filed messages in it
   * @param work of the engine in it
   * @param waiting messages in the journal that are not delivered
   */
  record Minute(int number, int filed, EngineWork work, long waiting, EngineMemory memory) {}

  @Override
  public void close() throws IOException {
    engines.forEach(BenchEngine::close);
    stub.close();
    echo.close();
    TestPostgres server = postgres;
    if (server != null) {
      server.close();
    }
  }
}
