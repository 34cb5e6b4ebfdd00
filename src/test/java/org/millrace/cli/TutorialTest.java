package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Engine;
import org.millrace.app.SandboxBench;

/**
 * Walks docs/tutorial.md: its files are laid into a copy of the repository's, its commands are run
 * there, and what it shows of their output must be there in that order.
 *
 * <p>Sandbox and engine are those of the commands that the page starts them with, on free ports.
 */
final class TutorialTest {
  private static final Path PAGE = Path.of("docs/tutorial.md");
  private static final String HOME = "millrace.home";
  private static final Pattern FILE = Pattern.compile("`((?:mappings|samples)/[^`]+)`");

  /** What looks and changes nothing; what it shows comes about in a moment. */
  private static final Pattern LOOK = Pattern.compile("messages (list|show \\d+)");

  @TempDir private Path folder;
  private Path home;
  private Optional<String> before = Optional.empty();
  private Optional<SandboxBench> sandbox = Optional.empty();
  private Optional<Engine> engine = Optional.empty();

  @BeforeEach
  void copyTheRepository() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    before = Optional.ofNullable(System.getProperty(HOME));
    System.setProperty(HOME, home.toString());
    for (String part : List.of("mappings", "routes", "samples")) {
      Copies.copy(Path.of(part), home.resolve(part));
    }
  }

  @AfterEach
  void stop() {
    engine.ifPresent(Engine::close);
    sandbox.ifPresent(SandboxBench::close);
    before.ifPresentOrElse(old -> System.setProperty(HOME, old), () -> System.clearProperty(HOME));
  }

  @Test
  void theWalkOfThePageGoesAsItSays() throws Exception {
    int files = 0;
    List<String> commands = new ArrayList<>();
    for (PageWalk.Block block : PageWalk.blocks(PAGE)) {
      Matcher file = FILE.matcher(block.head());
      if (file.matches()) {
        PageWalk.lay(home.resolve(file.group(1)), block.lines());
        files++;
      }
      for (PageWalk.Step step : block.steps()) {
        go(step);
        commands.add(step.command());
      }
    }
    assertThat(files).isEqualTo(3);
    assertThat(commands).hasSize(16);
    SandboxBench open = sandbox.orElseThrow();
    assertThat(open.documentsTitled("F00049")).hasSize(1);
    assertThat(open.documentsTitled("FV0001")).hasSize(1);
    assertThat(found("R0049")).contains("/messages/1").doesNotContain("/messages/2");
    assertThat(found("V0001")).contains("/messages/2").doesNotContain("/messages/1");
    assertThat(new Reader(engine.orElseThrow()).page("/workbench")).contains("ORU_R01");
  }

  /** What the search box of the console finds, as somebody has it who opens the page and types. */
  private String found(String typed) throws Exception {
    Reader reader = new Reader(engine.orElseThrow());
    Matcher token =
        Pattern.compile("name=\"token\" value=\"([^\"]+)\"").matcher(reader.page("/messages"));
    assertThat(token.find()).isTrue();
    return reader.search("token=" + encoded(token.group(1)) + "&kind=any&text=" + encoded(typed));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A browser without anything. */
  private static final class Reader {
    private final HttpClient http =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final String root;

    Reader(Engine engine) {
      root = "http://127.0.0.1:" + engine.consolePort().orElseThrow();
    }

    String page(String path) throws Exception {
      return sent(HttpRequest.newBuilder(URI.create(root + path)));
    }

    String search(String form) throws Exception {
      return sent(
          HttpRequest.newBuilder(URI.create(root + "/messages/search"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .header("Origin", root)
              .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private String sent(HttpRequest.Builder request) throws Exception {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }

  private void go(PageWalk.Step step) throws Exception {
    switch (step.command()) {
      case "sandbox | tee millrace.properties" -> sandbox = Optional.of(SandboxBench.start());
      case "serve" -> {
        // At the page's second time the reader has stopped the first one.
        engine.ifPresent(Engine::close);
        engine = Optional.of(sandbox.orElseThrow().engineIn(home, folder.resolve("data")));
      }
      default -> {
        if (LOOK.matcher(step.command()).matches()) {
          await().untilAsserted(() -> step.isShownBy(run(step.command())));
        } else {
          step.isShownBy(run(step.command()));
        }
      }
    }
  }

  /** Paths, port and journal are those of the copy; all else of the command is as the page says. */
  private String run(String command) {
    List<String> arguments = new ArrayList<>();
    for (String word : command.split(" ")) {
      arguments.add(word.startsWith("samples/") ? home.resolve(word).toString() : word);
    }
    if (command.startsWith("send ")) {
      arguments.addAll(1, List.of("--to", "127.0.0.1:" + engine.orElseThrow().mllpPort()));
    } else if (command.startsWith("messages ")) {
      arguments.addAll(2, List.of("--data", folder.resolve("data").toString()));
    }
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    int exitCode =
        Millrace.commandLine()
            .setOut(printer)
            .setErr(printer)
            .execute(arguments.toArray(String[]::new));
    printer.flush();
    // As the page says of it.
    int expected = command.startsWith("messages dry-run") ? 1 : 0;
    assertThat(exitCode).as(command + "\n" + out).isEqualTo(expected);
    return out.toString();
  }
}
