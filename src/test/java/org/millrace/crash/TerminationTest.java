package org.millrace.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.cli.Copies;

/** SIGTERM, as an operator or a container platform sends it, at the worst moment. */
class TerminationTest {
  private static final int SENDERS = 12;
  private static final int WORKERS = 8;

  /** What is asked is done at once, and not answered for a minute. */
  private static final String HANGING =
      """
      [{"method":"POST","path":"DocumentReference","latency":"60s"},
       {"path":"Encounter","latency":"60s"}]""";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"stored", "delivered"})
  void itEndsInTimeWithoutAFalseReplyAndTheNextStartDeliversTheRest(String acknowledging)
      throws Exception {
    Scene.Layout layout =
        Scene.Layout.ONE_ENGINE.withJvm(
            "-XX:+UseSerialGC", "-Xmx512m", "-Dmillrace.home=" + home(acknowledging));
    try (Scene scene = new Scene(folder.resolve("run"), 20_261_127L, layout)) {
      scene.startEngines();
      scene.faults(HANGING);
      AtomicBoolean wanted = new AtomicBoolean(true);
      List<Thread> senders = scene.senders(SENDERS, 50, wanted::get);
      CompletableFuture<?> reading = reading(scene.engine());
      // Each worker has found its patient, and hangs in its create.
      await().until(() -> scene.cerner().calls().all() > 2 * WORKERS + 1);

      scene.history().add("kill", "SIGTERM");
      Duration took = scene.engine().stop();
      scene.history().add("ended", took.toMillis());
      assertThat(took).isLessThan(Duration.ofSeconds(10));
      assertThat(reading).as("nobody waits for what was stopped").isCompleted();

      scene.faults("[]");
      scene.startEngines();
      wanted.set(false);
      for (Thread sender : senders) {
        sender.join();
      }
      scene.awaitDrained();
      Judge.Verdict verdict = scene.verdict();
      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
      assertThat(verdict.uncertain()).isEmpty();
      assertThat(verdict.filed()).isGreaterThanOrEqualTo(verdict.acknowledged());
      assertThat(verdict.acknowledged()).isGreaterThanOrEqualTo(SENDERS);
      assertThat(Acknowledgments.read(scene.historyFile()).codes()).containsExactly("AA");
    }
  }

  /** A caller of the FHIR face, who waits for Cerner too. */
  private static CompletableFuture<?> reading(EngineProcess engine) {
    URI encounters =
        URI.create("http://127.0.0.1:" + engine.httpPort() + "/fhir/r4/Encounter?patient=12998000");
    return HttpClient.newHttpClient()
        .sendAsync(HttpRequest.newBuilder(encounters).build(), BodyHandlers.discarding())
        .handle((answer, broken) -> answer);
  }

  /** A home whose feed of results acknowledges so; all else is the repository's. */
  private Path home(String acknowledging) throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Copies.copy(Path.of("mappings"), home.resolve("mappings"));
    Copies.copy(Path.of("routes"), home.resolve("routes"));
    Path feed = home.resolve("routes/oru-r01.camel.yaml");
    String text = Files.readString(feed, StandardCharsets.UTF_8);
    Files.writeString(
        feed,
        text.replace("ORU^R01\n", "ORU^R01\n        ack: " + acknowledging + "\n"),
        StandardCharsets.UTF_8);
    return home;
  }
}
