package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
  private static boolean open(String... accept) {
    String type = MetricsPage.type(accept.length == 0 ? null : List.of(accept));
    assertThat(type).containsAnyOf("text/plain; version=0.0.4", "openmetrics-text; version=1.0.0");
    return type.startsWith("application/openmetrics-text");
  }

  @Test
  void openMetricsIsForThoseThatNameIt() {
    assertThat(open("application/openmetrics-text")).isTrue();
    assertThat(open("Application/OpenMetrics-Text; version=1.0.0; charset=utf-8")).isTrue();
    assertThat(open("text/html", "application/openmetrics-text")).isTrue();
    assertThat(open()).isFalse();
    assertThat(open("*/*")).isFalse();
    assertThat(open("application/*")).isFalse();
    assertThat(open("")).isFalse();
    assertThat(open(";", ",", "q=")).isFalse();
  }

  /** Prometheus 2 and 3 as they come, and with its text format put first. */
  @Test
  void whatIsLikedMoreIsGiven() {
    assertThat(
            open(
                "application/openmetrics-text;version=1.0.0;q=0.5,"
                    + "application/openmetrics-text;version=0.0.1;q=0.4,"
                    + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"))
        .isTrue();
    assertThat(
            open(
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                    + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,*/*;q=0.1"))
        .isTrue();
    assertThat(
            open("text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5"))
        .isFalse();
    assertThat(open("application/openmetrics-text;q=0")).isFalse();
    assertThat(open("application/openmetrics-text;q=nine")).isFalse();
  }
}
