package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Engine;
import org.millrace.app.SandboxBench;
import org.millrace.app.Typed;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.PostgresAddress;
import org.millrace.journal.TestPostgres;

/** Backups of a journal that is in use, and what an engine does on one that was put back. */
final class JournalBackupTest {
  private static final String DOWN = "[{'method':'POST','path':'DocumentReference','status':503}]";

  @TempDir private Path folder;
  private SandboxBench bench;
  private final String key = ContentKeys.written(ContentKeys.fresh("test"));
  private final AtomicInteger stored = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    bench = SandboxBench.start();
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  private Map<String, String> at(String name) {
    return new TreeMap<>(
        Map.of("MILLRACE_DATA", folder.resolve(name).toString(), "MILLRACE_JOURNAL_KEY", key));
  }

  private static Map<String, String> at(PostgresAddress database) {
    return new TreeMap<>(
        Map.of(
            "MILLRACE_DATABASE_URL", database.shown(),
            "MILLRACE_DATABASE_USER", database.user()));
  }

  private Engine engine(Map<String, String> place) throws Exception {
    return bench.engine(folder.resolve("unused"), place);
  }

  private Ran run(Map<String, String> place, String... arguments) throws Exception {
    List<String> lines = place.entrySet().stream().map(Object::toString).toList();
    Path config = Files.write(Files.createTempFile(folder, "site", ".properties"), lines);
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--config", config.toString()));
    return Ran.run(all.toArray(String[]::new));
  }

  private Ran fine(Map<String, String> place, String... arguments) throws Exception {
    Ran ran = run(place, arguments);
    assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
    return ran;
  }

