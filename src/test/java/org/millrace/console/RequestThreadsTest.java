package org.millrace.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of requests when there are too many. */
class RequestThreadsTest {
  private final CountDownLatch answering = new CountDownLatch(1);
  private final RequestThreads threads = new RequestThreads(Duration.ofMinutes(1), 1, 1);

  @AfterEach
  void close() {
    answering.countDown();
    threads.close();
  }

  private void hold() {
    try {
      answering.await();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatIsTooMuchIsRefusedAndWhatWaitsIsDone() {
    AtomicInteger done = new AtomicInteger();
    threads.execute(this::hold);
    threads.execute(done::incrementAndGet);

    assertThatThrownBy(() -> threads.execute(done::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);

    answering.countDown();
    await().until(() -> done.get() == 1);
  }

  @Test
  void theServerEndsAConnectionThatThereIsNoThreadFor() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger answered = new AtomicInteger();
    server.createContext(
        "/",
        exchange -> {
          hold();
          answered.incrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
    try (Socket first = ask(server);
        Socket second = ask(server);
        Socket third = ask(server)) {
      assertThat(ended(first, second, third)).isOne();
      answering.countDown();
      await().until(() -> answered.get() == 2);
    } finally {
      server.stop(0);
    }
  }

  private static Socket ask(HttpServer server) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
    socket.setSoTimeout(2_000);
    socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
    return socket;
  }

  /** How many of them the server has ended without a byte of an answer. */
  private static int ended(Socket... sockets) throws IOException {
    int ended = 0;
    for (Socket socket : sockets) {
      try {
        ended += socket.getInputStream().read() < 0 ? 1 : 0;
      } catch (SocketException reset) {
        ended++;
      } catch (SocketTimeoutException waits) {
        assertThat(waits).isNotNull();
      }
    }
    return ended;
  }
}
