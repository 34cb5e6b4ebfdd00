package org.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.millrace.crash.EngineProcess;
import org.millrace.journal.PostgresAddress;
import org.millrace.journal.TestPostgres;

/** An engine on a journal of its own, in a process of its own, and the stub it delivers to. */
final class BenchEngine implements AutoCloseable {
  /** As the launcher starts it, and with a heap that a small machine has. */
  private static final List<String> JVM =
      Stream.of(
              EngineProcess.AS_LAUNCHED.stream(),
              Stream.of("-Xmx512m"),
              Stream.of(System.getenv().getOrDefault("MILLRACE_JAVA_OPTIONS", "").split(" ")))
          .flatMap(options -> options)
          .filter(option -> !option.isEmpty())
          .toList();

  private static final Duration FILED_WITHIN = Duration.ofMinutes(3);

  /** What the journal is in. */
  enum Database {
    SQLITE("SQLite"),
    POSTGRESQL("PostgreSQL");

    private final String title;

    Database(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private final Database database;
  private final EngineProcess process;

  private BenchEngine(Database database, EngineProcess process) {
    this.database = database;
    this.process = process;
  }

  /**
   * Starts one on an empty journal.
   *
   * @param folder for journal and log
   * @param server where a PostgreSQL journal is made
   * @param encrypted whether its contents are encrypted
   */
  static BenchEngine start(
      Database database, Path folder, Servers server, FilingStub stub, boolean encrypted)
      throws IOException, InterruptedException {
    Path own = Files.createTempDirectory(folder, database.title() + "-");
    Map<String, String> settings = new TreeMap<>(stub.settings());
    settings.put("MILLRACE_ZONE", "America/Chicago");
    // What the engine can do is measured, not what it lets itself do to a hospital's Cerner.
    settings.put("MILLRACE_LIMIT_CALLS", "100000");
    settings.put("MILLRACE_DATA", own.resolve("journal").toString());
    if (database == Database.POSTGRESQL) {
      PostgresAddress address = server.postgres().newDatabase();
      settings.put("MILLRACE_DATABASE_URL", address.shown());
      settings.put("MILLRACE_DATABASE_USER", address.user());
    }
    if (encrypted) {
      byte[] key = new byte[32];
      new Random(20_261_126L).nextBytes(key);
      settings.put("MILLRACE_JOURNAL_KEY", "bench:" + Base64.getEncoder().encodeToString(key));
    }
    EngineProcess process = new EngineProcess(own.resolve("engine.log"), JVM, settings);
    process.start();
    return new BenchEngine(database, process);
  }

  /** Where a PostgreSQL server is, once somebody asks. */
  @FunctionalInterface
  interface Servers {
    TestPostgres postgres();
  }

  String title() {
    return database.title();
  }

  Database database() {
    return database;
  }

  int port() {
    return process.mllpPort();
  }

  int httpPort() {
    return process.httpPort();
  }

  long waiting() throws InterruptedException {
    return process.waiting();
  }

  EngineWork work() throws IOException {
    return EngineWork.of(process);
  }

  EngineMemory memory() throws IOException, InterruptedException {
    return EngineMemory.of(process);
  }

  /**
   * Waits until all that was acknowledged is filed, and nothing twice.
   *
   * @throws IllegalStateException if it is not
   */
  void mustFileAll(Journeys journeys) throws InterruptedException {
    long until = System.nanoTime() + FILED_WITHIN.toNanos();
    while (!journeys.allFiled() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    if (journeys.lost() > 0 || journeys.filedTwice() > 0) {
      throw new IllegalStateException(
          journeys.lost()
              + " messages were acknowledged and not filed, "
              + journeys.filedTwice()
              + " were filed twice");
    }
  }

  /**
   * What was asked is on record, or will be.
   *
   * @throws IllegalStateException if some of it was lost
   */
  void mustHaveRecordedAll() throws InterruptedException {
    String metrics = process.get("/metrics");
    for (String lost : List.of("millrace_journal_lost_records", "millrace_audit_lost_total")) {
      if (metrics.lines().noneMatch((lost + " 0.0")::equals)) {
        throw new IllegalStateException("records were lost, or it is not told: " + lost);
      }
    }
  }

  /** Kills it: what it has in its journal is nobody's any more. */
  @Override
  public void close() {
    process.close();
  }
}
