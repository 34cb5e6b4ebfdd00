package org.millrace.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class MetricTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** A value for each label that is always there. */
  private static String[] values(Metric metric) {
    return MetricLabels.always(metric.labels()).stream()
        .map(name -> "of " + name)
        .toArray(String[]::new);
  }

  private void register(Metric metric, Tags tenant) {
    if (metric.type() == Metric.Type.COUNTER) {
      metric.counter(registry, tenant, values(metric)).increment(7);
    } else {
      metric.shows(registry, tenant, () -> 7, values(metric));
    }
  }

  @Test
  void eachStandsUnderTheNameOfThePageWithItsTypeLabelsAndMeaning() {
    Arrays.stream(Metric.values()).forEach(each -> register(each, Tags.empty()));

    String page = registry.scrape();
    for (Metric each : Metric.values()) {
      String type = each.type().name().toLowerCase(Locale.ROOT);
      assertThat(page)
          .contains("# TYPE " + each.exported() + " " + type + "\n")
          .contains("# HELP " + each.exported() + " " + each.description() + "\n")
          .containsPattern("(?m)^" + each.exported() + "(\\{.*})? 7\\.0$");
      MetricLabels.always(each.labels())
          .forEach(
              name ->
                  assertThat(page)
                      .containsPattern(
                          "(?m)^" + each.exported() + "\\{.*" + name + "=\"of " + name + "\""));
    }
  }

  @Test
  void aTenantIsALabelMore() {
    register(Metric.CERNER_BREAKER_OPEN, Tags.of("tenant", "north"));
    register(Metric.CERNER_CALLS, Tags.of("tenant", "north"));

    assertThat(registry.scrape())
        .contains("millrace_cerner_breaker_open{tenant=\"north\"} 7.0")
        .contains("millrace_cerner_calls_total{status=\"of status\",tenant=\"north\"} 7.0");
  }

  @Test
  void whatIsCountedElsewhereIsReadWhenThePageIs() {
    int[] counted = {1};
    Metric.JOURNAL_REMOVED.counts(registry, counted, count -> count[0], "contents");
    counted[0] = 3;

    assertThat(registry.scrape())
        .contains("millrace_journal_removed_total{what=\"contents\"} 3.0\n");
  }

  @Test
  void anotherNumberOfLabelsOrAnotherTypeIsABug() {
    assertThatThrownBy(() -> Metric.TOLERATED.counter(registry, "LABSYS@NORTH"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 values for the labels [sender, what]");
    assertThatThrownBy(() -> Metric.QUEUE_DEPTH.counter(registry))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Metric.TOLERATED.shows(registry, () -> 1, "a", "b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
