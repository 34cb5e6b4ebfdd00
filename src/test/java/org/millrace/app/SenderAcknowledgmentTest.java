package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.app.EnhancedModeTest.asking;
import static org.millrace.app.Typed.field;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.Ports;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.ReplyState;
import org.millrace.mllp.MllpClient;
import org.millrace.mllp.MllpException;

/** What one sender's {@code sender.yaml} and one port's route say of acknowledgments. */
final class SenderAcknowledgmentTest {
  @TempDir static Path folder;

  private static SandboxBench bench;
  private static Engine engine;
  private static Path home;
  private static int silentPort;
  private static int release2Port;

  @BeforeAll
  static void start() throws Exception {
    bench = SandboxBench.start();
    home = FeedHome.copied(folder.resolve("home"));
    sender("WAITS", "mode: original");
    sender("DEAF", "mode: none");
    sender("REVERSED", "codes: swapped", "not-found: AE");
    sender("COUNTS", "sequence: check");
    silentPort = Ports.free();
    release2Port = Ports.free();
    listener("silent", silentPort, "replies: none");
    listener("release2", release2Port, "mllpRelease: 2");
    engine = bench.engineIn(home, home.resolve("data"));
  }

  @AfterAll
  static void stop() {
    engine.close();
    bench.close();
  }

  private static void sender(String name, String... lines) throws IOException {
    Path own = home.resolve("mappings/senders/" + name + "@NORTH");
    Files.createDirectories(own);
    Files.writeString(
        own.resolve("sender.yaml"),
        "source: a test\nacknowledge:\n  " + String.join("\n  ", lines) + "\n");
  }

  private static void listener(String name, int port, String parameter) throws IOException {
    Files.writeString(
        home.resolve("routes/" + name + ".camel.yaml"),
        String.join(
            "\n",
            "- route:",
            "    id: " + name,
            "    from:",
            "      uri: mllp:127.0.0.1:" + port,
            "      parameters:",
            "        " + parameter,
            "      steps:",
            "        - bean:",
            "            ref: hl7",
            "            method: receive",
            ""));
  }

  private static String from(String sender, String message) {
    return message.replace("|LABSYS|NORTH|", "|" + sender + "|NORTH|");
  }

  /** With this in MSH-13. */
  private static String numbered(String message, String number) {
    int end = message.indexOf('\r');
    String[] fields = (message.substring(0, end) + "|||||").split("\\|", -1);
    fields[12] = number;
    return String.join("|", fields) + message.substring(end);
  }

  private static String opening(String controlId, String number) {
    return "MSH|^~\\&|COUNTS|NORTH|MILLRACE|CERNER|20261120||^|"
        + controlId
        + "|D|2.5.1|"
        + number
        + "\r";
  }

