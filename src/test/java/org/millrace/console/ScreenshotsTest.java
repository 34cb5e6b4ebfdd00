package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.awt.image.BufferedImage;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Engine;
import org.millrace.app.RawSocket;
import org.millrace.app.SandboxBench;
import org.millrace.replay.MessageFile;

/**
 * Makes the pictures of the README from an engine in front of the sandbox that was sent samples,
 * and holds those that are there against the README. After a page has changed, make them anew:
 *
 * <pre>mvn test -Dtest=ScreenshotsTest -Dmillrace.write-screenshots=true</pre>
 */
final class ScreenshotsTest {
  private static final Path FOLDER = Path.of("docs/screenshots");
  private static final List<String> NAMES =
      List.of("overview", "messages", "message", "workbench", "alerts");
  private static final int WIDTH = 1280;

  /** Of the window, bars of the browser included. */
  private static final int HEIGHT = 1000;

  /** A clone should not grow by pictures. */
  private static final long MOST_BYTES = 250_000;

  private static final List<String> SAMPLES =
      List.of(
          "QRY_A19/by-mrn",
          "QRY_A19/not-found",
          "QRY_A19/no-subject",
          "ORU_R01/visit",
          "ORU_R01/two-orders",
          "ORU_R01/unknown-patient",
          "ORU_R01/text-formatted",
          "ORU_R01/corrected",
          "ORU_R01/damaged-pdf",
          "ORU_R01/pdf",
          "ORU_R01/local-report-type",
          "ORU_R01/status-missing",
          "ORU_R01/image",
          "ORU_R01/text-notes");

  @Test
  void thePicturesOfTheReadmeAreThereAndSmall(@TempDir Path folder) throws Exception {
    if (Boolean.getBoolean("millrace.write-screenshots")) {
      Assumptions.assumeTrue(Chromium.installed(), "chromium and chromedriver are not installed");
      makeAnew(folder);
    }
    Matcher shown =
        Pattern.compile("\\]\\((docs/screenshots/[^)]+)\\)")
            .matcher(Files.readString(Path.of("README.md"), StandardCharsets.UTF_8));
    assertThat(shown.results().map(each -> each.group(1)).distinct())
        .containsExactlyInAnyOrderElementsOf(
            NAMES.stream().map(name -> file(name).toString()).toList());
    for (String name : NAMES) {
      BufferedImage picture = Objects.requireNonNull(ImageIO.read(file(name).toFile()), name);
      assertThat(picture.getWidth()).as(name).isEqualTo(WIDTH);
      assertThat(Files.size(file(name))).as(name).isLessThan(MOST_BYTES);
    }
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.count()).isEqualTo(NAMES.size());
    }
  }

  private static Path file(String name) {
    return FOLDER.resolve(name + ".png");
  }

  private static void makeAnew(Path folder) throws Exception {
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engine(folder.resolve("engine"), Map.of());
        Chromium chromium = Chromium.start(folder)) {
      send(engine.mllpPort());
      Browser browser = new Browser(engine.consolePort().orElseThrow());
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  browser
                      .page("/messages?state=QUEUED&state=SENDING&state=RETRYING")
                      .contains("No message is chosen"));
      // Somebody looks every thirty seconds.
      await()
          .atMost(Duration.ofMinutes(5))
          .until(() -> browser.page("/alerts").contains("data-row"));
      Files.createDirectories(FOLDER);
      pictures(chromium, browser);
    }
  }

  private static void send(int port) throws Exception {
    try (RawSocket socket = new RawSocket(port)) {
      for (String sample : SAMPLES) {
        byte[] file = Files.readAllBytes(Path.of("samples", sample, "1-received.hl7"));
        for (byte[] message : MessageFile.messages(file, "\r")) {
          socket.exchange(new String(message, StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static void pictures(Chromium chromium, Browser browser) throws Exception {
    Matcher newest =
        Pattern.compile("href=\"(/messages/\\d+)\"").matcher(browser.page("/messages"));
    assertThat(newest.find()).isTrue();
    chromium.go(browser.root() + "/");
    chromium.run("localStorage.setItem('theme', 'light')");
    chromium.size(WIDTH, HEIGHT);
    picture(chromium, browser, "overview", "/");
    picture(chromium, browser, "messages", "/messages");
    picture(chromium, browser, "message", newest.group(1) + "?tab=fields");
    picture(chromium, browser, "alerts", "/alerts");
    chromium.go(browser.root() + "/workbench?file=messages/ORU_R01.yaml");
    String pasted = Files.readString(Path.of("samples/ORU_R01/text-notes/1-received.hl7"));
    chromium.run(
        "document.getElementById('pasted').value = decodeURIComponent('"
            + URLEncoder.encode(pasted, StandardCharsets.UTF_8).replace("+", "%20")
            + "')");
    chromium.submit("#bench button.strong");
    picture(chromium, "workbench");
  }

  private static void picture(Chromium chromium, Browser browser, String name, String path)
      throws Exception {
    chromium.go(browser.root() + path);
    picture(chromium, name);
  }

  private static void picture(Chromium chromium, String name) throws Exception {
    await()
        .until(
            () ->
                chromium.run("return document.readyState === 'complete'").asBoolean()
                    && chromium.run("return innerWidth").asInt() == WIDTH);
    chromium.run("document.documentElement.style.scrollbarWidth = 'none'");
    Files.write(file(name), chromium.picture());
  }
}
