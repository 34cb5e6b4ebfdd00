package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections of a server that answers at once, and much. */
class HttpConnectionsTest {
  private static final int ANSWER_BYTES = 1024 * 1024;
  private static final int REQUESTS = 200;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger answered = new AtomicInteger();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private HttpServer server() {
    HttpConnections connections = new HttpConnections(vertx, 5, Duration.ofMinutes(1), () -> {});
    Router router = Router.router(vertx);
    router.route().handler(connections::watch);
    router
        .route()
        .handler(
            context -> {
              answered.incrementAndGet();
              context.end(Buffer.buffer(new byte[ANSWER_BYTES]));
            });
    return vertx
        .createHttpServer()
        .connectionHandler(connections)
        .requestHandler(router)
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  @Test
  void whoReadsNoAnswerIsGivenNoMoreOfThemUntilItDoes() throws Exception {
    HttpServer server = server();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      socket.setSoTimeout(20_000);
      String request = "GET / HTTP/1.1\r\nHost: localhost\r\n";
      String all = (request + "\r\n").repeat(REQUESTS - 1) + request + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(all.getBytes(StandardCharsets.US_ASCII));

      AtomicInteger before = new AtomicInteger();
      await()
          .pollInterval(Duration.ofMillis(500))
          .until(() -> answered.get() > 0 && before.getAndSet(answered.get()) == answered.get());
      assertThat(answered).hasValueLessThan(REQUESTS / 2);

      InputStream in = socket.getInputStream();
      long bytes = 0;
      byte[] some = new byte[64 * 1024];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        bytes += read;
      }
      assertThat(answered).hasValue(REQUESTS);
      assertThat(bytes).isGreaterThan((long) REQUESTS * ANSWER_BYTES);
    }
  }
}
