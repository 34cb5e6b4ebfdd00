package org.millrace.mllp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.mllp.WireFault.Kind.BETWEEN_FRAMES;
import static org.millrace.mllp.WireFault.Kind.IDLE;
import static org.millrace.mllp.WireFault.Kind.NOT_ALLOWED;
import static org.millrace.mllp.WireFault.Kind.NO_ROOM;
import static org.millrace.mllp.WireFault.Kind.REPLY_UNREAD;
import static org.millrace.mllp.WireFault.Kind.TOO_LONG;
import static org.millrace.mllp.WireFault.Kind.TOO_MANY;
import static org.millrace.mllp.WireFault.Kind.TOO_MANY_OF_PEER;
import static org.millrace.mllp.WireFault.Kind.TOO_SLOW;
import static org.millrace.mllp.WireFault.Kind.TORN;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;

/** Each limit of a listener, at a listener that has it small. */
class ListenerLimitsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final int KILOBYTE = 1024;

  private final Replies replies =
      new Replies(Clock.systemUTC(), ZoneOffset.UTC, new ControlIds(Clock.systemUTC()));
  private final List<WireFault> faults = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private FrameMllpComponent component = new FrameMllpComponent(replies);

  private static MllpLimits limits() {
    return MllpLimits.DEFAULT.withTimes(LONG, Duration.ZERO, LONG);
  }

  private void listen(MllpLimits limits) throws Exception {
    listen(limits, AllowedPeers.ALL, 50);
  }

  private void listen(MllpLimits limits, AllowedPeers allowed, int connections) throws Exception {
    component = new FrameMllpComponent(replies, limits, allowed, faults::add);
    CamelContext camel = new DefaultCamelContext();
    open.add(camel);
    camel.getRegistry().bind("mllp", component);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("mllp:127.0.0.1:0?maxConcurrentConsumers=" + connections)
                .routeId("feed")
                .process(exchange -> answer(exchange));
          }
        });
    camel.start();
  }

  private void answer(Exchange exchange) throws V2FormatException {
    V2Message message = V2Message.read(exchange.getMessage().getBody(byte[].class));
    exchange.getMessage().setBody(replies.accept(message, AckCode.AA));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private Socket connect() throws IOException {
    return connectFrom("127.0.0.1");
  }

  private Socket connectFrom(String address) throws IOException {
    Socket socket = new Socket();
    open.add(socket);
    socket.setSoTimeout(20_000);
    socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
    socket.connect(
        new InetSocketAddress("127.0.0.1", component.boundPorts().getOrDefault("feed", 0)));
    return socket;
  }

  private static byte[] message(String controlId, int padding) {
    return ("MSH|^~\\&|LAB|N|M|H|20261120||ORU^R01|"
            + controlId
            + "|D|2.5.1\rPID|1\rNTE|1||"
            + "x".repeat(padding)
            + "\r")
        .getBytes(UTF_8);
  }

  private static String exchange(Socket socket, byte[] message) throws IOException {
    socket.getOutputStream().write(MllpFrames.wrap(message));
    return reply(socket);
  }

  /** The next reply as text; empty if the connection ended instead. */
  private static String reply(Socket socket) throws IOException {
    MllpFrames frames = new MllpFrames(1_000_000);
    byte[] chunk = new byte[8192];
    try {
      for (int count = socket.getInputStream().read(chunk);
          count >= 0;
          count = socket.getInputStream().read(chunk)) {
        List<byte[]> found = frames.take(chunk, 0, count);
        if (!found.isEmpty()) {
          return new String(found.get(0), UTF_8);
        }
      }
    } catch (SocketException reset) {
      return "";
    }
    return "";
  }

  private void assertEnded(Socket socket) throws IOException {
    assertThat(reply(socket)).isEmpty();
  }

  private List<WireFault.Kind> kinds() {
    return faults.stream().map(WireFault::kind).toList();
  }

  @Test
  void aFrameThatDripsIsRefusedWhenItsTimeIsUpAndOthersAreServedMeanwhile() throws Exception {
    listen(limits().withTimes(SHORT, Duration.ZERO, LONG));
    Socket slow = connect();
    OutputStream drip = slow.getOutputStream();
    byte[] frame = MllpFrames.wrap(message("SLOW", 0));
    Thread dripping =
        new Thread(
            () -> {
              try {
                for (byte each : frame) {
                  drip.write(each);
                  Thread.sleep(20);
                }
              } catch (IOException | InterruptedException cut) {
                Thread.currentThread().interrupt();
              }
            });
    dripping.start();

    assertThat(exchange(connect(), message("QUICK", 0))).contains("MSA|AA|QUICK");
    String refusal = reply(slow);
    assertThat(refusal).contains("MSA|AR").contains("did not end within");
    assertEnded(slow);
    dripping.join();
    assertThat(kinds()).containsExactly(TOO_SLOW);
  }

  @Test
  void theTimeOfAFrameIsItsOwn() throws Exception {
    Duration time = Duration.ofSeconds(2);
    listen(limits().withTimes(time, Duration.ZERO, LONG));
    Socket steady = connect();

    for (int i = 0; i < 5; i++) {
      byte[] frame = MllpFrames.wrap(message("C" + i, 0));
      steady.getOutputStream().write(frame, 0, 40);
      Thread.sleep(time.toMillis() / 4);
      steady.getOutputStream().write(frame, 40, frame.length - 40);
      assertThat(reply(steady)).contains("MSA|AA|C" + i);
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void fiveHundredSendersThatBeginAndNeverEndDisturbNobodyAndAreAllCut() throws Exception {
    listen(
        limits().withTimes(Duration.ofSeconds(5), Duration.ZERO, LONG).withConnectionsOfPeer(501),
        AllowedPeers.ALL,
        501);
    List<Socket> drips = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Socket drip = connect();
      drip.getOutputStream().write(MllpFrames.wrap(message("D" + i, 0)), 0, 20 + i % 30);
      drips.add(drip);
    }
    Socket sender = connect();
    for (int i = 0; i < 200; i++) {
      assertThat(exchange(sender, message("C" + i, 0))).contains("MSA|AA|C" + i);
    }

    for (Socket drip : drips) {
      assertThat(reply(drip)).contains("MSA|AR");
    }
    assertThat(kinds()).hasSize(500).containsOnly(TOO_SLOW);
    assertThat(exchange(sender, message("LAST", 0))).contains("MSA|AA|LAST");
  }

  @Test
  void tenThousandConnectionsThatComeAndGoAreCountedAndDisturbNobody() throws Exception {
    listen(limits().withConnectionsOfPeer(20), AllowedPeers.ALL, 20);
    Socket sender = connectFrom("127.0.0.2");
    int port = component.boundPorts().getOrDefault("feed", 0);

    for (int i = 0; i < 10_000; i++) {
      new Socket("127.0.0.1", port).close();
      if (i % 100 == 0) {
        assertThat(exchange(sender, message("C" + i, 0))).contains("MSA|AA|C" + i);
      }
    }
    FrameMllpConsumer consumer = (FrameMllpConsumer) route().getConsumer();
    await().until(() -> consumer.connectionCount() == 1);
    assertThat(kinds()).allMatch(kind -> kind == TOO_MANY || kind == TOO_MANY_OF_PEER);
    assertThat(exchange(sender, message("LAST", 0))).contains("MSA|AA|LAST");
  }

  private Route route() {
    return ((CamelContext) open.get(0)).getRoute("feed");
  }

  @Test
  void aConnectionWithoutAFrameEndsWhenItsTimeIsUp() throws Exception {
    listen(limits().withTimes(LONG, SHORT, LONG));
    Socket silent = connect();
    Socket junk = connect();
    junk.getOutputStream().write("NOOP".getBytes(UTF_8));

    assertEnded(silent);
    assertEnded(junk);
    await().untilAsserted(() -> assertThat(kinds()).contains(IDLE, IDLE, BETWEEN_FRAMES));
  }

  @Test
  void whoNeverReadsRepliesLosesTheConnectionAndDisturbsNobody() throws Exception {
    listen(limits().withTimes(LONG, Duration.ZERO, SHORT));
    Socket deaf = connect();
    deaf.setReceiveBufferSize(4 * KILOBYTE);
    byte[] frame = MllpFrames.wrap(message("C1", 0));
    Thread sending =
        new Thread(
            () -> {
              try {
                while (true) {
                  deaf.getOutputStream().write(frame);
                }
              } catch (IOException cut) {
                assertThat(cut).isNotNull();
              }
            });
    sending.start();

    await()
        .untilAsserted(
            () -> {
              assertThat(exchange(connect(), message("OK", 0))).contains("MSA|AA|OK");
              assertThat(kinds()).contains(REPLY_UNREAD);
            });
    sending.join(20_000);
    assertThat(sending.isAlive()).isFalse();
  }

  @Test
  void placesOfAPortAndOfAnAddressAreCountedExactly() throws Exception {
    listen(limits().withConnectionsOfPeer(2), AllowedPeers.ALL, 3);
    Socket first = connectFrom("127.0.0.1");
    assertThat(exchange(first, message("A1", 0))).contains("MSA|AA");
    assertThat(exchange(connectFrom("127.0.0.1"), message("A2", 0))).contains("MSA|AA");

    assertEnded(connectFrom("127.0.0.1"));
    assertThat(exchange(connectFrom("127.0.0.2"), message("B1", 0))).contains("MSA|AA");
    assertEnded(connectFrom("127.0.0.3"));
    first.close();
    await()
        .untilAsserted(
            () ->
                assertThat(exchange(connectFrom("127.0.0.1"), message("A3", 0)))
                    .contains("MSA|AA|A3"));

    assertThat(kinds()).startsWith(TOO_MANY_OF_PEER, TOO_MANY);
    assertThat(faults.get(0).peer()).startsWith("127.0.0.1:");
    assertThat(faults.get(1).peer()).startsWith("127.0.0.3:");
  }

  @Test
  void anAddressThatIsNotOnTheListIsTurnedAway() throws Exception {
    listen(limits(), AllowedPeers.read("127.0.0.2,127.0.9.0/24"), 50);

    assertThat(exchange(connectFrom("127.0.0.2"), message("OK", 0))).contains("MSA|AA|OK");
    assertThat(exchange(connectFrom("127.0.9.7"), message("OK", 0))).contains("MSA|AA|OK");
    assertEnded(connectFrom("127.0.0.1"));

    assertThat(kinds()).containsExactly(NOT_ALLOWED);
  }

  @Test
  void framesShareTheMemoryAndOneThatHasNoRoomIsRefused() throws Exception {
    listen(limits().withFrameBytes(300 * KILOBYTE).withMemory(512 * KILOBYTE));
    List<Socket> holding = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Socket socket = connect();
      byte[] frame = MllpFrames.wrap(message("H" + i, 200 * KILOBYTE));
      socket.getOutputStream().write(frame, 0, frame.length - 2);
      holding.add(socket);
    }
    await().until(() -> component.frameRoom().taken() > 380 * KILOBYTE);

    String refusal = exchange(connect(), message("MORE", 250 * KILOBYTE));
    assertThat(refusal).contains("MSA|AR|MORE").contains("There is no memory");
    for (Socket socket : holding) {
      socket.getOutputStream().write(new byte[] {0x1c, '\r'});
      assertThat(reply(socket)).contains("MSA|AA|H");
    }
    await().until(() -> component.frameRoom().taken() == 0);
    assertThat(exchange(connect(), message("AGAIN", 250 * KILOBYTE))).contains("MSA|AA|AGAIN");
    assertThat(kinds()).containsExactly(NO_ROOM);
  }

  @Test
  void theMemoryOfAConnectionThatBreaksIsFreeAgain() throws Exception {
    listen(limits().withFrameBytes(300 * KILOBYTE).withMemory(512 * KILOBYTE));
    Socket broken = connect();
    broken
        .getOutputStream()
        .write(MllpFrames.wrap(message("B", 200 * KILOBYTE)), 0, 150 * KILOBYTE);
    await().until(() -> component.frameRoom().taken() > 0);

    broken.close();

    await().until(() -> component.frameRoom().taken() == 0);
    await().untilAsserted(() -> assertThat(kinds()).containsExactly(TORN));
  }

  @Test
  void whatCouldNotBeReadIsToldWithItsLastBytes() throws Exception {
    listen(limits().withFrameBytes(64 * KILOBYTE));
    Socket socket = connect();
    OutputStream out = socket.getOutputStream();
    out.write("GET / HTTP/1.1\r\n".getBytes(UTF_8));
    out.write("\u000BMSH|torn away".getBytes(UTF_8));
    assertThat(exchange(socket, message("C1", 0))).contains("MSA|AA|C1");
    out.write(MllpFrames.wrap(message("LONG", 70 * KILOBYTE)));
    assertThat(reply(socket)).contains("MSA|AR|LONG");

    await().untilAsserted(() -> assertThat(kinds()).startsWith(BETWEEN_FRAMES, TORN, TOO_LONG));
    assertThat(new String(faults.get(0).bytes(), ISO_8859_1)).isEqualTo("GET / HTTP/1.1");
    assertThat(faults.get(0).count()).isEqualTo(14);
    assertThat(new String(faults.get(1).bytes(), ISO_8859_1)).isEqualTo("MSH|torn away");
    assertThat(faults.get(2).bytes()).hasSize(WireFault.MOST_BYTES).containsOnly('x');
    assertThat(faults.get(0))
        .hasToString(
            "between-frames at port " + faults.get(0).port() + " from " + faults.get(0).peer());
  }

  @Test
  void whoSendsNothingButJunkIsCutOff() throws Exception {
    listen(limits());
    Socket junk = connect();
    junk.getOutputStream().write(new byte[100 * KILOBYTE]);

    assertEnded(junk);
    await().untilAsserted(() -> assertThat(kinds()).containsExactly(BETWEEN_FRAMES));
    assertThat(faults.get(0).count()).isBetween(64L * KILOBYTE, 100L * KILOBYTE);
  }

  @Test
  void aSilentPeerIsAskedAfterSoonerThanTheSystemWould() throws Exception {
    listen(limits());
    Socket socket = connect();
    KeepAlive.on(socket);

    assertThat(socket.getKeepAlive()).isTrue();
    Map<String, Integer> told = new TreeMap<>();
    for (var option : socket.supportedOptions()) {
      if (option.name().startsWith("TCP_KEEP") && socket.getOption(option) instanceof Integer n) {
        told.put(option.name(), n);
      }
    }
    assertThat(told)
        .isEqualTo(Map.of("TCP_KEEPIDLE", 60, "TCP_KEEPINTERVAL", 10, "TCP_KEEPCOUNT", 6));
  }
}
