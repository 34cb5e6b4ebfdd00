package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.guard.ApiKeys;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;

/**
 * Who may ask what over HTTP: every operation that is described stands in {@code access.txt} with
 * its scopes, and the engine takes a key with these and none that lacks one of them.
 */
class AccessTableTest {
  private static final String OPEN = "open";
  private static final String ANY_CALLER = "any-caller";
  private static final String LETTERS = "cruds";

  @TempDir private Path folder;
  private SandboxBench bench;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    bench = SandboxBench.start();
    Map<String, String> settings = new TreeMap<>();
    settings.put("MILLRACE_LIMIT_CALLER_REQUESTS", "100000");
    settings.put("MILLRACE_LIMIT_ADDRESS_REQUESTS", "100000");
    engine = bench.engine(folder.resolve("journal"), settings);
  }

  @AfterEach
  void stop() {
    engine.close();
    bench.close();
  }

  /**
   * @param needs its scopes, {@value #OPEN} or {@value #ANY_CALLER}
   */
  private record Row(String method, String path, List<String> needs) {
    static Row read(String line) {
      String[] parts = line.split(" ", -1);
      return new Row(parts[0], parts[1], List.of(parts).subList(2, parts.length));
    }

    boolean isOpen() {
      return needs.equals(List.of(OPEN));
    }

    List<String> scopes() {
      return isOpen() || needs.equals(List.of(ANY_CALLER)) ? List.of() : needs;
    }

    @Override
    public String toString() {
      return method + " " + path + " " + String.join(" ", needs);
    }
  }

  private static List<Row> table() throws IOException {
    try (InputStream table = AccessTableTest.class.getResourceAsStream("access.txt")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Row::read)
          .toList();
    }
  }

  @Test
  void everyOperationIsListedAndTakesAKeyWithItsScopesOnly() throws Exception {
    List<Row> table = table();
    assertThat(described()).containsExactlyInAnyOrderElementsOf(table);
    Map<String, String> keys = keys(table);
    // Until it knows of a key it asks nobody.
    await().until(() -> status("GET", "/fhir/r4/_async/none", "") == 401);
    await()
        .untilAsserted(
            () ->
                assertThat(keys.values())
                    .allMatch(key -> status("GET", "/fhir/r4/_async/none", key) == 404));
    for (Row row : table) {
      if (row.isOpen()) {
        assertThat(status(row, "")).as(row + " by a stranger").isEqualTo(200);
      } else {
        assertThat(status(row, "")).as(row + " by a stranger").isEqualTo(401);
        assertThat(status(row, "mlr_wrong")).as(row + " with a wrong key").isEqualTo(401);
        assertThat(status(row, keys.get(with(row.scopes()))))
            .as(row + " with its scopes")
            .isNotIn(401, 403);
      }
      for (String lacking : lacking(row.scopes())) {
        assertThat(status(row, keys.get(lacking))).as(row + " with " + lacking).isEqualTo(403);
      }
    }
  }

  private List<Row> described() {
    List<Row> rows = new ArrayList<>();
    JsonNode document = SandboxBench.json(SandboxBench.get(root() + "/openapi.json").body());
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        List<String> needs = new ArrayList<>();
        operation.getValue().path("x-scopes").forEach(scope -> needs.add(scope.asText()));
        if (needs.isEmpty()) {
          needs.add(operation.getValue().path("security").isEmpty() ? OPEN : ANY_CALLER);
        }
        rows.add(new Row(operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), needs));
      }
    }
    return rows;
  }

  /** Keys that can do nothing of what is listed, but for these scopes. */
  private static String with(List<String> scopes) {
    return (String.join(" ", scopes) + " system/Media.cruds").trim();
  }

  /** For each scope that no other one contains, what a key has that can do all but this. */
  private static List<String> lacking(List<String> scopes) {
    List<String> all = new ArrayList<>();
    for (String missed : scopes) {
      String ofAll = "system/*." + missed.substring(missed.lastIndexOf('.') + 1);
      if (!missed.equals(ofAll) && scopes.contains(ofAll)) {
        continue;
      }
      List<String> others = new ArrayList<>(scopes);
      others.remove(missed);
      String type = missed.substring(0, missed.lastIndexOf('.') + 1);
      if (!type.isEmpty()) {
        others.add(type + LETTERS.replace(missed.substring(type.length()), ""));
      }
      all.add(with(others));
    }
    return all;
  }

  /** A key for each set of scopes. */
  private Map<String, String> keys(List<Row> table) throws Exception {
    Map<String, String> keys = new TreeMap<>();
    try (JournalDatabase journal =
        JournalDatabase.openForRequests(folder.resolve("journal"), Clock.systemUTC())) {
      for (Row row : table) {
        List<String> wanted = new ArrayList<>(lacking(row.scopes()));
        wanted.add(with(row.scopes()));
        for (String scopes : wanted) {
          if (!keys.containsKey(scopes)) {
            keys.put(scopes, key(journal, scopes));
          }
        }
      }
    }
    return keys;
  }

  private static String key(JournalDatabase journal, String scopes) throws Exception {
    ApiKeys.Fresh fresh = ApiKeys.fresh();
    CallerKey key =
        CallerKey.fresh(
            fresh.id(),
            "caller-" + fresh.id(),
            fresh.digest(),
            new CallerKey.Rights(scopes, "", ""),
            new CallerKey.Act(Clock.systemUTC().instant(), "ana"),
            Optional.empty());
    assertThat(journal.callers().add(key).get()).isTrue();
    return fresh.secret();
  }

  private String root() {
    return "http://127.0.0.1:" + engine.httpPort();
  }

  private int status(Row row, String key) {
    return status(row.method(), row.path().replaceAll("\\{\\w+}", "none"), key);
  }

  private int status(String method, String path, String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root() + path))
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"));
    return SandboxBench.http(key.isEmpty() ? request : request.header("X-API-Key", key))
        .statusCode();
  }
}
