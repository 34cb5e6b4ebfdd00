package org.millrace.mllp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.mllp.MllpClient.Timeouts;

class FrameMllpConsumerTest {
  private static final Timeouts PATIENT =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20));

  private final Replies replies =
      new Replies(Clock.systemUTC(), ZoneOffset.UTC, new ControlIds(Clock.systemUTC()));
  private final FrameMllpComponent component =
      new FrameMllpComponent(
          replies,
          MllpLimits.DEFAULT.withFrameBytes(2_000_000),
          AllowedPeers.ALL,
          WireWatch.NOBODY);
  private final CountDownLatch slowBegun = new CountDownLatch(1);
  private final CountDownLatch slowMayEnd = new CountDownLatch(1);
  private CamelContext camel;

  @BeforeEach
  void start() throws Exception {
    camel = new DefaultCamelContext();
    camel.getRegistry().bind("mllp", component);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("mllp:127.0.0.1:0?maxConcurrentConsumers=3&autoAck=false&tcpNoDelay=true")
                .routeId("feed")
                .process(exchange -> answer(exchange));
          }
        });
    camel.start();
  }

  @AfterEach
  void stop() {
    slowMayEnd.countDown();
    camel.stop();
  }

  private void answer(Exchange exchange) throws Exception {
    byte[] frame = exchange.getMessage().getBody(byte[].class);
    V2Message message;
    try {
      message = V2Message.read(frame);
    } catch (V2FormatException unreadable) {
      exchange.getMessage().setBody(replies.refuseUnreadable(frame, unreadable.sentence()));
      return;
    }
    switch (message.header().triggerEvent()) {
      case "THROW" -> throw new IllegalStateException("patient Smith");
      case "NOTHING" -> exchange.getMessage().setBody(null);
      case "TEXT" -> exchange.getMessage().setBody("MSH|");
      case "UNTOUCHED" ->
          assertThat(exchange.getMessage().getHeaders()).containsOnlyKeys("MillracePeer");
      case "BROKEN" -> exchange.getMessage().setBody(new byte[] {'M', 0x1C, '\r'});
      case "SLOW" -> {
        slowBegun.countDown();
        slowMayEnd.await();
        exchange.getMessage().setBody(replies.accept(message, AckCode.AA));
      }
      default -> exchange.getMessage().setBody(replies.accept(message, AckCode.AA));
    }
  }

  private int port() {
    return component.boundPorts().getOrDefault("feed", 0);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static byte[] message(String trigger, String controlId) {
    return ("MSH|^~\\&|LAB|N|M|H|20261120||ORU^" + trigger + "|" + controlId + "|D|2.5.1\rPID|1\r")
        .getBytes(UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Reads until that many replies are there, or the connection ends. */
  private static List<byte[]> replies(InputStream in, int wanted) throws IOException {
    MllpFrames frames = new MllpFrames(1_000_000);
    List<byte[]> found = new ArrayList<>();
    byte[] chunk = new byte[8192];
    while (found.size() < wanted) {
      int count = in.read(chunk);
      if (count < 0) {
        break;
      }
      found.addAll(frames.take(chunk, 0, count));
    }
    return found;
  }

  private static String code(byte[] reply) {
    return Replies.judge(reply).orElseThrow().code();
  }

  private static String controlId(byte[] reply) {
    return Replies.judge(reply).orElseThrow().controlId();
  }

  @Test
  void aThousandFramesInOneWriteGetAThousandRepliesInOrder() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 1000; i++) {
      all.writeBytes(MllpFrames.wrap(message("R01", "C" + i)));
    }
    try (Socket socket = connect()) {
      socket.getOutputStream().write(all.toByteArray());
      List<byte[]> replies = replies(socket.getInputStream(), 1000);

      assertThat(replies).hasSize(1000);
      for (int i = 0; i < 1000; i++) {
        assertThat(controlId(replies.get(i))).isEqualTo("C" + i);
        assertThat(code(replies.get(i))).isEqualTo("AA");
      }
    }
  }

  @Test
  void framesArriveWholeWhereverTheStreamIsSplit() throws IOException {
    ByteArrayOutputStream three = new ByteArrayOutputStream();
    for (int i = 1; i <= 3; i++) {
      three.writeBytes(MllpFrames.wrap(message("R01", "C" + i)));
    }
    byte[] stream = three.toByteArray();
    try (Socket socket = connect()) {
      socket.setTcpNoDelay(true);
      for (int split = 0; split <= stream.length; split++) {
        socket.getOutputStream().write(stream, 0, split);
        socket.getOutputStream().write(stream, split, stream.length - split);
        assertThat(replies(socket.getInputStream(), 3))
            .extracting(FrameMllpConsumerTest::controlId)
            .containsExactly("C1", "C2", "C3");
      }
    }
  }

  @Test
  void junkLineFeedsAndTornFramesDoNotDisturbTheOthers() throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(bytes("GET / HTTP/1.1\r\n"));
    stream.writeBytes(MllpFrames.wrap(message("R01", "C1")));
    stream.writeBytes(bytes("\n\u000BMSH|^~\\&|torn"));
    stream.writeBytes(MllpFrames.wrap(message("R01", "C2")));
    stream.writeBytes(bytes("\n"));
    stream.writeBytes(MllpFrames.wrap(message("R01", "C3")));
    try (Socket socket = connect()) {
      socket.getOutputStream().write(stream.toByteArray());

      assertThat(replies(socket.getInputStream(), 3))
          .extracting(FrameMllpConsumerTest::controlId)
          .containsExactly("C1", "C2", "C3");
    }
  }

  @Test
  void aRouteThatFailsIsAnsweredWithFixedText() throws Exception {
    try (MllpClient client = MllpClient.connect("127.0.0.1", port(), PATIENT)) {
      for (String trigger : List.of("THROW", "NOTHING", "TEXT", "UNTOUCHED", "BROKEN")) {
        byte[] reply = client.exchange(message(trigger, "C-" + trigger));

        assertThat(code(reply)).isEqualTo("AR");
        assertThat(controlId(reply)).isEqualTo("C-" + trigger);
        assertThat(new String(reply, UTF_8))
            .contains("The engine could not process the message; it was not accepted")
            .doesNotContain("Smith", "Exception", "java");
      }
      assertThat(code(client.exchange(message("R01", "C2")))).isEqualTo("AA");
    }
  }

  @Test
  void emptyAndUnreadableFramesGetAMinimalReject() throws Exception {
    try (MllpClient client = MllpClient.connect("127.0.0.1", port(), PATIENT)) {
      assertThat(code(client.exchange(new byte[0]))).isEqualTo("AR");
      assertThat(code(client.exchange(bytes("hello")))).isEqualTo("AR");
      assertThat(code(client.exchange(message("R01", "C3")))).isEqualTo("AA");
    }
  }

  @Test
  void aFrameOverTheLimitIsRefusedByItsControlIdAndTheConnectionClosed() throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(MllpFrames.wrap(message("R01", "C1")));
    stream.writeBytes(bytes("\u000B"));
    stream.writeBytes(message("R01", "LONG"));
    stream.writeBytes(bytes("x".repeat(2_000_000)));
    try (Socket socket = connect()) {
      socket.getOutputStream().write(stream.toByteArray());
      List<byte[]> replies = replies(socket.getInputStream(), 3);

      assertThat(replies).extracting(FrameMllpConsumerTest::code).containsExactly("AA", "AR");
      assertThat(controlId(replies.get(1))).isEqualTo("LONG");
    }
  }

  @Test
  void connectionsBeyondTheLimitAreRefusedAndAFreedPlaceIsTaken() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        open.add(connect());
        open.get(i).getOutputStream().write(MllpFrames.wrap(message("R01", "C" + i)));
        assertThat(replies(open.get(i).getInputStream(), 1)).hasSize(1);
      }
      try (Socket refused = connect()) {
        assertThat(endOf(refused)).isTrue();
      }
      open.get(0).close();
      FrameMllpConsumer consumer = (FrameMllpConsumer) camel.getRoute("feed").getConsumer();
      await().until(() -> consumer.connectionCount() == 2);
      try (MllpClient client = MllpClient.connect("127.0.0.1", port(), PATIENT)) {
        assertThat(code(client.exchange(message("R01", "C9")))).isEqualTo("AA");
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private static boolean endOf(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void stoppingAnswersTheFrameInWorkAndNoOther() throws Exception {
    try (Socket busy = connect();
        Socket idle = connect()) {
      ByteArrayOutputStream two = new ByteArrayOutputStream();
      two.writeBytes(MllpFrames.wrap(message("SLOW", "C1")));
      two.writeBytes(MllpFrames.wrap(message("R01", "C2")));
      busy.getOutputStream().write(two.toByteArray());
      slowBegun.await();

      CompletableFuture<Void> stopped = CompletableFuture.runAsync(camel::stop);
      assertThat(endOf(idle)).isTrue();
      slowMayEnd.countDown();
      List<byte[]> replies = replies(busy.getInputStream(), 2);
      stopped.join();

      assertThat(replies).hasSize(1);
      assertThat(code(replies.get(0))).isEqualTo("AA");
      assertThat(controlId(replies.get(0))).isEqualTo("C1");
    }
  }

  @Test
  void aBusyPortIsOneClearLineAtOnce() throws Exception {
    int taken = port();
    try (CamelContext second = new DefaultCamelContext()) {
      second.getRegistry().bind("mllp", new FrameMllpComponent(replies));
      second.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("mllp:127.0.0.1:" + taken).log("never");
            }
          });
      long before = System.nanoTime();
      assertThatThrownBy(second::start)
          .hasStackTraceContaining("MLLP cannot listen on 127.0.0.1 port " + taken)
          .rootCause()
          .isInstanceOf(BindException.class);
      assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
    }
  }

  @Test
  void aSenderThatStaysConnectedDoesNotKeepThePortBusy() throws Exception {
    int port = port();
    try (Socket socket = connect()) {
      socket.getOutputStream().write(MllpFrames.wrap(message("R01", "1")));
      assertThat(replies(socket.getInputStream(), 1)).hasSize(1);
      camel.getRouteController().stopRoute("feed");

      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("mllp:127.0.0.1:" + port + "?autoAck=false")
                  .routeId("again")
                  .process(exchange -> answer(exchange));
            }
          });

      assertThat(component.boundPorts()).containsEntry("again", port);
    }
  }

  @Test
  void aStoppedRouteListensNoMoreAndAStartedOneAgain() throws Exception {
    camel.getRouteController().stopRoute("feed");
    assertThat(component.boundPorts()).isEmpty();
    camel.getRouteController().startRoute("feed");

    try (MllpClient client = MllpClient.connect("127.0.0.1", port(), PATIENT)) {
      assertThat(code(client.exchange(message("R01", "C1")))).isEqualTo("AA");
    }
  }

  @Test
  void manySendersAreServedSideBySide() throws Exception {
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      messages.add(message("R01", "C" + i));
    }
    List<CompletableFuture<List<byte[]>>> senders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      senders.add(CompletableFuture.supplyAsync(() -> sendAll(messages)));
    }
    for (CompletableFuture<List<byte[]>> sender : senders) {
      List<byte[]> got = sender.get();
      for (int i = 0; i < 300; i++) {
        assertThat(controlId(got.get(i))).isEqualTo("C" + i);
      }
    }
  }

  private List<byte[]> sendAll(List<byte[]> messages) {
    try (MllpClient client = MllpClient.connect("127.0.0.1", port(), PATIENT)) {
      return client.sendAll(messages);
    } catch (MllpException failure) {
      throw new AssertionError(failure);
    }
  }
}
