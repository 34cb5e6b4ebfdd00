package org.millrace.journal;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A PostgreSQL server for tests: one for all of them, or one of a test's own that it may kill. */
public final class TestPostgres implements AutoCloseable {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static @Nullable TestPostgres shared;
  private static String whyNot = "";

  private final Path data;
  private final EmbeddedPostgres server;
  private final List<String> commandLine = new ArrayList<>();

  private TestPostgres(Path data) throws IOException {
    this.data = data;
    this.server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "off")
            .setServerConfig("max_connections", "200")
            .setPGStartupWait(Duration.ofSeconds(60))
            .start();
  }

  /** The server that all tests share; those that need it are skipped where there can be none. */
  public static synchronized TestPostgres shared() {
    Assumptions.assumeTrue(whyNot.isEmpty(), whyNot);
    if (shared == null) {
      // It is stopped, and its folder deleted, as the JVM ends.
      shared = started(newFolder());
    }
    return shared;
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("postgres");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static TestPostgres started(Path data) {
    try {
      return new TestPostgres(data);
    } catch (IOException | IllegalStateException failure) {
      whyNot = "no PostgreSQL server can be started here: " + failure;
      return Assumptions.abort(whyNot);
    }
  }

  /** One that the test closes, and may crash; its commits are lost in a crash unless asked for. */
  public static synchronized TestPostgres own(Path folder) {
    Assumptions.assumeTrue(whyNot.isEmpty(), whyNot);
    return started(folder.resolve("server"));
  }

  /** A fresh, empty database. */
  public PostgresAddress newDatabase() {
    String name = "journal" + DATABASES.incrementAndGet();
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
    return PostgresAddress.read(
        "postgresql://postgres@localhost:" + server.getPort() + "/" + name,
        Optional.empty(),
        Optional.empty());
  }

  /** A database that holds what this one does, to which nobody is connected. */
  public PostgresAddress copyOf(PostgresAddress source) {
    String name = "journal" + DATABASES.incrementAndGet();
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE " + source.database());
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
    return new PostgresAddress(
        source.servers(), name, source.options(), source.user(), source.password());
  }

  /** Into one of its databases, past the engine. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + server.getPort() + "/" + database, "postgres", "");
  }

  /** As a power cut does it: every process of it is gone at once. */
  public void crash() throws IOException {
    ProcessHandle postmaster = postmaster();
    List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
    all.add(0, postmaster);
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().join();
    }
  }

  /** As an upgrade or a failover does it: whoever is connected is sent away, nothing is lost. */
  public void stop() throws IOException, InterruptedException {
    ProcessHandle postmaster = postmaster();
    new ProcessBuilder("kill", "-INT", String.valueOf(postmaster.pid())).start().waitFor();
    postmaster.onExit().join();
  }

  /** Remembers how it was started. */
  private ProcessHandle postmaster() throws IOException {
    String pid =
        Files.readAllLines(data.resolve("postmaster.pid"), StandardCharsets.UTF_8).get(0).strip();
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    commandLine.clear();
    commandLine.add(postmaster.info().command().orElseThrow());
    commandLine.addAll(List.of(postmaster.info().arguments().orElseThrow()));
    return postmaster;
  }

  /** After a crash or a stop: the same server on the same port. */
  public void startAgain() throws IOException {
    List<String> command = new ArrayList<>(commandLine);
    if (ProcessHandle.current().info().user().orElse("").equals("root")) {
      // It refuses to be root; in a namespace of its own it is nobody.
      command.addAll(0, List.of("unshare", "-U"));
    }
    new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(data.resolve("restart.log").toFile())
        .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> {
              try (Connection connection = connect("postgres")) {
                return connection.isValid(5);
              }
            });
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
