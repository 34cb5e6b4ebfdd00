package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.app.Typed.field;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.Ports;
import org.millrace.journal.ApplicationReply;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.ReplyState;
import org.millrace.mllp.DemoCertificates;
import org.millrace.mllp.MllpPartner;
import org.millrace.mllp.Tls;
import org.millrace.mllp.TlsFiles;

/** Enhanced mode through sockets: who gets which acknowledgments, when, and in which order. */
final class EnhancedModeTest {
  /**
   * MSH-15, MSH-16, and what is heard: of a good message, of one held in delivery, of a refused.
   */
  private static final String MATRIX =
      """
      --  --  AA     AA     AR
      --  AL  AA     AE     AR
      --  NE  none   none   none
      --  ER  none   AE     AR
      --  SU  AA     none   none
      AL  --  CA     CA     CR
      AL  AL  CA+AA  CA+AE  CR
      AL  NE  CA     CA     CR
      AL  ER  CA     CA+AE  CR
      AL  SU  CA+AA  CA     CR
      NE  --  none   none   none
      NE  AL  AA     AE     AR
      NE  NE  none   none   none
      NE  ER  none   AE     AR
      NE  SU  AA     none   none
      ER  --  none   none   CR
      ER  AL  AA     AE     CR
      ER  NE  none   none   CR
      ER  ER  none   AE     CR
      ER  SU  AA     none   CR
      SU  --  CA     CA     none
      SU  AL  CA+AA  CA+AE  AR
      SU  NE  CA     CA     none
      SU  ER  CA     CA+AE  AR
      SU  SU  CA+AA  CA     none
      """;

  private static final AtomicInteger IDS = new AtomicInteger();

  @TempDir static Path folder;

  private static SandboxBench bench;
  private static Engine engine;

  @BeforeAll
  static void start() throws Exception {
    bench = SandboxBench.start();
    engine = bench.engine(folder.resolve("data"), Map.of());
  }

  @AfterAll
  static void stop() {
    engine.close();
    bench.close();
  }

  @BeforeEach
  void asSeeded() {
    bench.reset();
  }

