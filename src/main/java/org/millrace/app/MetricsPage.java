package org.millrace.app;

import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.millrace.trace.Exemplars;

/**
 * The registry behind {@code /metrics}, and the two formats of that page. OpenMetrics tells the
 * same as Prometheus' text, and exemplars, which the latter has no place for.
 */
final class MetricsPage {
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String TEXT = "text/plain";

  private MetricsPage() {}

  /** An empty one whose buckets and counters name traces. */
  static PrometheusMeterRegistry registry() {
    return new PrometheusMeterRegistry(
        new AsTheStandardHasIt(), new PrometheusRegistry(), Clock.SYSTEM, new Exemplars());
  }

  /**
   * Micrometer would put exemplars on sums of histograms, too, which some readers refuse the page
   * for. Source: OpenMetrics 1.0, Exemplars.
   */
  private static final class AsTheStandardHasIt implements PrometheusConfig {
    @Override
    public @Nullable String get(String key) {
      return null;
    }

    @Override
    public Properties prometheusProperties() {
      Properties properties = new Properties();
      properties.setProperty("io.prometheus.exporter.exemplarsOnAllMetricTypes", "false");
      return properties;
    }
  }

  /**
   * The content type of the page: OpenMetrics for those that name it and like it no less than text.
   *
   * @param accept the values of the header Accept; null if there is none
   */
  static String type(@Nullable List<String> accept) {
    List<String> ranges =
        accept == null
            ? List.of()
            : accept.stream().flatMap(value -> Arrays.stream(value.split(","))).toList();
    double open = liking(ranges, OPEN_METRICS);
    return open > 0 && open >= liking(ranges, TEXT)
        ? OPEN_METRICS + "; version=1.0.0; charset=utf-8"
        : TEXT + "; version=0.0.4; charset=utf-8";
  }

  /** 0 if it is not named. Source: RFC 9110 section 12.5.1. */
  private static double liking(List<String> ranges, String type) {
    return ranges.stream()
        .map(range -> range.toLowerCase(Locale.ROOT).split(";"))
        .filter(parts -> parts.length > 0 && parts[0].strip().equals(type))
        .mapToDouble(MetricsPage::weight)
        .max()
        .orElse(0);
  }

  private static double weight(String[] parts) {
    for (String part : parts) {
      String parameter = part.strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2).strip());
        } catch (NumberFormatException unreadable) {
          return 0;
        }
      }
    }
    return 1;
  }
}
