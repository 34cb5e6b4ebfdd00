package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.SettableClock;
import org.millrace.guard.Gate;
import org.millrace.guard.GateSettings;
import org.millrace.guard.Needs;
import org.millrace.journal.JournalDatabase;

/** The door of a server that takes its time to judge. */
class HttpDoorTest {
  private static final int BODY_BYTES = 600_000;
  private static final RestSettings SETTINGS =
      new RestSettings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          1_000_000,
          10,
          Duration.ofMinutes(1),
          Optional.empty(),
          URI.create("http://cerner.example/r4/t"),
          ZoneId.of("UTC"));

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch judging = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private JournalDatabase journal;
  private HttpServer server;

  /** Judges nothing before the first that asked is gone. */
  private final class Slow implements RestHandler {
    @Override
    public Needs needs(RestRequest request) {
      judging.countDown();
      try {
        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Needs.ANY_CALLER;
    }

    @Override
    public RestAnswer handle(RestRequest request) {
      return new RestAnswer(200, Map.of(), new byte[0]);
    }

    @Override
    public RestAnswer refuse(Refusal refusal) {
      return Problems.answer(refusal);
    }
  }

  @BeforeEach
  void start() throws Exception {
    SettableClock clock = new SettableClock();
    journal = JournalDatabase.open(folder, clock);
    Gate gate = new Gate(journal, GateSettings.ofKeys(false, ""), clock);
    HttpDoor door =
        new HttpDoor(
            new HttpDoor.Limits(1_000_000, 1_000_000, Duration.ofMinutes(1)), turnedAway -> {});
    door.add("/face", true, new HttpStep("/face", new Slow(), SETTINGS, gate, clock));
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            context -> {
              context.addEndHandler(ended -> gone.countDown());
              context.next();
            });
    router.route().handler(door);
    router.route().handler(context -> context.response().setStatusCode(204).end());
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    journal.close();
  }

  private Socket begin() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout(20_000);
    String head = "POST /face HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + BODY_BYTES;
    socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void whoIsGoneWhileItIsJudgedTakesNoRoom() throws Exception {
    Socket first = begin();
    assertThat(judging.await(20, TimeUnit.SECONDS)).isTrue();
    first.close();

    try (Socket second = begin()) {
      byte[] status = second.getInputStream().readNBytes("HTTP/1.1 204".length());

      assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 204");
    }
  }
}
