package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.millrace.app.Typed.field;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.ReplyState;

/** What a route file says of its feed, as senders notice it on the wire. */
final class FeedSettingsTest {
  private static SandboxBench bench;

  @TempDir Path home;

  @BeforeAll
  static void startSandbox() throws IOException {
    bench = SandboxBench.start();
  }

  @AfterAll
  static void stopSandbox() {
    bench.close();
  }

  @BeforeEach
  void copyRoutesAndMappings() throws IOException {
    bench.reset();
    for (String folder : new String[] {"routes", "mappings"}) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        for (Path each : all.toList()) {
          Files.copy(each, home.resolve(each.toString()));
        }
      }
    }
  }

  /**
   * @param parameters of the feed of ORU^R01, each with its blanks and line end
   */
  private void feed(String... parameters) throws IOException {
    Path file = home.resolve("routes/oru-r01.camel.yaml");
    StringBuilder lines = new StringBuilder("messages: ORU^R01\n");
    for (String each : parameters) {
      lines.append("        ").append(each).append('\n');
    }
    Files.writeString(file, Files.readString(file).replace("messages: ORU^R01\n", lines));
  }

  private Engine engine() throws Exception {
    return bench.engineIn(home, home.resolve("data"));
  }

  @Test
  void aReusedControlIdIsRefusedWhereTheFeedSaysSo() throws Exception {
    feed("reused-control-id: refuse");
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(field(socket.exchange(Typed.result("U1", "F1")), "MSA", 1)).isEqualTo("AA");
      String refused = socket.exchange(Typed.result("U1", "F2"));
      assertThat(field(refused, "MSA", 1)).isEqualTo("AE");
      assertThat(field(refused, "ERR", 2)).isEqualTo("MSH^1^10");
      assertThat(field(refused, "ERR", 3)).startsWith("205^");
      // What was refused left no trace: the first message is still known as the same.
      assertThat(field(socket.exchange(Typed.result("U1", "F1")), "MSA", 1)).isEqualTo("AA");
    }
  }

  @Test
  void withAckDeliveredAaComesOnceTheNoteIsInTheChart() throws Exception {
    feed("ack: delivered");
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      String reply = socket.exchange(Typed.result("D1", "FD1"));

      assertThat(field(reply, "MSA", 1)).isEqualTo("AA");
      assertThat(field(reply, "MSA", 3)).isEmpty();
      assertThat(bench.documentsTitled("FD1")).hasSize(1);

      String unknown = socket.exchange(Typed.result("D2", "FD2", "9999999", "F"));
      assertThat(field(unknown, "MSA", 1)).isEqualTo("AE");
      assertThat(field(unknown, "ERR", 2)).isEqualTo("PID^1^3");
      assertThat(field(unknown, "ERR", 3)).startsWith("204^");
      assertThat(field(unknown, "ERR", 8)).startsWith("no-such-patient: ");
      assertThat(unknown).doesNotContain("9999999").doesNotContain("ZZTEST");
      String again = socket.exchange(Typed.result("D2", "FD2", "9999999", "F"));
      assertThat(field(again, "MSA", 1)).isEqualTo("AE");

      String status = socket.exchange(Typed.result("D3", "FD3", "9900101", "Y"));
      assertThat(field(status, "MSA", 1)).isEqualTo("AE");
      assertThat(field(status, "ERR", 2)).isEqualTo("OBR^1^25");
      assertThat(field(status, "ERR", 3)).startsWith("103^");
    }
  }

  @Test
  void whatCernerRefusesIsToldToTheSenderThatWaits() throws Exception {
    feed("ack: delivered");
    bench.faults("[{'method':'POST','path':'DocumentReference','status':422}]");
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      String reply = socket.exchange(Typed.result("R1", "FR1"));

      assertThat(field(reply, "MSA", 1)).isEqualTo("AE");
      assertThat(field(reply, "ERR", 2)).isEqualTo("OBR^1");
      assertThat(field(reply, "ERR", 3)).startsWith("207^");
      assertThat(field(reply, "ERR", 8)).startsWith("refused: ");
    }
  }

  @Test
  void whoWaitsInVainIsToldThatItIsPendingAndLaterWhatCameOfIt() throws Exception {
    feed("ack: delivered", "ack-within: 1s", "ack-late: AE");
    bench.faults("[{'method':'POST','path':'DocumentReference','status':503}]");
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      String late = socket.exchange(Typed.result("L1", "FL1"));
      assertThat(field(late, "MSA", 1)).isEqualTo("AE");
      assertThat(field(late, "MSA", 3)).startsWith("stored, delivery pending");

      bench.faults("[]");
      await().untilAsserted(() -> assertThat(bench.documentsTitled("FL1")).hasSize(1));
      await()
          .untilAsserted(
              () ->
                  assertThat(field(socket.exchange(Typed.result("L1", "FL1")), "MSA", 1))
                      .isEqualTo("AA"));
      assertThat(bench.documentsTitled("FL1")).hasSize(1);
    }
  }

  /** Each connection has a thread whether its sender waits or not; none of another is taken. */
  @Test
  void manyWhoWaitHoldUpNobodyElse() throws Exception {
    feed("ack: delivered", "ack-within: 60s");
    Files.writeString(
        home.resolve("routes/stored.camel.yaml"),
        Files.readString(home.resolve("routes/qry-a19.camel.yaml"))
            .replace("qry-a19", "stored")
            .replace("QRY^A19", "ORU^R40")
            .replace("answerPatientQuery", "storeAndAcknowledge"));
    bench.faults("[{'method':'POST','path':'DocumentReference','status':503}]");
    List<RawSocket> waiting = new ArrayList<>();
    try (Engine engine = engine();
        RawSocket other = new RawSocket(engine.mllpPort())) {
      int threadsBefore = Thread.activeCount();
      for (int i = 0; i < 100; i++) {
        RawSocket socket = new RawSocket(engine.mllpPort());
        waiting.add(socket);
        socket.write(RawSocket.frame(Typed.result("W" + i, "FW" + i)));
      }
      await().until(() -> metric(engine, "millrace_senders_waiting") == 100);
      long begun = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        String stored = Typed.result("S" + i, "x").replace("ORU^R01^ORU_R01", "ORU^R40^ORU_R01");
        assertThat(field(other.exchange(stored), "MSA", 1)).isEqualTo("AA");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
      assertThat(Thread.activeCount() - threadsBefore).isLessThan(100 + 40);
    } finally {
      // The engine is stopped by now: nobody was left without an answer.
      for (RawSocket socket : waiting) {
        assertThat(field(socket.reply(), "MSA", 3)).isEqualTo("stored, delivery pending");
        socket.close();
      }
    }
  }

  private static double metric(Engine engine, String name) {
    String url = "http://127.0.0.1:" + engine.managementPort() + "/metrics";
    return SandboxBench.get(url)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  @Test
  void theReplyToASenderThatHungUpIsNotHeard() throws Exception {
    feed("ack: delivered", "ack-within: 2s");
    bench.faults("[{'method':'POST','path':'DocumentReference','status':503}]");
    try (Engine engine = engine()) {
      try (Socket socket = new Socket("127.0.0.1", engine.mllpPort())) {
        socket.setSoLinger(true, 0);
        socket.getOutputStream().write(RawSocket.frame(Typed.result("H1", "FH1")));
        await().until(() -> metric(engine, "millrace_senders_waiting") == 1);
      }
      try (JournalDatabase beside =
          JournalDatabase.openReadOnly(home.resolve("data"), Clock.systemUTC())) {
        await().until(() -> replyOf(beside, "H1") == ReplyState.NOT_HEARD);
        bench.faults("[]");
        try (RawSocket socket = new RawSocket(engine.mllpPort())) {
          socket.exchange(Typed.result("H1", "FH1"));
        }
        await().until(() -> replyOf(beside, "H1") == ReplyState.GIVEN);
      }
    }
  }

  private static ReplyState replyOf(JournalDatabase journal, String controlId) {
    return journal.listing().list(MessageFilter.any().withControlId(controlId)).get(0).replyState();
  }

  @Test
  void overHttpTheReplyWaitsForTheOutcomeToo() throws Exception {
    feed("ack: delivered");
    try (Engine engine = engine()) {
      String url = "http://127.0.0.1:" + engine.httpPort() + "/hl7";
      String reply =
          SandboxBench.post(url, "application/hl7-v2", Typed.result("P1", "FP1", "9999999", "F"))
              .body();

      assertThat(field(reply, "MSA", 1)).isEqualTo("AE");
      assertThat(field(reply, "ERR", 2)).isEqualTo("PID^1^3");
    }
  }

  @Test
  void aStrictFeedTurnsFaultyContentAwayAndQueuesNothingOfIt() throws Exception {
    feed("strict: true");
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      String date = Typed.result("X1", "FX1").replace("19610314", "14.3.1961");
      String reply = socket.exchange(date);
      assertThat(field(reply, "MSA", 1)).isEqualTo("AE");
      assertThat(field(reply, "ERR", 2)).isEqualTo("PID^1^7^1^1");
      assertThat(field(reply, "ERR", 3)).startsWith("102^");
      assertThat(reply).doesNotContain("14.3.1961").doesNotContain("ZZTEST");

      String status = socket.exchange(Typed.result("X2", "FX2", "9900101", "Y"));
      assertThat(field(status, "MSA", 1)).isEqualTo("AE");
      assertThat(field(status, "ERR", 2)).isEqualTo("OBR^1^25");
      assertThat(field(status, "ERR", 3)).startsWith("103^");

      // Mended under the same control id it is taken: what was turned away is not in the way.
      assertThat(field(socket.exchange(Typed.result("X1", "FX1")), "MSA", 1)).isEqualTo("AA");
      await().untilAsserted(() -> assertThat(bench.documentsTitled("FX1")).hasSize(1));
      await().until(() -> SandboxBench.standing(engine.managementPort(), "REFUSED") == 2);
      assertThat(SandboxBench.standing(engine.managementPort(), "DELIVERED")).isEqualTo(1);
    }
  }

  @Test
  void aJournalThatIsGoneIsAnsweredArAndTakesMessagesAgainWhenItIsBack() throws Exception {
    Path file = home.resolve("data/journal.db");
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      Files.move(file, home.resolve("data/away"));
      String reply = socket.exchange(Typed.result("J1", "FJ1"));
      assertThat(field(reply, "MSA", 1)).isEqualTo("AR");
      assertThat(field(reply, "ERR", 3)).startsWith("207^");

      Files.move(home.resolve("data/away"), file);
      assertThat(field(socket.exchange(Typed.result("J1", "FJ1")), "MSA", 1)).isEqualTo("AA");
    }
  }

  @Test
  void aWrongParameterStopsTheStartWithFileAndName() throws Exception {
    feed("reused-controlid: refuse", "zone: Denver");

    assertThatThrownBy(this::engine)
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "routes/oru-r01.camel.yaml: feed oru-r01: reused-controlid is no parameter of a feed;"
                + " is reused-control-id meant?")
        .hasMessageContaining("routes/oru-r01.camel.yaml: feed oru-r01: zone is no time zone");
  }

  @Test
  void aStartThatFailedLeavesNothingRunning() throws Exception {
    feed("reused-controlid: refuse");
    Set<Long> before = idsOfThreads();

    assertThatThrownBy(this::engine).isInstanceOf(StartException.class);

    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(each -> each.isAlive() && !before.contains(each.getId()))
                    .extracting(Thread::getName)
                    .doesNotContain("reply-post", "delivery-watch"));
  }

  private static Set<Long> idsOfThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getId)
        .collect(Collectors.toSet());
  }

  @Test
  void aWrongValueBehindAPlaceholderStopsTheStart() throws Exception {
    feed("reused-control-id: \"{{millrace.zone}}\"");

    assertThatThrownBy(this::engine)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("feed oru-r01: reused-control-id must be one of deliver, refuse");
  }
}
