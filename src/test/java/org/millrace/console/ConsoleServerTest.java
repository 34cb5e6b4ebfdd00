package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in at the console, and what every answer carries. */
final class ConsoleServerTest {
  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** A request as it is written, for what a client of HTTP would not send. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", bench.server.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      try (InputStream answer = socket.getInputStream()) {
        return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/messages", "/static/console.css", "/nothing"})
  void everyAnswerForbidsScriptsOfOthersAndIsNotKept(String path) throws Exception {
    HttpResponse<String> answer = bench.browser.get(path);

    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .contains("default-src 'none'")
                    .contains("script-src 'self'")
                    .contains("frame-ancestors 'none'")
                    .contains("form-action 'self'")
                    .contains("base-uri 'none'")
                    .doesNotContain("unsafe"));
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
  }

  @Test
  void theCookieIsOutOfReachOfScriptsAndOtherSites() throws Exception {
    assertThat(bench.browser.get("/").headers().firstValue("Set-Cookie"))
        .hasValueSatisfying(
            cookie -> assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:PORT",
        "localhost",
        "127.0.0.1.evil.example:PORT",
        "localhost:1",
        "127.0.0.1:PORT@evil.example",
        "localhost.:PORT",
        ""
      })
  void aNameThatIsNotThisMachinesIsTurnedAway(String host) throws Exception {
    String name = host.replace("PORT", String.valueOf(bench.server.port()));

    String answer = raw("GET / HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 421 ").doesNotContain("<html");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]"})
  void namesOfThisMachineAreKnown(String host) throws Exception {
    assertThat(
            raw(
                "GET / HTTP/1.1\r\nHost: "
                    + host
                    + ":"
                    + bench.server.port()
                    + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  /** More than there are threads. */
  private static final int MANY = 50;

  private static List<Socket> clients(int port, String sent) throws IOException {
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Socket client = new Socket("127.0.0.1", port);
      client.setSoTimeout(20_000);
      client.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
      clients.add(client);
    }
    return clients;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTT",
        "GET / HTTP/1.1\r\nHost: localhost:PORT\r\nX-More: ",
        "POST /messages/search HTTP/1.1\r\nHost: localhost:PORT\r\nOrigin:"
            + " http://localhost:PORT\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 1000\r\n\r\ntext="
      })
  void clientsThatDoNotEndTheirRequestsKeepNobodyOut(String begun) throws Exception {
    try (ConsoleServer server = new ConsoleServer(0, bench.sources, Duration.ofMillis(400))) {
      List<Socket> slow =
          clients(server.port(), begun.replace("PORT", String.valueOf(server.port())));

      assertThat(new Browser(server.port()).page("/")).contains("Overview");
      for (Socket each : slow) {
        assertThat(ended(each)).isTrue();
        each.close();
      }
    }
  }

  @Test
  void clientsThatDoNotReadTheirAnswersKeepNobodyOut() throws Exception {
    try (ConsoleServer server = new ConsoleServer(0, bench.sources, Duration.ofMillis(400))) {
      String request =
          "GET /static/console.css HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\n\r\n";
      // Together more than the buffers of any system hold, once for each answer.
      List<Socket> slow = clients(server.port(), request.repeat(700));

      assertThat(new Browser(server.port()).page("/")).contains("Overview");
      for (Socket each : slow) {
        each.close();
      }
    }
  }

  /** Whether the other side has closed the connection, whatever it said before. */
  private static boolean ended(Socket client) throws IOException {
    try {
      client.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void itListensOnLoopbackOnly() throws Exception {
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (var address : Collections.list(each.getInetAddresses())) {
        if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
          assertThat(connects(new InetSocketAddress(address, bench.server.port()))).isFalse();
        }
      }
    }
    assertThat(connects(new InetSocketAddress("127.0.0.1", bench.server.port()))).isTrue();
  }

  private static boolean connects(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) Duration.ofSeconds(2).toMillis());
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "https://127.0.0.1", "http://localhost"})
  void aFormOfAnotherSiteIsTurnedAway(String origin) throws Exception {
    bench.browser.get("/");

    HttpResponse<String> answer =
        bench.browser.sent(
            bench
                .browser
                .form("/messages/search", Map.of("token", bench.browser.token(), "text", "6931"))
                .header("Origin", origin));

    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @Test
  void aFormWithoutOriginIsTurnedAway() throws Exception {
    bench.browser.get("/");

    assertThat(
            bench
                .browser
                .sent(
                    bench.browser.form(
                        "/messages/search", Map.of("token", bench.browser.token(), "text", "6931")))
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void aFormNeedsTheTokenOfItsOwnBrowser() throws Exception {
    Browser other = new Browser(bench.server.port());
    other.get("/");

    for (String token : List.of("", "guessed", other.token())) {
      HttpResponse<String> answer =
          bench.browser.postOnly("/messages/search", Map.of("token", token, "text", "6931"));
      assertThat(answer.statusCode()).as(token).isEqualTo(403);
      assertThat(answer.body()).contains("Nothing was done");
    }
    assertThat(bench.browser.postOnly("/messages/search", Map.of("text", "6931")).statusCode())
        .isEqualTo(303);
  }

  @Test
  void whatIsNoFormAndWhatIsTooLongIsNotRead() throws Exception {
    bench.browser.get("/");
    HttpRequest.Builder json =
        HttpRequest.newBuilder(URI.create(bench.browser.root() + "/messages/search"))
            .header("Content-Type", "application/json")
            .header("Origin", bench.browser.root())
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertThat(bench.browser.sent(json).statusCode()).isEqualTo(400);
    assertThat(
            bench
                .browser
                .postOnly("/messages/search", Map.of("text", "x".repeat(Request.LONGEST_FORM)))
                .statusCode())
        .isEqualTo(400);
    HttpRequest.Builder broken =
        HttpRequest.newBuilder(URI.create(bench.browser.root() + "/messages/search"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", bench.browser.root())
            .POST(HttpRequest.BodyPublishers.ofString("token=%2"));
    assertThat(bench.browser.sent(broken).statusCode()).isEqualTo(400);
  }

  @Test
  void otherMethodsAndPathsAreNotServed() throws Exception {
    assertThat(
            raw("DELETE / HTTP/1.1\r\nHost: 127.0.0.1:" + port() + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ");
    assertThat(bench.browser.get("/messages/search").statusCode()).isEqualTo(404);
    assertThat(bench.browser.get("/static/../Console.class").statusCode()).isEqualTo(404);
    assertThat(bench.browser.get("/static/").statusCode()).isEqualTo(404);
  }

  private int port() {
    return bench.server.port();
  }

  @Test
  void noTemplateCanLeaveAValueUnescapedOrRunAScriptOfItsOwn() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/org/millrace/console"))) {
      List<Path> templates = files.filter(file -> file.toString().endsWith(".mustache")).toList();
      assertThat(templates).isNotEmpty();
      for (Path template : templates) {
        assertThat(Files.readString(template, StandardCharsets.UTF_8))
            .as(template.toString())
            .doesNotContain("{{{")
            .doesNotContain("{{&")
            .doesNotContain("{{=")
            .doesNotContain("style=")
            .doesNotContain("javascript:")
            .doesNotContainPattern("\\son[a-z]+=")
            .doesNotContainPattern("<script(?! src=\"/static/console.js\" defer></script>)")
            // Without quotes around it, a value could end its attribute.
            .doesNotContainPattern("\\s[a-z-]+=\\{\\{");
      }
    }
  }
}
