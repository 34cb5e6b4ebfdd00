package org.millrace.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.SettableClock;
import org.millrace.journal.Alert;
import org.millrace.journal.AlertNotice;

/** Notices as receivers get them, through real sockets. */
class NoticeWaysTest {
  private static final NoticeText TEXT = new NoticeText("https://wiki.example/alerts.md");
  private static final Instant BEGIN = SettableClock.BEGIN;

  private static AlertNotice notice(Optional<Instant> ended) {
    return new AlertNotice(
        12,
        ended.isPresent() ? AlertNotice.News.ENDED : AlertNotice.News.STARTED,
        "webhook",
        0,
        new Alert(7, "queue-age", "results", "3 messages wait", BEGIN, BEGIN, ended));
  }

  @Test
  void theWebhookGetsJsonAndNothingButSuccessCountsAsTaken() throws Exception {
    Queue<String> bodies = new ConcurrentLinkedQueue<>();
    AtomicInteger status = new AtomicInteger(204);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext(
        "/hook",
        exchange -> {
          bodies.add(
              exchange.getRequestHeaders().getFirst("Content-Type")
                  + "\n"
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    server.start();
    try {
      URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook?token=t0p");
      WebhookWay way = new WebhookWay(url, TEXT);
      way.send(notice(Optional.empty()));
      way.send(notice(Optional.of(BEGIN.plusSeconds(60))));
      status.set(503);
      assertThatThrownBy(() -> way.send(notice(Optional.empty())))
          .isInstanceOf(IOException.class)
          .hasMessage("answered 503");
      server.stop(0);
      assertThatThrownBy(() -> way.send(notice(Optional.empty())))
          .isInstanceOf(IOException.class)
          .message()
          .startsWith("no answer: ")
          .doesNotContain("t0p");
    } finally {
      server.stop(0);
    }
    String[] first = String.valueOf(bodies.poll()).split("\n", 2);
    assertThat(first[0]).isEqualTo("application/json");
    JsonNode json = new ObjectMapper().readTree(first[1]);
    assertThat(json)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    "{\"alert\":\"started\",\"number\":7,\"notice\":12,\"what\":\"results\","
                        + "\"reason\":\"queue-age\",\"sentence\":\"3 messages wait\","
                        + "\"remedy\":\""
                        + AlertKind.QUEUE_AGE.remedy()
                        + "\",\"whoActs\":\"us\",\"since\":\"2026-11-20T16:15:00Z\","
                        + "\"runBook\":\"https://wiki.example/alerts.md#queue-age\"}"));
    JsonNode second = new ObjectMapper().readTree(String.valueOf(bodies.poll()).split("\n", 2)[1]);
    assertThat(second.path("alert").asText()).isEqualTo("ended");
    assertThat(second.path("ended").asText()).isEqualTo("2026-11-20T16:16:00Z");
  }

  private static MailAccount account(int port, MailAccount.Secrecy secrecy) {
    return new MailAccount(
        new MailAccount.Server("127.0.0.1", port, secrecy),
        Optional.empty(),
        "millrace@hospital.example",
        List.of("one@hospital.example", "two@hospital.example"));
  }

  @Test
  void aMailReachesEachReceiverUnderTheSameNumberWhenItIsSentAgain() throws Exception {
    try (MailServer server = new MailServer()) {
      MailWay way =
          new MailWay(account(server.port(), MailAccount.Secrecy.NONE), TEXT, new SettableClock());
      server.takesNothing(true);
      assertThatThrownBy(() -> way.send(notice(Optional.empty())))
          .isInstanceOf(IOException.class)
          .message()
          .startsWith("not taken: ");
      server.takesNothing(false);
      way.send(notice(Optional.empty()));
      way.send(notice(Optional.empty()));

      assertThat(server.mails).hasSize(2);
      assertThat(server.mails)
          .allSatisfy(
              mail ->
                  assertThat(mail)
                      .contains("MAIL FROM:<millrace@hospital.example>")
                      .contains("RCPT TO:<one@hospital.example>")
                      .contains("RCPT TO:<two@hospital.example>")
                      .contains("Subject: Millrace: queue-age of results has started")
                      .contains("Message-ID: <millrace-1795191300000-12@hospital.example>")
                      .contains("Date: Fri, 20 Nov 2026 16:15:00 +0000")
                      .contains("Run book: https://wiki.example/alerts.md#queue-age")
                      .contains("3 messages wait"));
    }
  }

  @Test
  void anAddressThatIsNoMoreKeepsNobodyElseFromBeingTold() throws Exception {
    try (MailServer server = new MailServer()) {
      MailWay way =
          new MailWay(account(server.port(), MailAccount.Secrecy.NONE), TEXT, new SettableClock());
      server.doesNotKnow("one@hospital.example");

      way.send(notice(Optional.empty()));

      assertThat(server.mails)
          .singleElement()
          .asString()
          .contains("RCPT TO:<two@hospital.example>")
          .doesNotContain("RCPT TO:<one@hospital.example>");
      server.doesNotKnow("@hospital.example");
      assertThatThrownBy(() -> way.send(notice(Optional.empty()))).isInstanceOf(IOException.class);
    }
  }

  /** Headers come at once, the body never: the time must hold for all of it. */
  @Test
  @Timeout(60)
  void aReceiverThatStallsWithinItsAnswerIsGivenUp() throws Exception {
    try (ServerSocket stalling = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try {
                  stalling
                      .accept()
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"
                              .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException over) {
                  // The test is over.
                  return;
                }
              });
      server.setDaemon(true);
      server.start();
      WebhookWay way =
          new WebhookWay(
              URI.create("http://127.0.0.1:" + stalling.getLocalPort() + "/"),
              TEXT,
              Duration.ofMillis(500));

      assertThatThrownBy(() -> way.send(notice(Optional.empty())))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in time");
    }
  }

  @Test
  void aServerWithoutTlsGetsNoMailUnlessTheSettingsSaySo() throws Exception {
    try (MailServer server = new MailServer()) {
      MailWay way =
          new MailWay(
              account(server.port(), MailAccount.Secrecy.STARTTLS), TEXT, new SettableClock());

      assertThatThrownBy(() -> way.send(notice(Optional.empty()))).isInstanceOf(IOException.class);
      assertThat(server.mails).isEmpty();
    }
  }

  @Test
  void aPasswordIsNotPrinted() {
    assertThat(new MailAccount.Login("millrace", "s3cret").toString()).doesNotContain("s3cret");
  }

  @Test
  void eachKindHasASectionOfTheRunBook() throws Exception {
    String page = Files.readString(Path.of("docs/alerts.md"), StandardCharsets.UTF_8);

    for (AlertKind kind : AlertKind.values()) {
      int at = page.indexOf("\n## " + kind.label() + "\n");
      assertThat(at).as(kind.label()).isPositive();
      int next = page.indexOf("\n## ", at + 4);
      String section = page.substring(at, next < 0 ? page.length() : next);
      assertThat(section).contains("**What it means.**", "**Look here.**", "**Do this.**");
    }
  }
}