  /** The 75 cases: 25 lines, three outcomes. */
  static Stream<Arguments> matrix() {
    List<Arguments> cases = new ArrayList<>();
    for (String line : MATRIX.split("\n")) {
      String[] words = line.split(" +");
      for (int i = 0; i < 3; i++) {
        String[] outcomes = {"good", "held", "refused"};
        cases.add(Arguments.of(words[0], words[1], outcomes[i], words[2 + i]));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "MSH-15 {0}, MSH-16 {1}, {2}: {3}")
  @MethodSource("matrix")
  void theSenderHearsWhatItAskedFor(String commit, String application, String kind, String heard)
      throws Exception {
    String id = "E" + IDS.incrementAndGet();
    String message =
        switch (kind) {
          case "good" -> Typed.result(id, "F" + id);
          case "held" -> Typed.result(id, "F" + id, "9900999", "F");
          default -> Typed.unsupported(id);
        };
    List<String> codes = heard.equals("none") ? List.of() : List.of(heard.split("\\+"));
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.write(RawSocket.frame(asking(message, commit, application)));
      List<String> replies = new ArrayList<>();
      for (String expected : codes) {
        String reply = socket.reply();
        replies.add(field(reply, "MSA", 1));
        assertThat(field(reply, "MSA", 2)).isEqualTo(id);
        assertThat(field(reply, "MSH", 15)).isEmpty();
        if (expected.equals("AE")) {
          assertThat(field(reply, "ERR", 2)).isEqualTo("PID^1^3");
        }
      }
      assertThat(replies).isEqualTo(codes);
      if (!kind.equals("refused")) {
        await().until(() -> settled(id));
      }
      // Nothing more: the next reply is that to the next message.
      assertThat(field(socket.exchange(Typed.unsupported("N" + id)), "MSA", 2)).isEqualTo("N" + id);
    }
  }

  @Test
  void aSecondReplyHasAControlIdOfItsOwn() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String commit = socket.exchange(asking(Typed.result("TWO", "FTWO"), "AL", "AL"));
      String application = socket.reply();
      assertThat(field(commit, "MSA", 1)).isEqualTo("CA");
      assertThat(field(application, "MSA", 1)).isEqualTo("AA");
      assertThat(field(application, "MSH", 10)).isNotEqualTo(field(commit, "MSH", 10));
    }
  }

  @Test
  void theSameMessageAgainGetsTheSameCommitAndTheOutcome() throws Exception {
    String message = asking(Typed.result("SAME", "FSAME"), "AL", "AL");
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String first = socket.exchange(message);
      assertThat(field(socket.reply(), "MSA", 1)).isEqualTo("AA");
      assertThat(socket.exchange(message)).isEqualTo(first);
      assertThat(field(socket.reply(), "MSA", 1)).isEqualTo("AA");
    }
    assertThat(bench.documentsTitled("FSAME")).hasSize(1);
  }

  @Test
  void aRepetitionIsAnsweredInTheModeThatItAsksFor() throws Exception {
    String message = Typed.result("MODES", "FMODES");
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(field(socket.exchange(message), "MSA", 1)).isEqualTo("AA");
      assertThat(field(socket.exchange(asking(message, "AL", "NE")), "MSA", 1)).isEqualTo("CA");
      assertThat(field(socket.exchange(message), "MSA", 1)).isEqualTo("AA");
    }
    await().until(() -> settled("MODES"));
    assertThat(bench.documentsTitled("FMODES")).hasSize(1);
  }

  @Test
  void aQueryIsCommittedFirstAndAnsweredThen() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String commit = socket.exchange(asking(Typed.query("Q1", "9900101"), "AL", "AL"));
      assertThat(field(commit, "MSH", 9)).isEqualTo("ACK^A19^ACK");
      assertThat(field(commit, "MSA", 1)).isEqualTo("CA");
      String answer = socket.reply();
      assertThat(field(answer, "MSH", 9)).isEqualTo("ADR^A19^ADR_A19");
      assertThat(field(answer, "MSA", 1)).isEqualTo("AA");
      assertThat(field(answer, "MSA", 2)).isEqualTo("Q1");
    }
  }

  @Test
  void aQueryThatWantsNoCommitIsAnsweredAsInOriginalMode() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      for (String application : List.of("AL", "NE")) {
        String answer = socket.exchange(asking(Typed.query("Q2", "9900101"), "NE", application));
        assertThat(field(answer, "MSH", 9)).isEqualTo("ADR^A19^ADR_A19");
      }
    }
  }

  @Test
  void commitsOfQueriesThatCameTogetherLeaveBeforeTheAnswersAndInOrder() throws Exception {
    StringBuilder heard = new StringBuilder();
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      for (int i = 0; i < 5; i++) {
        socket.write(RawSocket.frame(asking(Typed.query("QP" + i, "9900101"), "AL", "AL")));
      }
      for (int i = 0; i < 10; i++) {
        String reply = socket.reply();
        heard.append(field(reply, "MSA", 1)).append(field(reply, "MSA", 2)).append(' ');
      }
    }
    for (int i = 0; i < 5; i++) {
      assertThat(heard.indexOf("CAQP" + i)).isNotNegative();
      assertThat(heard.indexOf("AAQP" + i)).isGreaterThan(heard.indexOf("CAQP" + i));
    }
  }

  @Test
  void whatIsNoWishIsRefusedWithItsPlace() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String refused = socket.exchange(asking(Typed.result("BAD15", "FBAD15"), "AL", "YES"));
      assertThat(field(refused, "MSA", 1)).isEqualTo("AR");
      assertThat(field(refused, "ERR", 2)).isEqualTo("MSH^1^16");
      assertThat(field(refused, "ERR", 3)).startsWith("103^");
      // Lower case is understood.
      assertThat(field(socket.exchange(asking(Typed.result("LOW", "FLOW"), "al", "ne")), "MSA", 1))
          .isEqualTo("CA");
    }
  }

  @Test
  void anAcknowledgmentIsNeverAcknowledged() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String commit = socket.exchange(asking(Typed.result("PING", "FPING"), "AL", "NE"));
      socket.write(
          RawSocket.frame(
              "MSH|^~\\&|LABSYS|NORTH|MILLRACE|CERNER|20261120||ACK^R01^ACK|PONG|D|2.5.1\r"
                  + "MSA|CA|"
                  + field(commit, "MSH", 10)
                  + "\r"));
      assertThat(field(socket.exchange(Typed.unsupported("AFTER")), "MSA", 2)).isEqualTo("AFTER");
    }
  }

  @Test
  void whatASenderDoesNotWaitForIsOnRecordAsNotHeard() throws Exception {
    bench.faults("[{'method':'POST','path':'DocumentReference','status':503}]");
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      String message = asking(Typed.result("GONE", "FGONE"), "AL", "AL");
      assertThat(field(socket.exchange(message), "MSA", 1)).isEqualTo("CA");
      await().until(() -> summary("GONE").state() == MessageState.RETRYING);
    }
    bench.faults("[]");
    await().atMost(20, TimeUnit.SECONDS).until(() -> settled("GONE"));
    assertThat(reply("GONE").orElseThrow().state()).isEqualTo(ReplyState.NOT_HEARD);
    assertThat(summary("GONE").replyState()).isEqualTo(ReplyState.GIVEN);
  }

  @Test
  void whoWantsNoCommitIsOwedNoReply() throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.write(RawSocket.frame(asking(Typed.result("QUIET", "FQUIET"), "NE", "NE")));
      await().until(() -> settled("QUIET"));
    }
    assertThat(summary("QUIET").replyState()).isEqualTo(ReplyState.NONE);
    assertThat(reply("QUIET")).isEmpty();
    assertThat(bench.documentsTitled("FQUIET")).hasSize(1);
  }

  @Test
  void overHttpBothStandInOneResponse() {
    String url = "http://127.0.0.1:" + engine.httpPort() + "/hl7";
    String both =
        SandboxBench.post(url, "application/hl7-v2", asking(Typed.result("H1", "FH1"), "AL", "AL"))
            .body();
    assertThat(both.split("MSH\\|", -1)).hasSize(3);
    assertThat(both).contains("MSA|CA|H1\r").contains("MSA|AA|H1\r");
    String query =
        SandboxBench.post(
                url, "application/hl7-v2", asking(Typed.query("H2", "9900101"), "AL", "AL"))
            .body();
    assertThat(query).contains("MSA|CA|H2\r").contains("ADR^A19");
    assertThat(
            SandboxBench.post(
                url, "application/hl7-v2", asking(Typed.result("H3", "FH3"), "NE", "NE")))
        .satisfies(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(204);
              assertThat(answer.body()).isEmpty();
            });
  }

  @Test
  void aReplyGoesToItsAddressOnceItTakesThemAlsoAfterARestart() throws Exception {
    int port = Ports.free();
    Path home = FeedHome.copied(folder.resolve("addressed"));
    FeedHome.feed(home, "application-reply-to: 127.0.0.1:" + port);
    Path data = home.resolve("data");
    try (Engine addressed = bench.engineIn(home, data);
        RawSocket socket = new RawSocket(addressed.mllpPort())) {
      String held = Typed.result("ADR1", "FADR1", "9900999", "F");
      assertThat(field(socket.exchange(asking(held, "AL", "ER")), "MSA", 1)).isEqualTo("CA");
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> reply(data, "ADR1").filter(reply -> reply.attempts() > 0).isPresent());
      assertThat(reply(data, "ADR1").orElseThrow().lastError()).isEqualTo("refused");
      // On its connection nothing comes.
      assertThat(field(socket.exchange(Typed.unsupported("ADR2")), "MSA", 2)).isEqualTo("ADR2");
    }
    BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    try (MllpPartner partner = partner(port, taken);
        Engine again = bench.engineIn(home, data)) {
      assertThat(partner.port()).isEqualTo(port);
      String reply = taken.poll(30, TimeUnit.SECONDS);
      assertThat(reply).isNotNull();
      assertThat(field(reply, "MSA", 1)).isEqualTo("AE");
      assertThat(field(reply, "MSA", 2)).isEqualTo("ADR1");
      assertThat(field(reply, "MSH", 15)).isEqualTo("AL");
      await().until(() -> reply(data, "ADR1").orElseThrow().state() == ReplyState.GIVEN);
      assertThat(taken.poll(1500, TimeUnit.MILLISECONDS)).isNull();
      assertThat(again.mllpPort()).isPositive();
    }
  }

  @Test
  void aReplyGoesToAnAddressOverTls() throws Exception {
    Path authority = folder.resolve("authority.pem");
    BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    try (Tls tls = Tls.open(certificate(authority));
        MllpPartner partner = partner(0, taken, Optional.of(tls))) {
      Path home = FeedHome.copied(folder.resolve("addressed-tls"));
      FeedHome.feed(home, "application-reply-to: tls://127.0.0.1:" + partner.port());
      Path data = home.resolve("data");
      try (Engine addressed =
              bench.engineIn(
                  home, data, Map.of("MILLRACE_TLS_SERVER_AUTHORITIES", authority.toString()));
          RawSocket socket = new RawSocket(addressed.mllpPort())) {
        assertThat(
                field(socket.exchange(asking(Typed.result("TLS1", "FTLS1"), "AL", "AL")), "MSA", 1))
            .isEqualTo("CA");
        String reply = taken.poll(30, TimeUnit.SECONDS);
        assertThat(reply).isNotNull();
        assertThat(field(reply, "MSA", 2)).isEqualTo("TLS1");
        await().until(() -> reply(data, "TLS1").orElseThrow().state() == ReplyState.GIVEN);
      }
    }
  }

  @Test
  void aServerOfAnAuthorityThatIsNotTrustedGetsNoReply() throws Exception {
    BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    try (Tls tls = Tls.open(certificate(folder.resolve("unknown.pem")));
        MllpPartner partner = partner(0, taken, Optional.of(tls))) {
      Path home = FeedHome.copied(folder.resolve("addressed-unknown"));
      FeedHome.feed(home, "application-reply-to: tls://127.0.0.1:" + partner.port());
      Path data = home.resolve("data");
      try (Engine addressed = bench.engineIn(home, data);
          RawSocket socket = new RawSocket(addressed.mllpPort())) {
        socket.exchange(asking(Typed.result("TLS2", "FTLS2"), "AL", "AL"));
        await()
            .atMost(30, TimeUnit.SECONDS)
            .until(() -> reply(data, "TLS2").filter(reply -> reply.attempts() > 0).isPresent());
        assertThat(reply(data, "TLS2").orElseThrow().lastError()).isEqualTo("tls");
        assertThat(taken).isEmpty();
      }
    }
  }

  /** A server's certificate for 127.0.0.1, its authority written to a file. */
  private TlsFiles certificate(Path authorityFile) throws Exception {
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Instant until = Instant.parse("2096-01-01T00:00:00Z");
    DemoCertificates authority = DemoCertificates.authority("partners", from, until);
    DemoCertificates.Issued server = authority.issue("partner", List.of("127.0.0.1"), from, until);
    Path certificate = folder.resolve("partner.pem");
    Path key = folder.resolve("partner-key.pem");
    DemoCertificates.write(authority.certificate(), authorityFile);
    DemoCertificates.write(server.certificate(), certificate);
    DemoCertificates.write(server.key(), key);
    return new TlsFiles(
        certificate,
        Optional.of(key),
        Optional.empty(),
        Optional.empty(),
        TlsFiles.Clients.NONE,
        Optional.empty());
  }

  private static MllpPartner partner(int port, BlockingQueue<String> taken) throws IOException {
    return partner(port, taken, Optional.empty());
  }

  private static MllpPartner partner(int port, BlockingQueue<String> taken, Optional<Tls> tls)
      throws IOException {
    return MllpPartner.start(
        InetAddress.getLoopbackAddress(),
        port,
        message -> {
          String text = new String(message, StandardCharsets.UTF_8);
          taken.add(text);
          String ack =
              "MSH|^~\\&|LABSYS|NORTH|MILLRACE|CERNER|20261120||ACK|P1|D|2.5.1\rMSA|CA|"
                  + field(text, "MSH", 10)
                  + "\r";
          return Optional.of(ack.getBytes(StandardCharsets.UTF_8));
        },
        tls);
  }

  /** The message with these wishes in MSH-15 and MSH-16; {@code --} is an empty field. */
  static String asking(String message, String commit, String application) {
    int end = message.indexOf('\r');
    String[] fields = (message.substring(0, end) + "||||||||").split("\\|", -1);
    fields[14] = commit.equals("--") ? "" : commit;
    fields[15] = application.equals("--") ? "" : application;
    return String.join("|", List.of(fields).subList(0, 18)) + message.substring(end);
  }

  private static JournalDatabase journal(Path data) {
    return JournalDatabase.openReadOnly(data, Clock.systemUTC());
  }

  private static MessageSummary summary(String controlId) {
    try (JournalDatabase journal = journal(folder.resolve("data"))) {
      return journal.listing().list(MessageFilter.any().withControlId(controlId)).get(0);
    }
  }

  private static Optional<ApplicationReply> reply(String controlId) {
    return reply(folder.resolve("data"), controlId);
  }

  private static Optional<ApplicationReply> reply(Path data, String controlId) {
    try (JournalDatabase journal = journal(data)) {
      return journal.listing().list(MessageFilter.any().withControlId(controlId)).stream()
          .findFirst()
          .flatMap(found -> journal.applicationReplies().of(found.id()));
    }
  }

  /** Whether message and application reply have come to an end. */
  private static boolean settled(String controlId) {
    try (JournalDatabase journal = journal(folder.resolve("data"))) {
      return journal.listing().list(MessageFilter.any().withControlId(controlId)).stream()
          .anyMatch(
              found ->
                  !found.state().waiting()
                      && journal
                          .applicationReplies()
                          .of(found.id())
                          .filter(reply -> reply.state() == ReplyState.OWED)
                          .isEmpty());
    }
  }
}
