package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the alert rules for Prometheus do, by its own judge where that is installed. */
@Timeout(120)
final class AlertRulesTest {
  private static final Path FOLDER = Path.of("deploy/prometheus");
  private static final String PROMTOOL = "promtool";

  private static JsonNode yaml(String file) throws IOException {
    return new YAMLMapper().readTree(FOLDER.resolve(file).toFile());
  }

  @Test
  void everyAlertHasACaseInWhichItStandsAndOneInWhichItDoesNot() throws Exception {
    Map<String, Set<Boolean>> cases = new TreeMap<>();
    for (JsonNode test : yaml("millrace-alerts-test.yaml").path("tests")) {
      for (JsonNode each : test.path("alert_rule_test")) {
        cases
            .computeIfAbsent(each.path("alertname").asText(), name -> new TreeSet<>())
            .add(!each.path("exp_alerts").isEmpty());
      }
    }
    List<String> alerts = new ArrayList<>();
    for (JsonNode group : yaml("millrace-alerts.yaml").path("groups")) {
      group.path("rules").findValues("alert").forEach(each -> alerts.add(each.asText()));
    }

    assertThat(alerts).hasSizeGreaterThan(15);
    assertThat(cases.keySet()).containsExactlyInAnyOrderElementsOf(alerts);
    assertThat(cases)
        .allSatisfy((alert, stands) -> assertThat(stands).as(alert).containsExactly(false, true));
  }

  @ParameterizedTest
  @CsvSource({"check, millrace-alerts.yaml", "test, millrace-alerts-test.yaml"})
  void prometheusTakesTheRulesAndTheyDoAsTheirCasesSay(String verb, String file) throws Exception {
    assumeThat(onPath())
        .as("promtool is not installed (Debian: prometheus), so that nobody can judge the rules")
        .isTrue();
    Process judge =
        new ProcessBuilder(PROMTOOL, verb, "rules", file)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(judge.waitFor()).as(said).isZero();
    assertThat(said).contains("SUCCESS");
  }

  private static boolean onPath() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (new File(folder, PROMTOOL).canExecute()) {
        return true;
      }
    }
    return false;
  }
}
