package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.guard.PlayedProvider;
import org.millrace.guard.Role;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.Symptom;

/**
 * What each role may do: the table of docs/security.md, held against every way into the console.
 */
final class RolesTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `((?:GET|POST) [^`]+)` \\|([^|]*)\\|([^|]*)\\|([^|]*)\\|([^|]*)\\|");

  private static final Map<String, Set<Role>> TABLE = table();

  private ConsoleBench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new ConsoleBench(folder);
    bench.accept("C1");
    bench.alerts(
        Duration.ZERO,
        new Symptom("held", "results", "HELD: 2"),
        new Symptom("cerner-paused", "connection", "not asked"));
    bench.listeners(
        ConsoleBench.listener(List.of(ConsoleBench.connection(7, "10.1.2.3:51234")), List.of()));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static Map<String, Set<Role>> table() {
    Map<String, Set<Role>> table = new LinkedHashMap<>();
    try {
      Matcher rows =
          ROW.matcher(Files.readString(Path.of("docs/security.md"), StandardCharsets.UTF_8));
      while (rows.find()) {
        Set<Role> may = new TreeSet<>();
        for (Role role : Role.values()) {
          if (rows.group(role.ordinal() + 2).strip().equals("yes")) {
            may.add(role);
          }
        }
        table.put(rows.group(1), may);
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return table;
  }

  private List<Route> guarded() {
    return bench.server.routes().stream().filter(route -> !route.open()).toList();
  }

  @Test
  void everyWayInIsARowOfTheTableAndNoRowIsOfNothing() {
    assertThat(guarded().stream().map(Route::key))
        .containsExactlyInAnyOrderElementsOf(TABLE.keySet());
    assertThat(bench.server.routes().stream().filter(Route::open).map(Route::key))
        .containsExactlyInAnyOrder("GET /log-in", "POST /log-in", "POST /log-out");
  }

  @Test
  void everyRoleGetsWhatTheTableSaysAndNothingElse() throws Exception {
    for (Role role : Role.values()) {
      Browser browser = bench.loggedIn(role.name().toLowerCase(Locale.ROOT), role);
      browser.get("/");
      List<String> wrong = new ArrayList<>();
      for (Route route : guarded()) {
        boolean got = !denied(browser, route);
        if (got != TABLE.getOrDefault(route.key(), Set.of()).contains(role)) {
          wrong.add((got ? "may " : "may not ") + route);
        }
      }
      assertThat(wrong).as(role.word()).isEmpty();
    }
  }

  @Test
  void thatHoldsForWhoComesByTheProviderToo(@TempDir Path other) throws Exception {
    try (PlayedProvider provider = new PlayedProvider();
        ConsoleBench there =
            ConsoleBench.withProvider(
                other,
                provider.settings(
                    "groups", "viewer=VIEWER; operator=OPERATOR; analyst=ANALYST; admin=ADMIN"))) {
      there.accept("C1");
      for (Role role : Role.values()) {
        provider.claims(set -> set.claim("groups", role.name()));
        Browser browser = new Browser(there.server.port());
        provider.logIn(browser::get, browser.root());
        browser.get("/");
        List<String> wrong = new ArrayList<>();
        for (Route route : guarded()) {
          boolean got = !denied(browser, route);
          if (got != TABLE.getOrDefault(route.key(), Set.of()).contains(role)) {
            wrong.add((got ? "may " : "may not ") + route);
          }
        }
        assertThat(wrong).as(role.word()).isEmpty();
      }
    }
  }

  @Test
  void nobodyGetsAnythingWithoutALogIn() throws Exception {
    bench.account("ana", Role.ADMIN);
    bench.browser.get("/log-in");
    for (Route route : guarded()) {
      String path = route.path().replace("NUMBER", "1");
      if (route.method().equals("POST")) {
        assertThat(bench.browser.postOnly(path, Map.of()).body())
            .as(path)
            .contains("You are not logged in. Nothing was done.");
      } else {
        assertThat(bench.browser.get(path).headers().firstValue("Location").orElse(""))
            .as(path)
            .startsWith("/log-in");
      }
    }
  }

  /** Whether the role was told that it may not. Nothing that is asked does anything. */
  private boolean denied(Browser browser, Route route) throws Exception {
    String path = route.path().replace("NUMBER", "1");
    if (path.equals("/live")) {
      return status(browser, path) != 200;
    }
    HttpResponse<String> answer =
        route.method().equals("POST") ? browser.postOnly(path, Map.of()) : browser.get(path);
    return answer.statusCode() == 403;
  }

  /** Without waiting for the end of what never ends. */
  private static int status(Browser browser, String path) throws Exception {
    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(browser.root() + path))
                    .header("Cookie", browser.cookie())
                    .build(),
                BodyHandlers.ofInputStream());
    answer.body().close();
    return answer.statusCode();
  }

  @Test
  void whatIsDeniedIsOnRecordWithWhoAsked() throws Exception {
    bench.loggedIn("vera", Role.VIEWER).postOnly("/messages/1/discard", Map.of("why", "tidy up"));
    bench
        .journal
        .audit()
        .recordNow(
            AuditEvent.of(
                bench.clock.instant(), "mark", AuditEvent.Actor.user("root"), "", Map.of()))
        .get();

    assertThat(
            bench
                .journal
                .auditTrail()
                .list(
                    new AuditFilter(
                        "vera",
                        "console",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0),
                    10,
                    true))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.event().outcome()).isEqualTo(AuditEvent.Outcome.DENIED);
              assertThat(entry.event().subject()).isEqualTo("POST /messages/NUMBER/discard");
              assertThat(entry.event().actor().proof()).isEqualTo("account");
            });
  }

  /** A button that may not be pressed is not there, and no way leads where somebody may not go. */
  @Test
  void pagesOfferWhatARoleMayDoAndNothingElse() throws Exception {
    bench.journal.requests().ask("retry", 1, "root", "registered").get();
    bench
        .journal
        .savedViews()
        .keep("", "shared", MessageFilter.any().because("held"), AuditEvent.Actor.user("root"))
        .get();
    for (Role role : Role.values()) {
      Browser browser = bench.loggedIn(role.name().toLowerCase(Locale.ROOT), role);
      for (String path :
          List.of(
              "/",
              "/messages",
              "/messages?feed=results",
              "/messages?reason=held",
              "/messages/1",
              "/messages/1?tab=fields",
              "/messages/1?tab=hex",
              "/messages/asked?requests=1",
              "/alerts",
              "/connections",
              "/queries",
              "/health")) {
        String page = browser.page(path);
        List<String> wrong =
            offered(page).stream()
                .filter(key -> TABLE.containsKey(key) && !TABLE.get(key).contains(role))
                .toList();
        assertThat(wrong).as(role.word() + " on " + path).isEmpty();
      }
      assertThat(offered(browser.page("/messages/1")).contains("POST /messages/NUMBER/discard"))
          .isEqualTo(role == Role.OPERATOR || role == Role.ADMIN);
    }
  }

  private static Set<String> offered(String page) {
    Matcher ways =
        Pattern.compile("(?:method=\"(post|get)\" action|href)=\"(/[^\"#]*)\"").matcher(page);
    Set<String> keys = new TreeSet<>();
    while (ways.find()) {
      String path = ways.group(2);
      String plain = path.split("\\?", 2)[0];
      String key =
          ("post".equals(ways.group(1)) ? "POST " : "GET ")
              + Route.generic(plain)
              + (path.endsWith("?tab=fhir") ? "?tab=fhir" : "");
      keys.add(key);
    }
    return keys.stream().collect(Collectors.toCollection(TreeSet::new));
  }
}
