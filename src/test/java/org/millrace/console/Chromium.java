package org.millrace.console;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.millrace.Ports;

/** A headless Chromium, driven by Debian's chromedriver (W3C WebDriver). */
final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process driver;
  private final String root;
  private String session = "";

  private Chromium(Process driver, int port) {
    this.driver = driver;
    this.root = "http://127.0.0.1:" + port;
  }

  /** Whether both programs are on the path. */
  static boolean installed() {
    return found("chromedriver").isPresent() && found("chromium").isPresent();
  }

  private static Optional<Path> found(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Chromium start(Path folder) throws Exception {
    int port = Ports.free();
    Process driver =
        new ProcessBuilder("chromedriver", "--port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("chromedriver.log").toFile())
            .start();
    Chromium chromium = new Chromium(driver, port);
    Awaitility.await().until(chromium::ready);
    chromium.open(folder);
    return chromium;
  }

  private boolean ready() throws InterruptedException {
    try {
      return ask("GET", "/status", "").path("ready").asBoolean();
    } catch (IOException notYet) {
      return false;
    }
  }

  private void open(Path folder) throws Exception {
    ObjectNode wanted = JSON.createObjectNode();
    ObjectNode all = wanted.putObject("capabilities").putObject("alwaysMatch");
    all.put("unhandledPromptBehavior", "ignore");
    all.putObject("goog:loggingPrefs").put("browser", "ALL");
    // Of a container's user root; pages are our own.
    for (String each :
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1280,900",
            "--user-data-dir=" + folder.resolve("profile"))) {
      all.withObjectProperty("goog:chromeOptions").withArrayProperty("args").add(each);
    }
    session = "/session/" + ask("POST", "/session", wanted.toString()).path("sessionId").asText();
  }

  void go(String url) throws Exception {
    ask("POST", session + "/url", JSON.createObjectNode().put("url", url).toString());
  }

  /** What a script returns. */
  JsonNode run(String script) throws Exception {
    ObjectNode body = JSON.createObjectNode().put("script", script);
    body.putArray("args");
    return ask("POST", session + "/execute/sync", body.toString());
  }

  /** What a script gives to the function that is its last argument. */
  JsonNode runAsync(String script) throws Exception {
    ObjectNode body = JSON.createObjectNode().put("script", script);
    body.putArray("args");
    return ask("POST", session + "/execute/async", body.toString());
  }

  void click(String selector) throws Exception {
    ask("POST", session + "/element/" + element(selector) + "/click", "{}");
  }

  /**
   * Clicks what leads to another page, and waits until that one is there: the driver itself only
   * waits if the browser is on its way already when it looks.
   */
  void submit(String selector) throws Exception {
    run("window.left = true");
    click(selector);
    await()
        .ignoreException(IOException.class)
        .until(() -> run("return !window.left && document.readyState === 'complete'").asBoolean());
  }

  void type(String selector, String text) throws Exception {
    ask(
        "POST",
        session + "/element/" + element(selector) + "/value",
        JSON.createObjectNode().put("text", text).toString());
  }

  private String element(String selector) throws Exception {
    ObjectNode by = JSON.createObjectNode().put("using", "css selector").put("value", selector);
    return ask("POST", session + "/element", by.toString()).elements().next().asText();
  }

  /**
   * Keys as somebody presses them, wherever the focus is. A browser that has not painted a page yet
   * drops what is pressed; a key of which the page has heard nothing is pressed again.
   */
  void press(String keys) throws Exception {
    for (String key : keys.split("")) {
      run(
          "window.heard = false;"
              + "addEventListener('keydown', () => window.heard = true, {capture: true, once: true})");
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .ignoreException(IOException.class)
          .until(() -> heardOrPressed(key));
    }
  }

  /** Whether the page has heard of the key, or has gone because of it; presses it if not. */
  private boolean heardOrPressed(String key) throws Exception {
    if (run("return window.heard !== false").asBoolean()) {
      return true;
    }
    ObjectNode body = JSON.createObjectNode();
    ObjectNode keyboard = body.putArray("actions").addObject().put("type", "key").put("id", "k");
    keyboard.withArrayProperty("actions").addObject().put("type", "keyDown").put("value", key);
    keyboard.withArrayProperty("actions").addObject().put("type", "keyUp").put("value", key);
    ask("POST", session + "/actions", body.toString());
    return false;
  }

  void size(int width, int height) throws Exception {
    ask(
        "POST",
        session + "/window/rect",
        JSON.createObjectNode().put("width", width).put("height", height).toString());
  }

  /** What is seen of the page, as a PNG. */
  byte[] picture() throws Exception {
    return Base64.getDecoder().decode(ask("GET", session + "/screenshot", "").asText());
  }

  String address() throws Exception {
    return ask("GET", session + "/url", "").asText();
  }

  /** Whether a script has opened a dialog. */
  boolean dialog() throws Exception {
    try {
      ask("GET", session + "/alert/text", "");
      return true;
    } catch (IOException none) {
      return false;
    }
  }

  /** What the browser complained of since it was last asked: refused scripts among it. */
  List<String> complaints() throws Exception {
    List<String> all = new ArrayList<>();
    for (JsonNode each :
        ask(
            "POST",
            session + "/se/log",
            JSON.createObjectNode().put("type", "browser").toString())) {
      all.add(each.path("message").asText());
    }
    return all;
  }

  private JsonNode ask(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root + path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    JsonNode value =
        JSON.readTree(client.send(request.build(), BodyHandlers.ofString()).body()).path("value");
    if (value.has("error")) {
      throw new IOException(value.path("error").asText() + ": " + value.path("message").asText());
    }
    return value;
  }

  @Override
  public void close() throws Exception {
    if (!session.isEmpty()) {
      ask("DELETE", session, "");
    }
    driver.destroy();
    driver.waitFor(10, TimeUnit.SECONDS);
  }
}
