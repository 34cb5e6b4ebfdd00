package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.guard.Role;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.SampleMessages;

/** Logging in and out, and how long that lasts. */
@Timeout(120)
final class LogInTest {
  private static final AuditEvent.Actor ROOT = AuditEvent.Actor.user("root");

  private static final String NEXT = "three green lanterns";

  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static boolean in(Browser browser) throws Exception {
    HttpResponse<String> answer = browser.get("/messages");
    if (answer.statusCode() == 303) {
      assertThat(answer.headers().firstValue("Location")).hasValue("/log-in?to=%2Fmessages");
      return false;
    }
    return answer.statusCode() == 200;
  }

  @Test
  void withoutAnAccountWhoeverIsHereMayDoEverythingAndIsToldSo() throws Exception {
    assertThat(bench.browser.page("/"))
        .contains("There is no account yet")
        .doesNotContain("Log out");
    assertThat(bench.browser.get("/log-in").headers().firstValue("Location")).hasValue("/");
  }

  @Test
  void fromTheFirstAccountOnEverybodyLogsIn() throws Exception {
    assertThat(in(bench.browser)).isTrue();

    Browser ana = bench.loggedIn("ana", Role.ADMIN);

    assertThat(in(bench.browser)).isFalse();
    assertThat(bench.browser.page("/log-in"))
        .contains("type=\"password\"")
        .doesNotContain("Find a message")
        .doesNotContain("href=\"/audit\"");
    assertThat(ana.page("/")).contains("Log out", "ana").doesNotContain("There is no account yet");
    assertThat(bench.browser.page("/static/console.css")).isNotEmpty();
  }

