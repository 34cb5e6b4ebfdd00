package org.millrace.mllp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.AcknowledgmentHabits;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.QueryHabits;
import org.millrace.hl7.Replies;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Message;

/** What a listener tells of its connections, over sockets. */
class ConnectionViewTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int LONGEST = 4096;
  private static final String MSH = "MSH|^~\\&|LAB|NORTH|M|H|20261120||ORU^R01|";
  private static final String PATIENT = "PID|1||6931^^^MRN||QUILLFEATHER^ODA\r";

  private final Replies replies =
      new Replies(Clock.systemUTC(), ZoneOffset.UTC, new ControlIds(Clock.systemUTC()))
          .forSenders(ConnectionViewTest::profile);
  private final List<AutoCloseable> open = new ArrayList<>();
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final CountDownLatch inWork = new CountDownLatch(1);
  private final Set<InetAddress> blocked = ConcurrentHashMap.newKeySet();
  private FrameMllpComponent component = new FrameMllpComponent(replies);

  private static SenderProfile profile(String sender) {
    AcknowledgmentHabits habits =
        sender.equals("OLD@NORTH")
            ? new AcknowledgmentHabits(AcknowledgmentHabits.Mode.ORIGINAL, false, false, "", false)
            : AcknowledgmentHabits.STANDARD;
    return new SenderProfile(Optional.empty(), Set.of(), Set.of(), habits, QueryHabits.STANDARD);
  }

  private void listen(String options, AllowedPeers allowed) throws Exception {
    MllpLimits limits =
        MllpLimits.DEFAULT.withFrameBytes(LONGEST).withTimes(LONG, Duration.ZERO, LONG);
    component =
        new FrameMllpComponent(replies, limits, allowed, WireWatch.NOBODY)
            .blocking(blocked::contains);
    CamelContext camel = new DefaultCamelContext();
    open.add(camel);
    camel.getRegistry().bind("mllp", component);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("mllp:127.0.0.1:0?maxConcurrentConsumers=20" + options)
                .routeId("feed")
                .process(exchange -> answer(exchange));
          }
        });
    camel.start();
  }

  /** AE to control ids that begin with BAD, and a late answer to SLOW. */
  private void answer(Exchange exchange) throws Exception {
    V2Message message = V2Message.read(exchange.getMessage().getBody(byte[].class));
    String id = message.header().controlId();
    if (id.equals("SLOW")) {
      inWork.countDown();
      mayAnswer.await();
    }
    exchange
        .getMessage()
        .setBody(
            id.startsWith("BAD")
                ? replies.refuse(
                    message,
                    AckCode.AE,
                    List.of(
                        V2Fault.at(
                            V2Location.field("PID", 1, 3),
                            ErrorCode.UNKNOWN_KEY,
                            "There is no QUILLFEATHER here")))
                : replies.accept(message, AckCode.AA));
  }

  @AfterEach
  void close() throws Exception {
    mayAnswer.countDown();
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private Socket connect(String address) throws IOException {
    Socket socket = new Socket();
    open.add(socket);
    socket.setSoTimeout(20_000);
    socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
    socket.connect(
        new InetSocketAddress("127.0.0.1", component.boundPorts().getOrDefault("feed", 0)));
    return socket;
  }

  private static byte[] message(String controlId, String end) {
    return (MSH + controlId + "|D|2.5.1" + end + "\r" + PATIENT).getBytes(UTF_8);
  }

  private static void send(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  private static void exchange(Socket socket, byte[] message) throws IOException {
    send(socket, MllpFrames.wrap(message));
    reply(socket);
  }

  /** Reads until the end of a frame; false if there is none any more. */
  private static boolean reply(Socket socket) throws IOException {
    int next = socket.getInputStream().read();
    while (next >= 0 && next != 0x1c) {
      next = socket.getInputStream().read();
    }
    return next >= 0 && socket.getInputStream().read() == '\r';
  }

  private ListenerView listener() {
    return component.listeners().get(0);
  }

  private ConnectionView only() {
    assertThat(listener().open()).hasSize(1);
    return listener().open().get(0);
  }

  private ConnectionView of(Socket socket) {
    return listener().open().stream()
        .filter(each -> each.peer().endsWith(":" + socket.getLocalPort()))
        .findFirst()
        .orElseThrow();
  }

  private void awaitCounts(ConnectionView.Counts counts) {
    await().untilAsserted(() -> assertThat(only().counts()).isEqualTo(counts));
  }

  @Test
  void aConnectionTellsWhatWentOverItAndNothingOfAPatient() throws Exception {
    listen("", AllowedPeers.ALL);
    Socket socket = connect("127.0.0.1");
    await().until(() -> listener().open().size() == 1);
    assertThat(only().lastFrame()).isEmpty();
    assertThat(only().sender()).isEmpty();

    exchange(socket, message("C1", "|||AL|NE"));
    exchange(socket, message("BAD2", ""));
    send(socket, "PID|QUILLFEATHER".getBytes(UTF_8));
    // A message begins within another one: that one is torn.
    send(socket, ("\u000b" + MSH).getBytes(UTF_8));
    exchange(socket, message("C3", "|||AL|NE"));

    awaitCounts(new ConnectionView.Counts(3, 3, 2, 16));
    ConnectionView connection = only();
    assertThat(connection.peer()).isEqualTo("127.0.0.1:" + socket.getLocalPort());
    assertThat(connection.tls()).isEmpty();
    assertThat(connection.lastFrame()).isPresent();
    assertThat(connection.end()).isEmpty();
    assertThat(connection.sender())
        .contains(
            new ConnectionView.Sender("LAB@NORTH", "enhanced mode, MSH-15 AL, MSH-16 NE", ""));
    assertThat(connection.refusal().orElseThrow().words())
        .isEqualTo("a message broke off before its end");
    assertThat(listener().toString()).doesNotContain("QUILLFEATHER").doesNotContain("6931");
  }

  @Test
  void aNegativeAnswerIsToldByCodeAndPlace() throws Exception {
    listen("", AllowedPeers.ALL);
    Socket socket = connect("127.0.0.1");
    exchange(socket, message("BAD1", ""));

    awaitCounts(new ConnectionView.Counts(1, 1, 1, 0));
    assertThat(only().refusal().orElseThrow().words())
        .isEqualTo("AE, 204 Unknown key identifier at PID-3");
    exchange(
        socket, new String(message("BAD2", ""), UTF_8).replace("2.5.1", "2.3").getBytes(UTF_8));
    awaitCounts(new ConnectionView.Counts(2, 2, 2, 0));
    assertThat(only().refusal().orElseThrow().words())
        .isEqualTo("AE, 204 Unknown key identifier at PID-3");
  }

  @Test
  void whatASenderGetsInPlaceOfWhatItAsksForIsTold() throws Exception {
    listen("&replies=none&mllpRelease=2", AllowedPeers.ALL);
    Socket silent = connect("127.0.0.1");
    send(silent, MllpFrames.wrap(message("C1", "")));
    await().until(() -> only().sender().isPresent());
    assertThat(only().sender())
        .contains(
            new ConnectionView.Sender("LAB@NORTH", "original mode", "none, as the route says"));
    assertThat(only().counts().answers()).isZero();
    assertThat(listener().ways()).isEqualTo("gives no replies, MLLP release 2");
    open.remove(0).close();

    listen("", AllowedPeers.ALL);
    Socket old = connect("127.0.0.1");
    String text = new String(message("C2", "|||NE|NE"), UTF_8).replace("|LAB|", "|OLD|");
    exchange(old, text.getBytes(UTF_8));
    assertThat(only().sender())
        .contains(
            new ConnectionView.Sender(
                "OLD@NORTH",
                "enhanced mode, MSH-15 NE, MSH-16 NE",
                "original mode, as the sender's file says"));
  }

  @Test
  void howAConnectionEndedIsTold() throws Exception {
    listen("", AllowedPeers.ALL);
    Socket broken = connect("127.0.0.1");
    exchange(broken, message("C1", ""));
    send(broken, ("\u000b" + MSH).getBytes(UTF_8));
    broken.close();
    await().until(() -> !listener().gone().isEmpty());
    ConnectionView gone = listener().gone().get(0);
    assertThat(gone.end().orElseThrow().words()).isEqualTo("the sender ended it");
    assertThat(gone.counts()).isEqualTo(new ConnectionView.Counts(1, 1, 1, 0));
    assertThat(listener().open()).isEmpty();

    Socket much = connect("127.0.0.1");
    send(much, MllpFrames.wrap(message("C2", "|".repeat(LONGEST))));
    assertThat(reply(much)).isTrue();
    await().until(() -> listener().gone().size() == 2);
    ConnectionView refused = listener().gone().get(0);
    assertThat(refused.end().orElseThrow().words()).isEqualTo("a message was longer than is taken");
    assertThat(refused.refusal().orElseThrow().words())
        .isEqualTo("a message was longer than is taken");
    assertThat(refused.counts()).isEqualTo(new ConnectionView.Counts(0, 1, 1, 0));
  }

  @Test
  void thoseThatWereTurnedAwayAreOneForEachAddressAndAreFew() throws Exception {
    listen("", AllowedPeers.read("127.0.0.1"));
    Socket good = connect("127.0.0.1");
    exchange(good, message("C1", ""));
    good.close();
    for (int i = 0; i < 3; i++) {
      connect("127.0.0.2").close();
    }
    for (int i = 0; i < Departures.MOST; i++) {
      connect("127.0.1." + (i + 1)).close();
    }

    await().until(() -> listener().gone().size() == Departures.MOST + 1);
    for (int i = 0; i < 2; i++) {
      connect("127.0.1.9").close();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(listener().gone().get(0).end().map(ConnectionView.End::times))
                    .contains(3L));
    ConnectionView last = listener().gone().get(0);
    assertThat(last.peer()).startsWith("127.0.1.9:");
    assertThat(last.end().orElseThrow().words())
        .isEqualTo("its address is not among those that may connect");
    // What brought a frame is not pushed out by what did not.
    assertThat(listener().gone()).anyMatch(each -> each.counts().frames() == 1);
    assertThat(listener().gone()).noneMatch(each -> each.peer().startsWith("127.0.0.2:"));
  }

  @Test
  void aConnectionThatWaitsIsDroppedAtOnce() throws Exception {
    listen("", AllowedPeers.ALL);
    Socket socket = connect("127.0.0.1");
    exchange(socket, message("C1", ""));
    Socket other = connect("127.0.0.1");
    exchange(other, message("C2", ""));

    assertThat(component.drop(listener().open().get(0).number())).isTrue();

    assertThat(socket.getInputStream().read()).isEqualTo(-1);
    await().until(() -> !listener().gone().isEmpty());
    ConnectionView gone = listener().gone().get(0);
    assertThat(gone.end().orElseThrow().words()).isEqualTo(ConnectionTally.DROPPED);
    assertThat(component.drop(gone.number())).isFalse();
    exchange(other, message("C3", ""));
    assertThat(only().counts().frames()).isEqualTo(2);
  }

  @Test
  void aFrameInWorkIsAnsweredBeforeItsConnectionEnds() throws Exception {
    listen("", AllowedPeers.ALL);
    Socket socket = connect("127.0.0.1");
    send(socket, MllpFrames.wrap(message("SLOW", "")));
    inWork.await();

    assertThat(component.drop(only().number())).isTrue();
    assertThat(only().end()).isPresent();
    mayAnswer.countDown();

    assertThat(reply(socket)).isTrue();
    assertThat(socket.getInputStream().read()).isEqualTo(-1);
    await().until(() -> listener().open().isEmpty());
    assertThat(listener().gone().get(0).counts()).isEqualTo(new ConnectionView.Counts(1, 1, 0, 0));
  }

  @Test
  void aBlockedAddressIsAnsweredWhatIsInWorkAndNotLetInAgain() throws Exception {
    listen("", AllowedPeers.ALL);
    Socket other = connect("127.0.0.3");
    Socket slow = connect("127.0.0.2");
    send(slow, MllpFrames.wrap(message("SLOW", "")));
    inWork.await();

    blocked.add(InetAddress.getByName("127.0.0.2"));
    await().until(() -> of(slow).end().isPresent());
    assertThat(of(slow).end().orElseThrow().words())
        .isEqualTo("its address was blocked by an operator");
    mayAnswer.countDown();
    assertThat(reply(slow)).isTrue();
    assertThat(slow.getInputStream().read()).isEqualTo(-1);
    assertThat(connect("127.0.0.2").getInputStream().read()).isEqualTo(-1);
    exchange(other, message("A1", ""));
    assertThat(listener().gone())
        .anySatisfy(
            gone ->
                assertThat(gone.refusal().orElseThrow().words())
                    .isEqualTo("its address is blocked by an operator"));

    blocked.clear();
    exchange(connect("127.0.0.2"), message("A2", ""));
  }

  @Test
  void theNextBytesOfAnAddressAreCapturedUntilAFrameIsWhole() throws Exception {
    listen("", AllowedPeers.ALL);
    Socket other = connect("127.0.0.3");
    Socket socket = connect("127.0.0.2");
    exchange(socket, message("A1", ""));
    Captures captures = component.captures();
    long number = captures.ask(InetAddress.getByName("127.0.0.2"));

    exchange(other, message("B1", ""));
    assertThat(captures.all()).extracting(Captures.View::from).containsExactly("");
    send(socket, "?!".getBytes(UTF_8));
    await().until(() -> captures.all().get(0).received() == 2);
    assertThat(captures.bytes(number)).isEmpty();
    byte[] frame = MllpFrames.wrap(message("A2", ""));
    send(socket, frame);
    assertThat(reply(socket)).isTrue();
    exchange(socket, message("A3", ""));

    Captures.View view = captures.all().get(0);
    assertThat(view.from()).isEqualTo("127.0.0.2:" + socket.getLocalPort());
    assertThat(view.end()).isEqualTo(Capture.WHOLE);
    assertThat(new String(captures.bytes(number).orElseThrow(), UTF_8))
        .isEqualTo("?!" + new String(frame, UTF_8));
  }

  @Test
  void aCaptureOfAFrameThatBreaksOffEndsWithItsConnection() throws Exception {
    listen("", AllowedPeers.ALL);
    Captures captures = component.captures();
    long number = captures.ask(InetAddress.getByName("127.0.0.2"));
    try (Socket socket = connect("127.0.0.2")) {
      send(socket, "\u000bMSH|half".getBytes(UTF_8));
    }
    await().until(() -> captures.all().get(0).taken());
    assertThat(captures.all().get(0).end()).isEqualTo(Capture.BROKEN_OFF);
    assertThat(new String(captures.bytes(number).orElseThrow(), UTF_8)).isEqualTo("\u000bMSH|half");
  }
}
