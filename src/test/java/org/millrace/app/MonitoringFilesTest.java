package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.MessageState;
import org.millrace.trace.Latency;
import org.millrace.trace.Metric;

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

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group : new YAMLMapper().readTree(RULES.toFile()).path("groups")) {
      assertThat(group.path("name").asText()).isNotEmpty();
      group.path("rules").forEach(rules::add);
    }
    return rules;
  }

  private static List<JsonNode> alerts() throws IOException {
    return rules().stream().filter(rule -> !rule.has("record")).toList();
  }

  private static List<JsonNode> panels() throws IOException {
    List<JsonNode> panels = new ArrayList<>();
    new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels").forEach(panels::add);
    return panels;
  }

  private static List<String> expressions() throws IOException {
    List<String> all = new ArrayList<>();
    rules().forEach(rule -> all.add(rule.path("expr").asText()));
    JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
    dashboard.findValues("expr").forEach(each -> all.add(each.asText()));
    dashboard.path("templating").findValues("query").forEach(each -> all.add(each.asText()));
    return all;
  }

  /** Counters come with their first event, so that a fresh engine lacks some. */
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
    Stream.of(Metric.values()).map(Metric::exported).forEach(known::add);
    for (Latency kind : Latency.values()) {
      known.addAll(Set.of(kind.exported() + "_bucket", kind.exported() + "_count"));
    }

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
    for (JsonNode panel : panels()) {
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

  /** The labels that an expression names, in conditions and behind {@code by}. */
  private static Set<String> labels(String expression) {
    Set<String> labels = new TreeSet<>();
    Matcher by = Pattern.compile("by \\(([^)]*)\\)").matcher(expression);
    while (by.find()) {
      labels.addAll(List.of(by.group(1).split(", *")));
    }
    Matcher condition = Pattern.compile("([a-z]+)=~?\"").matcher(expression);
    while (condition.find()) {
      labels.add(condition.group(1));
    }
    return labels;
  }

  @Test
  void theDashboardShowsThreeQuantilesOfEachLatencyWithItsTraces() throws Exception {
    for (Latency kind : Latency.values()) {
      List<JsonNode> targets = new ArrayList<>();
      for (JsonNode panel : panels()) {
        for (JsonNode target : panel.path("targets")) {
          if (target.path("expr").asText().contains(kind.exported() + "_bucket{")) {
            assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isEqualTo("s");
            assertThat(target.path("exemplar").asBoolean()).isTrue();
            targets.add(target);
          }
        }
      }
      assertThat(targets)
          .extracting(each -> each.path("expr").asText().replaceFirst(",.*", ""))
          .as(kind.exported())
          .containsExactly(
              "histogram_quantile(0.5", "histogram_quantile(0.95", "histogram_quantile(0.99");
    }
  }

  /** A quantile needs the ends of buckets, and no label is there that the metric has not. */
  @Test
  void quantilesAreOfBucketsByTheirEnds() throws Exception {
    int quantiles = 0;
    for (String each : expressions()) {
      if (!each.startsWith("histogram_quantile(")) {
        continue;
      }
      quantiles++;
      Latency of =
          Stream.of(Latency.values())
              .filter(kind -> each.contains("rate(" + kind.exported() + "_bucket"))
              .findFirst()
              .orElseThrow(() -> new AssertionError(each));
      Set<String> has = new TreeSet<>(Set.of("le", "job", "instance"));
      of.labels().forEach(label -> has.add(label.name()));
      assertThat(labels(each)).as(each).contains("le");
      assertThat(has).as(each).containsAll(labels(each));
    }
    assertThat(quantiles).isEqualTo(4 * Latency.values().length);
  }

  @Test
  void whatRulesRecordIsNamedAfterItsMetricAndEachThatAlertsUseIsRecorded() throws Exception {
    Set<String> recorded = new TreeSet<>();
    for (JsonNode rule : rules()) {
      if (rule.has("record")) {
        String[] name = rule.path("record").asText().split(":");
        assertThat(name).hasSize(3);
        assertThat(rule.path("expr").asText()).contains(name[0] + "_" + name[1] + "_bucket");
        assertThat(name[2]).isEqualTo("p95");
        assertThat(recorded.add(String.join(":", name))).isTrue();
      }
    }
    assertThat(recorded).hasSameSizeAs(Latency.values());
    Pattern used = Pattern.compile("millrace:[a-z_]+:[a-z0-9]+");
    for (String each : expressions()) {
      assertThat(recorded)
          .containsAll(used.matcher(each).results().map(found -> found.group()).toList());
    }
    assertThat(recorded)
        .containsAll(
            used.matcher(read("deploy/README.md")).results().map(found -> found.group()).toList());
  }

  @Test
  void theReferenceTellsEachLatencyWithItsLabelsAndBuckets() throws Exception {
    for (Latency kind : Latency.values()) {
      String row =
          read("docs/reference/metrics.md")
              .lines()
              .filter(line -> line.startsWith("| `" + kind.exported() + "` |"))
              .findFirst()
              .orElseThrow(() -> new AssertionError(kind.exported()));
      String[] cells = row.split(" \\|");
      assertThat(kind.labels())
          .as(row)
          .allSatisfy(label -> assertThat(cells[2]).contains("`" + label.name() + "`"));
      assertThat(ends(cells[3])).as(row).isEqualTo(kind.buckets());
    }
  }

  /**
   * {@code 200, 500 ms, 1, 2 s, 1 min} as durations: a number without a unit has the next one's.
   */
  private static List<Duration> ends(String cell) {
    List<Duration> ends = new ArrayList<>();
    List<Long> withoutUnit = new ArrayList<>();
    for (String end : cell.strip().split(", *")) {
      String[] parts = end.split(" ");
      withoutUnit.add(Long.parseLong(parts[0]));
      if (parts.length > 1) {
        Duration unit =
            switch (parts[1]) {
              case "ms" -> Duration.ofMillis(1);
              case "s" -> Duration.ofSeconds(1);
              default -> Duration.ofMinutes(1);
            };
        withoutUnit.forEach(number -> ends.add(unit.multipliedBy(number)));
        withoutUnit.clear();
      }
    }
    assertThat(withoutUnit).isEmpty();
    return ends;
  }
}