  @Test
  void whoComesFromAnotherSiteIsAskedForByAPageOfOursAndKeepsTheirCookie() throws Exception {
    bench.account("ana", Role.ADMIN);
    HttpRequest followed =
        HttpRequest.newBuilder(URI.create(bench.browser.root() + "/messages?state=HELD"))
            .header("Sec-Fetch-Site", "cross-site")
            .header("Sec-Fetch-Mode", "navigate")
            .build();

    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(followed, HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Refresh")).hasValue("0; url=/messages?state=HELD");
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(answer.body()).contains("Go on").doesNotContain("name=\"password\"");
  }

  @Test
  void wrongNamesAndPasswordsGetTheSameAnswer() throws Exception {
    bench.account("ana", Role.ADMIN);

    HttpResponse<String> wrong = bench.browser.logIn("ana", "not the password");
    HttpResponse<String> unknown = bench.browser.logIn("nobody", ConsoleBench.PASSWORD);

    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(unknown.statusCode()).isEqualTo(403);
    assertThat(without(unknown.body())).isEqualTo(without(wrong.body()));
    assertThat(wrong.body()).doesNotContain("not the password");
    assertThat(in(bench.browser)).isFalse();
  }

  /** The page without what is another one each time. */
  private static String without(String page) {
    return page.replaceAll("value=\"[A-Za-z0-9_-]{43}\"", "");
  }

  /** Whoever gave a browser its cookie before the log-in must not be in by it. */
  @Test
  void theCookieIsAnotherOneAfterTheLogInAndTheOneBeforeOpensNothing() throws Exception {
    bench.account("ana", Role.ADMIN);
    bench.browser.get("/log-in");
    String before = bench.browser.cookie();

    bench.browser.logIn("ana", ConsoleBench.PASSWORD);

    assertThat(bench.browser.cookie()).isNotEqualTo(before);
    assertThat(in(bench.browser)).isTrue();
    HttpResponse<String> answer =
        new Browser(bench.server.port())
            .sent(
                HttpRequest.newBuilder(URI.create(bench.browser.root() + "/messages"))
                    .header("Cookie", before));
    assertThat(answer.statusCode()).isEqualTo(303);
  }

  @Test
  void theLogInNeedsTheTokenOfItsBrowser() throws Exception {
    bench.account("ana", Role.ADMIN);
    bench.browser.get("/log-in");

    HttpResponse<String> answer =
        bench.browser.postOnly(
            "/log-in",
            Map.of("name", "ana", "password", ConsoleBench.PASSWORD, "token", "guessed"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(in(bench.browser)).isFalse();
  }

  @Test
  void loggingOutEndsTheVisitAndIsOnRecord() throws Exception {
    Browser ana = bench.loggedIn("ana", Role.ADMIN);
    String cookie = ana.cookie();

    assertThat(ana.postOnly("/log-out", Map.of()).headers().firstValue("Location"))
        .hasValue("/log-in");

    assertThat(in(ana)).isFalse();
    HttpResponse<String> old =
        new Browser(bench.server.port())
            .sent(
                HttpRequest.newBuilder(URI.create(ana.root() + "/messages"))
                    .header("Cookie", cookie));
    assertThat(old.statusCode()).isEqualTo(303);
    await().until(() -> bench.trail("ana", "log-out").size() == 1);
  }

  @Test
  void aVisitEndsWithoutRequestsAndAfterALongDay() throws Exception {
    Browser ana = bench.loggedIn("ana", Role.ADMIN);
    bench.clock.forward(Visits.IDLE.minusSeconds(1));
    assertThat(in(ana)).isTrue();
    bench.clock.forward(Visits.IDLE.minusSeconds(1));
    assertThat(in(ana)).isTrue();
    bench.clock.forward(Visits.IDLE);
    assertThat(in(ana)).isFalse();

    ana.logIn("ana", ConsoleBench.PASSWORD);
    Duration step = Visits.IDLE.minusSeconds(1);
    for (Duration gone = step; gone.compareTo(Visits.LONGEST) < 0; gone = gone.plus(step)) {
      bench.clock.forward(step);
      assertThat(in(ana)).isTrue();
    }
    bench.clock.forward(step);
    assertThat(in(ana)).isFalse();
  }

  @Test
  void aPageThatFollowsWhatHappensKeepsNobodyLoggedIn() throws Exception {
    Browser ana = bench.loggedIn("ana", Role.ADMIN);
    bench.clock.forward(Visits.IDLE.minusSeconds(60));
    HttpResponse<String> answer =
        ana.sent(
            HttpRequest.newBuilder(URI.create(ana.root() + "/messages"))
                .header("X-Millrace-Follows", "yes"));
    assertThat(answer.statusCode()).isEqualTo(200);
    bench.clock.forward(Duration.ofSeconds(60));

    assertThat(in(ana)).isFalse();
  }

  private static Map<String, String> change(String password, String next, String again) {
    return Map.of("password", password, "next", next, "again", again);
  }

  @Test
  void whoChangesTheirPasswordStaysInAndIsLoggedOutElsewhere() throws Exception {
    Browser ana = bench.loggedIn("ana", Role.VIEWER);
    Browser elsewhere = new Browser(bench.server.port());
    elsewhere.logIn("ana", ConsoleBench.PASSWORD);
    assertThat(in(elsewhere)).isTrue();
    String cookie = ana.cookie();

    HttpResponse<String> answer =
        ana.post("/account/password", change(ConsoleBench.PASSWORD, NEXT, NEXT));

    assertThat(answer.body()).contains("The account has another password");
    assertThat(ana.cookie()).isNotEqualTo(cookie);
    assertThat(in(ana)).isTrue();
    assertThat(in(elsewhere)).isFalse();
    assertThat(elsewhere.logIn("ana", ConsoleBench.PASSWORD).statusCode()).isEqualTo(403);
    assertThat(elsewhere.logIn("ana", NEXT).statusCode()).isEqualTo(303);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not the password | three green lanterns | three green lanterns | another one, or was typed",
        "%s | three green lanterns | three red lanterns | typed in two ways",
        "%s | too short | too short | fewer than 12 characters",
        "%s | this is for ana only | this is for ana only | holds the account",
        "%s | '' | '' | fewer than 12 characters",
        "%s | %s | %s | the one you have",
      })
  void aChangeThatCannotBeIsToldAndNothingIsChanged(
      String password, String next, String again, String told) throws Exception {
    Browser ana = bench.loggedIn("ana", Role.OPERATOR);

    HttpResponse<String> answer =
        ana.postOnly("/account/password", change(typed(password), typed(next), typed(again)));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("Nothing was done", told).doesNotContain("lanterns");
    assertThat(in(ana)).isTrue();
    assertThat(bench.browser.logIn("ana", ConsoleBench.PASSWORD).statusCode()).isEqualTo(303);
  }

  private static String typed(String text) {
    return text.replace("%s", ConsoleBench.PASSWORD);
  }

  @Test
  void withoutAnAccountThereIsNoPasswordToChange() throws Exception {
    assertThat(bench.browser.get("/account").headers().firstValue("Location")).hasValue("/");
    assertThat(bench.browser.postOnly("/account/password", change("any", NEXT, NEXT)).statusCode())
        .isEqualTo(422);
    assertThat(bench.journal.accounts().any()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lock", "role", "password"})
  void whoseAccountChangesIsLoggedOutAtOnce(String change) throws Exception {
    Browser ana = bench.loggedIn("ana", Role.ADMIN);
    assertThat(in(ana)).isTrue();
    switch (change) {
      case "lock" -> bench.journal.accounts().lock("ana", ROOT).get();
      case "role" -> bench.journal.accounts().changeRole("ana", "VIEWER", ROOT).get();
      default -> bench.journal.accounts().changePassword("ana", "another", ROOT).get();
    }

    assertThat(in(ana)).isFalse();
    bench.journal.accounts().unlock("ana", ROOT).get();
    assertThat(in(ana)).as("not again by being unlocked").isFalse();
  }

  @Test
  void whoIsLoggedOutIsToldNothingMore() throws Exception {
    Browser ana = bench.loggedIn("ana", Role.VIEWER);
    try (Socket socket = new Socket("127.0.0.1", bench.server.port())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              ("GET /live HTTP/1.1\r\nHost: 127.0.0.1:"
                      + bench.server.port()
                      + "\r\nCookie: "
                      + ana.cookie()
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      assertThat(line).startsWith("HTTP/1.1 200");
      while (!line.equals(": open")) {
        line = lines.readLine();
      }
      bench.journal.accounts().lock("ana", ROOT).get();
      bench.accept("C1");
      // The end of what is sent in chunks.
      while (!line.equals("0")) {
        assertThat(line).isNotEqualTo("event: moved");
        line = lines.readLine();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/messages?state=HELD, /messages?state=HELD",
    "https://evil.example/, /",
    "//evil.example/, /",
    "/\\evil.example/, /",
    "messages, /"
  })
  void theLogInLeadsOnToPagesOfTheConsoleOnly(String to, String where) throws Exception {
    bench.account("ana", Role.VIEWER);
    bench.browser.get("/log-in");

    HttpResponse<String> answer =
        bench.browser.postOnly(
            "/log-in", Map.of("name", "ana", "password", ConsoleBench.PASSWORD, "to", to));

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).hasValue(where);
  }

  @Test
  void whatSomebodyDoesAndLooksAtIsByTheirName() throws Exception {
    bench.accept("C1");
    Browser ana = bench.loggedIn("ana", Role.OPERATOR);
    ana.get("/");
    ana.postOnly("/messages/1/show", Map.of());
    ana.postOnly("/feeds/pause", Map.of("feed", SampleMessages.FEED.name(), "why", "upgrade"));
    ana.postOnly("/messages/1/discard", Map.of("why", "of a test"));

    for (String what : List.of("log-in", "view", "pause", "discard")) {
      assertThat(bench.trail("ana", what))
          .as(what)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.actor().proof()).isEqualTo("account");
                assertThat(event.actor().address()).isEqualTo("127.0.0.1");
              });
    }
    assertThat(bench.journal.pauses().inForce())
        .singleElement()
        .satisfies(pause -> assertThat(pause.who()).isEqualTo("ana"));
  }

  /** What was shown to one must not be open to who logs in after them in the same browser. */
  @Test
  void whatWasShownIsCoveredForWhoLogsInNext() throws Exception {
    bench.accept("C1");
    Browser ana = bench.loggedIn("ana", Role.ADMIN);
    ana.get("/");
    ana.postOnly("/messages/1/show", Map.of());
    assertThat(ana.page("/messages/1?tab=raw")).contains("MARKLEY");
    ana.postOnly("/log-out", Map.of());
    bench.account("vera", Role.VIEWER);
    ana.logIn("vera", ConsoleBench.PASSWORD);

    assertThat(ana.page("/messages/1?tab=raw")).doesNotContain("MARKLEY");
  }
}
