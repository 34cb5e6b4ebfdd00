package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerState;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.Note;
import org.millrace.journal.SampleMessages;

/** Kills an engine in another process at the worst moments, and goes on with its journal. */
class CrashTest {
  private Path folder;

  @BeforeEach
  void use(@TempDir Path empty) {
    folder = empty;
  }

  @Test
  void killedRightAfterAaTheMessageIsFiledOnceAfterTheRestart() throws Exception {
    String reply = runUntil("accept", "REPLY ");
    assertThat(reply).isEqualTo("AA");
    try (JournalDatabase looking = JournalDatabase.openReadOnly(folder, Clock.systemUTC())) {
      assertThat(looking.listing().list(MessageFilter.any().withControlId("A1"))).hasSize(1);
    }

    try (DeliveryFixture engine = new DeliveryFixture(folder)) {
      assertThat(engine.line("A1").state()).isEqualTo(MessageState.QUEUED);
      engine.clock.forward(Duration.between(engine.clock.instant(), later(engine)));
      assertThat(engine.accept(SampleMessages.oru("A1", "one"))).isEqualTo("AA");
      engine.start().await("A1", MessageState.DELIVERED);

      assertThat(engine.chart.texts()).containsExactly("one");
    }
  }

  @Test
  void killedBetweenSendingAndAnswerTheDocumentIsFoundAndNotFiledAgain() throws Exception {
    String stored = runUntil("deliver", "STORED ");

    try (DeliveryFixture engine = new DeliveryFixture(folder)) {
      engine.chart.put((ObjectNode) new ObjectMapper().readTree(stored));
      assertThat(engine.line("A1").state()).isEqualTo(MessageState.SENDING);
      assertThat(engine.journey("A1").ledger().get(0).state()).isEqualTo(LedgerState.SENT);
      engine.clock.forward(Duration.between(engine.clock.instant(), later(engine)));
      engine.start().await("A1", MessageState.DELIVERED);

      assertThat(engine.chart.documents()).hasSize(1);
      assertThat(engine.chart.count("create")).isZero();
      assertThat(engine.journey("A1").notes()).extracting(Note::code).containsExactly("settled");
    }
  }

  /** The child went by the real clock; ours must not stand before it. */
  private static Instant later(DeliveryFixture engine) {
    return engine.line("A1").receivedAt().plusSeconds(60);
  }

  /** Starts the child, waits for a line that begins so, kills it, and returns the line's rest. */
  private String runUntil(String what, String begin) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    CrashingEngine.class.getName(),
                    folder.toString(),
                    what))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(begin)) {
          return line.substring(begin.length());
        }
      }
      throw new AssertionError("the engine ended before it said " + begin);
    } finally {
      child.destroyForcibly().waitFor();
    }
  }
}