  private static MessageSummary summary(String controlId) {
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(home.resolve("data"), Clock.systemUTC())) {
      return journal.listing().list(MessageFilter.any().withControlId(controlId)).get(0);
    }
  }

  private static boolean delivered(String controlId) {
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(home.resolve("data"), Clock.systemUTC())) {
      return journal.listing().list(MessageFilter.any().withControlId(controlId)).stream()
          .anyMatch(found -> found.state() == MessageState.DELIVERED);
    }
  }

  @Test
  void aSenderThatWaitsAllTheSameGetsOneReplyWhateverItSays() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String good = from("WAITS", asking(Typed.result("W1", "FW1"), "NE", "NE"));
      assertThat(field(socket.exchange(good), "MSA", 1)).isEqualTo("AA");
      String odd = from("WAITS", asking(Typed.result("W2", "FW2"), "YES", "NE"));
      assertThat(field(socket.exchange(odd), "MSA", 1)).isEqualTo("AA");
      String refused = from("WAITS", asking(Typed.unsupported("W3"), "NE", "NE"));
      assertThat(field(socket.exchange(refused), "MSA", 1)).isEqualTo("AR");
    }
  }

  @Test
  void aSenderThatReadsNothingIsSentNothing() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.write(RawSocket.frame(from("DEAF", Typed.result("D1", "FD1"))));
      socket.write(RawSocket.frame(from("DEAF", Typed.unsupported("D2"))));
      assertThat(field(socket.exchange(Typed.unsupported("D3")), "MSA", 2)).isEqualTo("D3");
    }
    await().atMost(10, TimeUnit.SECONDS).until(() -> delivered("D1"));
    assertThat(summary("D1").replyState()).isEqualTo(ReplyState.NONE);
  }

  @Test
  void errorAndRejectAreSwappedAndNotFoundIsAnError() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String refused = socket.exchange(from("REVERSED", Typed.unsupported("R1")));
      assertThat(field(refused, "MSA", 1)).isEqualTo("AE");
      String faulty = socket.exchange(from("REVERSED", Typed.result("", "FR2")));
      assertThat(field(faulty, "MSA", 1)).isEqualTo("AR");
      // AE for nobody found is AR to this one.
      String nobody = socket.exchange(from("REVERSED", Typed.query("R3", "9900999")));
      assertThat(field(nobody, "MSA", 1)).isEqualTo("AR");
      assertThat(field(nobody, "QAK", 2)).isEqualTo("NF");
      assertThat(field(nobody, "ERR", 3)).isEmpty();
    }
    await().atMost(10, TimeUnit.SECONDS).until(() -> delivered("R3"));
  }

  @Test
  void sequenceNumbersAreCountedAndAGapIsRefused() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(msa(socket.exchange(opening("S0", "0")))).isEqualTo("AA -1");
      String fifth = from("COUNTS", numbered(Typed.result("S5", "FS5"), "5"));
      assertThat(msa(socket.exchange(fifth))).isEqualTo("AA 6");
      assertThat(msa(socket.exchange(opening("S0B", "0")))).isEqualTo("AA 6");
      // The same again is one below what is expected: acknowledged, not done again.
      assertThat(msa(socket.exchange(fifth))).isEqualTo("AA 6");
      String gap = socket.exchange(from("COUNTS", numbered(Typed.result("S7", "FS7"), "7")));
      assertThat(msa(gap)).isEqualTo("AR 6");
      assertThat(field(gap, "ERR", 2)).isEqualTo("MSH^1^13");
      // Another message under a number that was used is not lost behind a positive reply.
      String other = from("COUNTS", numbered(Typed.result("S5X", "FS5X"), "5"));
      assertThat(msa(socket.exchange(other))).isEqualTo("AR 6");
      String query = from("COUNTS", numbered(Typed.query("S6", "9900101"), "6"));
      assertThat(field(socket.exchange(query), "MSH", 9)).startsWith("ADR");
      assertThat(msa(socket.exchange(opening("S8", "-1")))).isEqualTo("AA -1");
      String anew = from("COUNTS", numbered(Typed.result("S100", "FS100"), "100"));
      assertThat(msa(socket.exchange(anew))).isEqualTo("AA 101");
      assertThat(field(socket.exchange(opening("S9", "one")), "ERR", 3)).startsWith("102^");
      String full = from("COUNTS", numbered(Typed.result("S10", "FS10"), "0"));
      assertThat(field(socket.exchange(full), "MSA", 1)).isEqualTo("AR");
      // Without a number it is as ever, and so are the numbers of other senders.
      assertThat(msa(socket.exchange(from("COUNTS", Typed.result("S11", "FS11")))))
          .isEqualTo("AA ");
      assertThat(msa(socket.exchange(numbered(Typed.result("S12", "FS12"), "77"))))
          .isEqualTo("AA ");
    }
  }

  private static String msa(String reply) {
    return field(reply, "MSA", 1) + " " + field(reply, "MSA", 4);
  }

  @Test
  void aPortWithoutRepliesTakesMessagesAndSendsNothing() throws Exception {
    try (RawSocket socket = new RawSocket(silentPort)) {
      socket.write(RawSocket.frame(Typed.result("P1", "FP1")));
      socket.write(RawSocket.frame(asking(Typed.result("P2", "FP2"), "AL", "AL")));
      socket.write(RawSocket.frame("no message"));
      socket.write(RawSocket.frame(Typed.result("P3", "FP3")));
      for (String id : List.of("P1", "P2", "P3")) {
        await().atMost(10, TimeUnit.SECONDS).until(() -> delivered(id));
        assertThat(summary(id).replyState()).isEqualTo(ReplyState.NONE);
      }
      assertThat(socket.unread()).isZero();
    }
  }

  @Test
  void byReleaseTwoEachFrameIsCommittedBeforeItsReply() throws Exception {
    try (RawSocket socket = new RawSocket(release2Port)) {
      assertThat(socket.exchange(Typed.result("C1", "FC1"))).isEqualTo("\u0006");
      assertThat(field(socket.reply(), "MSA", 1)).isEqualTo("AA");
      await().until(() -> delivered("C1"));
      // Owed as long as the sender has not committed the reply.
      assertThat(summary("C1").replyState()).isEqualTo(ReplyState.OWED);
      socket.write(RawSocket.frame("\u0006"));
      await().until(() -> summary("C1").replyState() == ReplyState.GIVEN);
      assertThat(socket.exchange(Typed.result("C2", "FC2"))).isEqualTo("\u0006");
      socket.reply();
      socket.write(RawSocket.frame("\u0015"));
      await().until(() -> summary("C2").replyState() == ReplyState.NOT_HEARD);
      // What the standard's sender without wishes gets: the commit alone.
      assertThat(socket.exchange(asking(Typed.result("C3", "FC3"), "NE", "NE")))
          .isEqualTo("\u0006");
      assertThat(socket.exchange(Typed.unsupported("C4"))).isEqualTo("\u0006");
      assertThat(field(socket.reply(), "MSA", 2)).isEqualTo("C4");
    }
  }

  @Test
  void ourClientSpeaksReleaseTwoToo() throws Exception {
    MllpClient.Timeouts times =
        new MllpClient.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10));
    byte[] message = Typed.result("C9", "FC9").getBytes(StandardCharsets.UTF_8);
    try (MllpClient client = MllpClient.connect("127.0.0.1", release2Port, times).release2()) {
      assertThat(new String(client.deliver(message), StandardCharsets.UTF_8)).contains("MSA|AA|C9");
      assertThat(client.sendAll(List.of(message, message, message))).hasSize(3);
    }
    await().until(() -> summary("C9").replyState() == ReplyState.GIVEN);
    try (MllpClient client = MllpClient.connect("127.0.0.1", engine.mllpPort(), times).release2()) {
      assertThatThrownByDelivery(client, message);
    }
  }

  private static void assertThatThrownByDelivery(MllpClient client, byte[] message) {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> client.deliver(message))
        .isInstanceOfSatisfying(
            MllpException.class,
            failure ->
                assertThat(failure.reason()).isEqualTo(MllpException.Reason.NO_ACKNOWLEDGMENT));
  }
}