  private void send(Engine engine, String controlId) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve(controlId + ".hl7"), Typed.result(controlId, "F-" + controlId));
    int sent =
        Millrace.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .execute("send", "--to", "127.0.0.1:" + engine.mllpPort(), file.toString());
    assertThat(sent).isZero();
  }

  private JsonNode listed(Map<String, String> place, String controlId) throws Exception {
    return SandboxBench.json(
        fine(place, "messages", "list", "--json", "--control-id", controlId).out());
  }

  private void awaitState(Map<String, String> place, String controlId, String state) {
    await()
        .untilAsserted(
            () ->
                assertThat(listed(place, controlId).path("state").asText())
                    .as(controlId)
                    .isEqualTo(state));
  }

  @Test
  void aBackupUnderLoadIsPutBackWholeAndDeliversNothingByItself() throws Exception {
    Map<String, String> lost = at("lost");
    Path file = folder.resolve("journal.backup");
    String end;
    int before;
    try (Engine engine = engine(lost)) {
      send(engine, "DONE");
      awaitState(lost, "DONE", "DELIVERED");
      bench.faults(DOWN);
      send(engine, "WAITS");
      awaitState(lost, "WAITS", "RETRYING");
      before = backUpUnderLoad(engine, lost, file);
      bench.faults("[]");
      awaitState(lost, "WAITS", "DELIVERED");
      send(engine, "LATER");
      awaitState(lost, "LATER", "DELIVERED");
      end = fine(lost, "audit", "verify").out().lines().findFirst().orElseThrow();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .doesNotContain("ZZTESTMILLER", "Seen on the ward");

    Map<String, String> back = at("back");
    Ran restored = fine(back, "journal", "restore", file.toString());

    assertThat(restored.out()).contains("Delivery is paused: oru-r01.");
    assertThat(folder.resolve("back")).isDirectoryContaining(each -> each.endsWith("journal.db"));
    assertThat(folder.resolve("back/restoring")).doesNotExist();
    assertThat(fine(back, "audit", "verify").out()).contains("all as they were written");
    assertThat(fine(back, "audit", "list").out()).contains("restore", "backup");
    assertThat(run(back, "audit", "verify", "--kept", end.substring("end ".length())).exitCode())
        .as("the lost journal had come further")
        .isEqualTo(1);
    for (int i = 0; i < before; i++) {
      assertThat(listed(back, "L" + i).path("message").asLong()).isPositive();
    }
    assertThat(listed(back, "LATER").path("message").isMissingNode()).isTrue();
    waitsUntilResumed(back, end);
  }

  /** How many of the messages that came meanwhile had been acknowledged before it began. */
  private int backUpUnderLoad(Engine engine, Map<String, String> place, Path file)
      throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              while (!enough.get()) {
                try {
                  send(engine, "L" + stored.get());
                } catch (Exception failed) {
                  throw new AssertionError(failed);
                }
                stored.incrementAndGet();
              }
            });
    await().until(() -> stored.get() > 10);
    int before = stored.get();
    Ran backup = fine(place, "journal", "backup", file.toString());
    assertThat(backup.out()).contains("whole");
    int after = stored.get();
    await().until(() -> stored.get() > after);
    enough.set(true);
    load.get();
    byte[] first = Files.readAllBytes(file);
    assertThat(run(place, "journal", "backup", file.toString()).err())
        .contains("is there already and is not written over");
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    assertThat(folder.resolve("journal.backup.partial")).doesNotExist();
    return before;
  }

  private void waitsUntilResumed(Map<String, String> back, String end) throws Exception {
    try (Engine engine = engine(back)) {
      send(engine, "NEW");
      String ready =
          SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/ready").body();
      assertThat(SandboxBench.json(ready).at("/paused/0/feed").asText()).isEqualTo("oru-r01");
      assertThat(listed(back, "WAITS").path("state").asText()).isIn("RETRYING", "QUEUED");
      assertThat(listed(back, "NEW").path("state").asText()).isEqualTo("QUEUED");
      send(engine, "LATER");

      fine(back, "feeds", "resume", "oru-r01");

      for (String each : List.of("WAITS", "NEW", "LATER")) {
        awaitState(back, each, "DELIVERED");
        assertThat(bench.documentsTitled("F-" + each + " ")).as(each).hasSize(1);
      }
      assertThat(bench.documentsTitled("F-DONE ")).hasSize(1);
    }
  }

  @Test
  void aFolderWithAJournalOrAnEngineIsLeftAlone() throws Exception {
    Map<String, String> place = at("data");
    Path file = folder.resolve("journal.backup");
    try (Engine engine = engine(place)) {
      assertThat(engine.mllpPort()).isPositive();
      fine(place, "journal", "backup", file.toString());
      assertThat(run(place, "journal", "restore", file.toString()).err())
          .contains("another engine has the journal in");
      assertThat(run(place, "journal", "restored", "--taken", "2026-01-01T00:00:00Z").err())
          .contains("another engine has the journal in");
    }

    assertThat(run(place, "journal", "restore", file.toString()).err())
        .contains("there is a journal in");
    assertThat(run(at("other"), "journal", "restore", folder.resolve("none").toString()).err())
        .contains("there is no file");
    assertThat(run(at("empty"), "journal", "backup", file + "2").err())
        .contains("there is no journal in");
  }

  @Test
  void whatIsNoWholeBackupOfThisKeyIsNotPutBack() throws Exception {
    Map<String, String> place = at("data");
    Path file = folder.resolve("journal.backup");
    engine(place).close();
    assertThat(
            run(at("b"), "journal", "restore", folder.resolve("data/journal.db").toString()).err())
        .contains("is no backup as 'millrace journal backup' makes it");
    fine(place, "journal", "backup", file.toString());
    Map<String, String> otherKey = at("b");
    otherKey.put("MILLRACE_JOURNAL_KEY", ContentKeys.written(ContentKeys.fresh("other")));
    assertThat(run(otherKey, "journal", "restore", file.toString()).err()).contains("key test");

    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 5 * 4096, 9 * 4096, (byte) 7);
    Path damaged = Files.write(folder.resolve("damaged"), bytes);
    assertThat(run(at("b"), "journal", "restore", damaged.toString()).err()).contains("damaged");
    Path text = Files.writeString(folder.resolve("text"), "no database");
    assertThat(run(at("b"), "journal", "restore", text.toString()).err())
        .contains("is no database");

    assertThat(folder.resolve("b/journal.db")).doesNotExist();
    fine(at("b"), "journal", "restore", file.toString());
  }

  @Test
  void aJournalInPostgresIsCopiedByTheCommandThatIsTold() throws Exception {
    Map<String, String> lost = at(TestPostgres.shared().newDatabase());
    PostgresAddress target = TestPostgres.shared().newDatabase();
    Path file = folder.resolve("journal.dump");
    Instant taken;
    try (Engine engine = engine(lost)) {
      bench.faults(DOWN);
      send(engine, "WAITS");
      awaitState(lost, "WAITS", "RETRYING");
      Ran told = run(lost, "journal", "backup", file.toString());
      assertThat(told.exitCode()).isNotZero();
      assertThat(told.err()).contains("nothing was copied", "pg_dump --format=custom");
      taken = Clock.systemUTC().instant();
      shell(told.err().substring(told.err().indexOf("pg_dump")).strip());
      bench.faults("[]");
      awaitState(lost, "WAITS", "DELIVERED");
      assertThat(run(lost, "journal", "restored", "--taken", taken.toString()).err())
          .contains("is in use: stop its engines first");
    }
    String[] server = target.servers().split(":");
    shell(
        "pg_restore --exit-on-error --no-owner --host=%s --port=%s --username=%s --dbname=%s %s"
            .formatted(server[0], server[1], target.user(), target.database(), file));

    filesNothingTwiceOn(target, taken);
    assertThat(run(at(target), "journal", "restore", file.toString()).err()).contains("pg_restore");
  }

  @Test
  void aJournalInPostgresThatWasPutBackByOtherMeansFilesNothingTwice() throws Exception {
    PostgresAddress source = TestPostgres.shared().newDatabase();
    Map<String, String> lost = at(source);
    bench.faults(DOWN);
    try (Engine engine = engine(lost)) {
      send(engine, "WAITS");
      awaitState(lost, "WAITS", "RETRYING");
    }
    Instant taken = Clock.systemUTC().instant();
    PostgresAddress target = TestPostgres.shared().copyOf(source);
    bench.faults("[]");
    try (Engine engine = engine(lost)) {
      assertThat(engine.mllpPort()).isPositive();
      awaitState(lost, "WAITS", "DELIVERED");
    }

    filesNothingTwiceOn(target, taken);
  }

  private void filesNothingTwiceOn(PostgresAddress target, Instant taken) throws Exception {
    Map<String, String> back = at(target);
    assertThat(run(back, "journal", "restored", "--taken", "yesterday").err()).contains("--taken");
    assertThat(fine(back, "journal", "restored", "--taken", taken.toString()).out())
        .contains("Delivery is paused: oru-r01.");

    assertThat(fine(back, "audit", "verify").out()).contains("all as they were written");
    try (Engine engine = engine(back)) {
      assertThat(engine.mllpPort()).isPositive();
      assertThat(listed(back, "WAITS").path("state").asText()).isIn("RETRYING", "QUEUED");
      fine(back, "feeds", "resume", "oru-r01");
      awaitState(back, "WAITS", "DELIVERED");
    }
    assertThat(bench.documentsTitled("F-WAITS ")).hasSize(1);
  }

  /** Skips the test where PostgreSQL's own programs are not there, or older than the server. */
  private void shell(String command) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    int rc =
        new ProcessBuilder("sh", "-c", command)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start()
            .waitFor();
    String output = Files.readString(said, StandardCharsets.UTF_8);
    Assumptions.assumeFalse(
        rc == 127 || output.contains("server version mismatch"), "no fitting pg_dump here");
    assertThat(rc).as(command + "\n" + output).isZero();
  }
}
