package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.MessageState;

/** Holds alert rules and dashboard under deploy/ against the metrics of a running engine. */
final class MonitoringFilesTest {
  private static final Path RULES = Path.of("deploy/prometheus/millrace-alerts.yaml");
  private static final Path DASHBOARD = Path.of("deploy/grafana/millrace.json");
  private static final Pattern METRIC = Pattern.compile("\\b(?:millrace|jvm|process)_[a-z_]+\\b");
  private static final Pattern STATE = Pattern.compile("\\bstate=\"([^\"]+)\"");

  @TempDir private Path folder;

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.UTF_8);
  }

  private static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    for (JsonNode group : new YAMLMapper().readTree(RULES.toFile()).path("groups")) {
      assertThat(group.path("name").asText()).isNotEmpty();
      group.path("rules").forEach(alerts::add);
    }
    return alerts;
  }

  private static List<String> expressions() throws IOException {
    List<String> all = new ArrayList<>();
    alerts().forEach(alert -> all.add(alert.path("expr").asText()));
    JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
    dashboard.findValues("expr").forEach(each -> all.add(each.asText()));
    dashboard.path("templating").findValues("query").forEach(each -> all.add(each.asText()));
    return all;
  }

  /**
   * Counters come with their first event, so that a fresh engine lacks some: these stand in the
   * documents.
   */
  @Test
  void everyMetricThatTheyNameIsOneOfTheEngine() throws Exception {
    Set<String> named = new TreeSet<>();
    for (String each : expressions()) {
      Matcher metric = METRIC.matcher(each);
      while (metric.find()) {
        named.add(metric.group());
      }
    }
    Set<String> known = metrics(scraped());
    known.addAll(metrics(read("docs/how-it-works.md") + read("docs/settings.md")));

    assertThat(named).contains("millrace_queue_depth", "millrace_messages_attempts_total");
    assertThat(known).containsAll(named);
  }

  private static Set<String> metrics(String text) {
    return METRIC
        .matcher(text)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String scraped() throws Exception {
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engine(folder.resolve("data"), Map.of())) {
      return SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/metrics").body();
    }
  }

  @Test
  void theStatesThatTheyNameAreStatesOfMessages() throws Exception {
    for (String each : expressions()) {
      STATE
          .matcher(each)
          .results()
          .map(found -> found.group(1).toUpperCase(Locale.ROOT))
          .forEach(
              state -> assertThat(MessageState.values()).extracting(Enum::name).contains(state));
    }
  }

  @Test
  void everyAlertSaysWhatItIsHowGraveAndWhereToRead() throws Exception {
    Set<String> names = new TreeSet<>();
    for (JsonNode alert : alerts()) {
      String name = alert.path("alert").asText();
      assertThat(names.add(name)).as("named twice: " + name).isTrue();
      assertThat(alert.path("expr").asText()).as(name).isNotEmpty();
      assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
      assertThat(alert.at("/annotations/summary").asText()).as(name).isNotEmpty();
      String[] runbook = alert.at("/annotations/runbook").asText().split("#");
      assertThat(runbook).as(name).hasSize(2);
      assertThat(headings(read(runbook[0]))).as(name).contains(runbook[1]);
    }
    assertThat(names).hasSizeGreaterThan(10);
  }

  /** As they are linked to. */
  private static Set<String> headings(String page) {
    return page.lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void thePanelsOfTheDashboardStandBesideEachOther() throws Exception {
    Set<String> taken = new TreeSet<>();
    Set<Integer> ids = new TreeSet<>();
    for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      assertThat(panel.path("targets")).as(panel.path("title").asText()).isNotEmpty();
      JsonNode at = panel.path("gridPos");
      for (int x = 0; x < at.path("w").asInt(); x++) {
        for (int y = 0; y < at.path("h").asInt(); y++) {
          int column = at.path("x").asInt() + x;
          assertThat(column).isLessThan(24);
          assertThat(taken.add(column + " " + (at.path("y").asInt() + y)))
              .as(panel.path("title").asText())
              .isTrue();
        }
      }
    }
    assertThat(ids).isNotEmpty();
  }
}
