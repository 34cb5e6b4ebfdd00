package org.millrace.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.nimbusds.jose.jwk.JWKMatcher;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.SettableClock;

/** An issuer that does what it should not. */
class IssuerDocumentsTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch goesOn = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);
  private HttpServer server;
  private URI issuer;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(threads);
    server.start();
    issuer = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    goesOn.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void stalls() {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          asked.countDown();
          try {
            goesOn.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
  }

  private void answers(byte[] body) {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @Test
  void oneThatStallsWithinItsAnswerIsNotWaitedForWithoutEnd() {
    stalls();
    IssuerDocuments documents = new IssuerDocuments(Duration.ofMillis(200));

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> documents.described(issuer))
                .withMessageContaining("did not answer within"));
  }

  @Test
  void whoAsksWhereTokensAreGivenDoesNotWaitForWhoReadsIt() throws Exception {
    stalls();
    IssuerKeys keys =
        new IssuerKeys(issuer, new IssuerDocuments(Duration.ofMinutes(1)), new SettableClock());
    threads.submit(() -> keys.matching(new JWKMatcher.Builder().build()));
    asked.await();

    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThat(keys.server()).isEmpty());
    goesOn.countDown();
  }

  @Test
  void moreThanAMegabyteIsNotTaken() {
    answers(new byte[3 * 1024 * 1024]);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new IssuerDocuments().keys(issuer.resolve("/keys")))
        .withMessageContaining("is longer than");
  }

  @ParameterizedTest
  @ValueSource(strings = {"//issuer.example/token", "token", "", "http:token", "ftp://x.example/t"})
  void anAddressThatIsNoneOrLessSafeIsAFault(String address) {
    answers(
        "{\"issuer\":\"%s\",\"token_endpoint\":\"%s\",\"jwks_uri\":\"%s/keys\"}"
            .formatted(issuer, address, issuer)
            .getBytes(StandardCharsets.UTF_8));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new IssuerDocuments().described(issuer))
        .withMessageContaining("token_endpoint");
  }
}
