package org.millrace.mllp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.V2FormatException;
import org.millrace.mllp.MllpClient.Timeouts;
import org.millrace.mllp.MllpException.Reason;

class MllpClientTest {
  private static final byte[] MESSAGE = "MSH|^~\\&|A".getBytes(UTF_8);
  private static final Timeouts SHORT = new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(300));
  private static final Timeouts LONG = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20));

  private interface Conversation {
    void with(Socket socket) throws IOException;
  }

  /** A peer that takes one connection, reads one message and then does as told. */
  private static ServerSocket peer(Conversation conversation) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    CompletableFuture.runAsync(
        () -> {
          try (Socket socket = server.accept()) {
            socket.getInputStream().readNBytes(MESSAGE.length + 3);
            conversation.with(socket);
          } catch (IOException gone) {
            throw new IllegalStateException(gone);
          }
        });
    return server;
  }

  private static MllpClient connect(ServerSocket server, Timeouts timeouts) throws MllpException {
    return MllpClient.connect("127.0.0.1", server.getLocalPort(), timeouts);
  }

  private static void assertFails(MllpClient client, byte[] message, Reason reason) {
    assertThatThrownBy(() -> client.exchange(message))
        .isInstanceOfSatisfying(
            MllpException.class, failure -> assertThat(failure.reason()).isEqualTo(reason));
  }

  @Test
  void aReplyInPiecesIsPutTogether() throws Exception {
    try (ServerSocket server =
            peer(
                socket -> {
                  for (byte each : "..\u000Bok\u001C\r".getBytes(UTF_8)) {
                    socket.getOutputStream().write(each);
                    socket.getOutputStream().flush();
                  }
                });
        MllpClient client = connect(server, LONG)) {
      assertThat(client.exchange(MESSAGE)).isEqualTo("ok".getBytes(UTF_8));
    }
  }

  @Test
  void aDrippingReplyEndsAtTheDeadlineAndClosesTheConnection() throws Exception {
    try (ServerSocket server =
            peer(
                socket -> {
                  socket.getOutputStream().write(0x0B);
                  while (socket.getInputStream().read() >= 0) {
                    socket.getOutputStream().write('x');
                  }
                });
        MllpClient client = connect(server, SHORT)) {
      assertFails(client, MESSAGE, Reason.NO_REPLY);
      assertFails(client, MESSAGE, Reason.CLOSED);
    }
  }

  @Test
  void aPeerThatHangsUpIsTold() throws Exception {
    try (ServerSocket server = peer(socket -> {});
        MllpClient client = connect(server, LONG)) {
      assertFails(client, MESSAGE, Reason.RESET);
    }
  }

  @Test
  void aMessageWithFramingCharactersIsNotSent() throws Exception {
    try (ServerSocket server = peer(socket -> {});
        MllpClient client = connect(server, LONG)) {
      assertFails(client, new byte[] {'a', 0x1C, '\r'}, Reason.NOT_SENDABLE);
      client.close();
      assertFails(client, MESSAGE, Reason.CLOSED);
    }
  }

  @Test
  void aPortNobodyListensOnRefuses() throws Exception {
    int free;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = server.getLocalPort();
    }
    int port = free;
    assertThatThrownBy(() -> MllpClient.connect("127.0.0.1", port, LONG))
        .isInstanceOfSatisfying(
            MllpException.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.REFUSED))
        .hasMessageContaining(":" + port);
  }

  private static final byte[] RESULT =
      "MSH|^~\\&|LAB|N|M|H|20261120||ORU^R01|C1|D|2.5.1\rPID|1\r".getBytes(UTF_8);

  /** What comes of delivering a result to a peer that answers these bytes and hangs up. */
  private static Reason reasonFor(String answer) throws IOException {
    try (ServerSocket server =
            peer(
                socket -> {
                  socket.getInputStream().readNBytes(RESULT.length - MESSAGE.length);
                  socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
                });
        MllpClient client = connect(server, LONG)) {
      client.deliver(RESULT);
      throw new AssertionError("taken for success: " + answer);
    } catch (MllpException failure) {
      assertThat(failure).hasMessageNotContaining("secret");
      return failure.reason();
    } catch (V2FormatException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private static String framed(String reply) {
    return "\u000B" + reply + "\u001C\r";
  }

  private static String acknowledging(String code, String id) {
    return framed(
        "MSH|^~\\&|M|H|LAB|N|20261120||ACK^R01|1|D|2.5.1\rMSA|" + code + "|" + id + "|secret\r");
  }

  @Test
  void onlyAPositiveReplyToTheMessageItselfIsSuccess() throws Exception {
    for (String code : List.of("AA", "CA")) {
      try (ServerSocket server =
              peer(
                  socket -> {
                    socket.getInputStream().readNBytes(RESULT.length - MESSAGE.length);
                    socket.getOutputStream().write(acknowledging(code, "C1").getBytes(UTF_8));
                  });
          MllpClient client = connect(server, LONG)) {
        assertThat(client.deliver(RESULT)).asString(UTF_8).contains("MSA|" + code + "|C1");
      }
    }
    assertThat(reasonFor(acknowledging("AA", "C2"))).isEqualTo(Reason.WRONG_ID);
    assertThat(reasonFor(acknowledging("AA", ""))).isEqualTo(Reason.WRONG_ID);
    for (String code : List.of("AE", "AR", "CE", "CR", "", "OK")) {
      assertThat(reasonFor(acknowledging(code, "C1"))).as(code).isEqualTo(Reason.NOT_ACCEPTED);
    }
    assertThat(reasonFor(framed("MSH|^~\\&|M|H|LAB|N|20261120||ACK|1|D|2.5.1\r")))
        .isEqualTo(Reason.NO_ACKNOWLEDGMENT);
    assertThat(reasonFor(framed(""))).isEqualTo(Reason.NO_ACKNOWLEDGMENT);
  }

  @Test
  void whoSpeaksAnotherProtocolIsToldByItsName() throws Exception {
    assertThat(reasonFor("HTTP/1.1 400 Bad Request\r\n\r\n")).isEqualTo(Reason.NOT_MLLP);
    assertThat(reasonFor("220 mail.example ESMTP\r\n")).isEqualTo(Reason.NOT_MLLP);
    assertThat(reasonFor("\u0015\u0003\u0003\u0000\u0002\u0002\u0028")).isEqualTo(Reason.TLS);
    assertThat(reasonFor("")).isEqualTo(Reason.RESET);
  }

  @Test
  void aMessageWithoutAHeaderIsNotSent() throws Exception {
    try (ServerSocket server = peer(socket -> {});
        MllpClient client = connect(server, LONG)) {
      assertThatThrownBy(() -> client.deliver("PID|1".getBytes(UTF_8)))
          .isInstanceOf(V2FormatException.class);
    }
  }
}
