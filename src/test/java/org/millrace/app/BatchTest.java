package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.app.EnhancedModeTest.asking;
import static org.millrace.app.Typed.field;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.Ports;

/** Several messages in one frame or body: each is taken or refused by itself. */
final class BatchTest {
  @TempDir static Path folder;

  private static SandboxBench bench;
  private static Engine engine;
  private static int eachPort;
  private static int onePort;

  @BeforeAll
  static void start() throws Exception {
    bench = SandboxBench.start();
    Path home = FeedHome.copied(folder.resolve("home"));
    eachPort = listener(home, "each");
    onePort = listener(home, "one");
    engine = bench.engineIn(home, home.resolve("data"));
  }

  @AfterAll
  static void stop() {
    engine.close();
    bench.close();
  }

  private static int listener(Path home, String form) throws IOException {
    int port = Ports.free();
    Files.writeString(
        home.resolve("routes/" + form + ".camel.yaml"),
        String.join(
            "\n",
            "- route:",
            "    id: batches-" + form,
            "    from:",
            "      uri: mllp:127.0.0.1:" + port,
            "      parameters:",
            "        batchReplies: " + form,
            "      steps:",
            "        - bean:",
            "            ref: hl7",
            "            method: receive",
            ""));
    return port;
  }

  private static String file(String count, String... messages) {
    return "FHS|^~\\&|LABSYS|NORTH|MILLRACE|CERNER|20261120|||F1|FILE7\r"
        + "BHS|^~\\&|LABSYS|NORTH|MILLRACE|CERNER|20261120|||B1|BATCH7\r"
        + String.join("", messages)
        + "BTS|"
        + count
        + "\rFTS|1\r";
  }

  private static List<String> acknowledged(String reply) {
    List<String> all = new ArrayList<>();
    for (String line : reply.split("\r")) {
      if (line.startsWith("MSA|")) {
        String[] fields = line.split("\\|", -1);
        all.add(fields[1] + " " + fields[2]);
      }
    }
    return all;
  }

  @Test
  void fiveHundredWithThreeBadOnesAreAnsweredEachInABatch() throws Exception {
    List<String> messages = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      boolean bad = i == 0 || i == 250 || i == 499;
      messages.add(
          bad ? Typed.unsupported("T" + i) : Typed.result("T" + i, "FT" + i, "9900101", "P"));
      expected.add((bad ? "AR T" : "AA T") + i);
    }
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String all = file("500", messages.toArray(new String[0]));
      String reply = socket.exchange(all);
      assertThat(acknowledged(reply)).isEqualTo(expected);
      assertThat(reply).startsWith("FHS|^~\\&|MILLRACE|CERNER|LABSYS|NORTH|");
      assertThat(field(reply, "BHS", 3)).isEqualTo("CERNER");
      assertThat(field(reply, "BTS", 1)).isEqualTo("500");
      assertThat(reply).endsWith("FTS|1\r").contains("|BATCH7\r");
      // All again: each is known.
      assertThat(acknowledged(socket.exchange(all))).isEqualTo(expected);
    }
    await().until(() -> SandboxBench.standing(engine.managementPort(), "QUEUED") == 0);
    assertThat(SandboxBench.standing(engine.managementPort(), "FILTERED")).isEqualTo(497);
  }

  @Test
  void aCountThatDoesNotFitIsToldAndTakesNothingAway() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String reply =
          socket.exchange(file("3", Typed.result("N1", "FN1"), Typed.result("N2", "FN2")));
      assertThat(acknowledged(reply)).containsExactly("AA N1", "AA N2");
      assertThat(field(reply, "BTS", 2)).isEqualTo("BTS-1 says 3, and 2 came");
      String cut = file("2", Typed.result("N3", "FN3"));
      cut = cut.substring(0, cut.indexOf("BTS"));
      String told = socket.exchange(cut);
      assertThat(acknowledged(told)).containsExactly("AA N3");
      assertThat(field(told, "FTS", 2)).contains("missing");
    }
  }

  @Test
  void messagesOneAfterTheOtherAreAnsweredOneAfterTheOther() throws Exception {
    String both = Typed.result("M1", "FM1") + "no segment of HL7\r" + Typed.unsupported("M2");
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String reply = socket.exchange(both);
      assertThat(acknowledged(reply)).containsExactly("AA M1", "AR M2");
      assertThat(reply).startsWith("MSH|").doesNotContain("BHS");
    }
    String overHttp =
        SandboxBench.post(
                "http://127.0.0.1:" + engine.httpPort() + "/hl7",
                "application/hl7-v2",
                Typed.result("M3", "FM3") + Typed.result("M4", "FM4"))
            .body();
    assertThat(acknowledged(overHttp)).containsExactly("AA M3", "AA M4");
  }

  @Test
  void eachIsAnsweredInAFrameOfItsOwnWhereThePortSaysSo() throws Exception {
    try (RawSocket socket = new RawSocket(eachPort)) {
      String[] three =
          IntStream.range(0, 3)
              .mapToObj(i -> asking(Typed.result("E" + i, "FE" + i), i == 1 ? "NE" : "AL", "NE"))
              .toArray(String[]::new);
      assertThat(acknowledged(socket.exchange(file("3", three)))).containsExactly("CA E0");
      assertThat(acknowledged(socket.reply())).containsExactly("CA E2");
      String alone = socket.exchange(Typed.result("E4", "FE4"));
      assertThat(acknowledged(alone)).containsExactly("AA E4");
    }
  }

  @Test
  void oneReplyForAllSaysWhichWereNotTaken() throws Exception {
    try (RawSocket socket = new RawSocket(onePort)) {
      String good =
          socket.exchange(file("2", Typed.result("O1", "FO1"), Typed.result("O2", "FO2")));
      assertThat(acknowledged(good)).containsExactly("AA O1");
      assertThat(good).doesNotContain("ERR");
      String mixed = socket.exchange(file("2", Typed.result("O3", "FO3"), Typed.unsupported("O4")));
      assertThat(acknowledged(mixed)).containsExactly("AR O3");
      assertThat(field(mixed, "ERR", 2)).isEqualTo("MSH^2");
      assertThat(field(mixed, "ERR", 3)).startsWith("200^");
    }
    await().until(() -> bench.documentsTitled("FO3").size() == 1);
  }

  @Test
  void moreThanTheLimitIsRefusedAsAWholeAndAtOnce() throws Exception {
    String message = Typed.result("L1", "FL1");
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String reply = socket.exchange(message.repeat(10_001));
      assertThat(acknowledged(reply)).containsExactly("AR L1");
      assertThat(reply).contains("ERR||MSH^1|100^").contains("none was taken");
      assertThat(socket.exchange("BHS|^~\\&\r".repeat(10_001)))
          .startsWith("MSH|")
          .contains("\rMSA|AR|")
          .doesNotContain("BHS");
    }
  }

  @Test
  void anEmptyBatchIsAnsweredWithAnEmptyOne() throws Exception {
    for (int port : new int[] {engine.mllpPort(), onePort}) {
      try (RawSocket socket = new RawSocket(port)) {
        assertThat(socket.exchange(file("0"))).startsWith("FHS|").contains("BTS|0\r");
      }
    }
  }
}
