package org.millrace.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.millrace.trace.Latency;
import org.millrace.trace.Metric;
import org.millrace.trace.MetricLabel;

/** The page of what Prometheus is told: each metric with its labels and meaning. */
final class MetricsReference {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60_000;

  /** The page as Markdown, without its first line. */
  String text() {
    return "# Metrics\n\n"
        + "`./millrace docs` writes this page from the code. The metrics are those of `/metrics` on"
        + " the management port of each engine\n"
        + "([looking in from outside](../how-it-works.md#looking-in-from-outside)); [alert rules"
        + " and a dashboard](../../deploy/README.md#metrics-alerts-dashboard) use them.\n\n"
        + "Labels are words of the engine, names from settings and route files, and names of"
        + " senders up to a limit; nothing of a patient is in them. A counter is there from its"
        + " first event on,\n"
        + "and begins at 0 when the engine starts.\n\n"
        + "## What is counted, and how it stands\n\n"
        + counted()
        + "## How long things take\n\n"
        + "Each of these is a histogram in seconds, `_bucket`, `_sum` and `_count`, and has a"
        + " `_max` beside it, the longest of the last minutes. Beyond 500 combinations of labels"
        + " of one metric\n"
        + "all are `other`. [How they are read](../how-it-works.md#how-long-things-take).\n\n"
        + timed()
        + "## The process\n\n"
        + "`jvm_memory_…`, `jvm_buffer_…`, `jvm_threads_…` and `jvm_gc_…` tell memory, threads and"
        + " garbage collection of the Java process, as Micrometer names them; which there are"
        + " depends on the\n"
        + "Java that runs.\n";
  }

  private static PageTable counted() {
    PageTable table = new PageTable("Metric", "Type", "Unit", "Labels", "What it says");
    for (Metric each : Metric.values()) {
      table.row(
          PageTable.code(each.exported()),
          each.type().name().toLowerCase(Locale.ROOT),
          each.unit(),
          labels(each.labels()),
          each.description());
    }
    return table;
  }

  private static PageTable timed() {
    PageTable table = new PageTable("Metric", "From when to when", "Labels", "Buckets end at");
    for (Latency each : Latency.values()) {
      table.row(
          PageTable.code(each.exported()),
          each.description(),
          labels(each.labels()),
          ends(each.buckets()));
    }
    return table;
  }

  private static String labels(List<MetricLabel> labels) {
    return labels.stream().map(MetricsReference::label).collect(Collectors.joining("; "));
  }

  /** {@code `kind`: feed, lane}, with what is to be said of the words behind them. */
  private static String label(MetricLabel label) {
    List<String> words = new ArrayList<>();
    if (!label.values().isEmpty()) {
      words.add(String.join(", ", label.values()));
    }
    if (!label.told().isEmpty()) {
      words.add(label.values().isEmpty() ? label.told() : "(" + label.told() + ")");
    }
    return PageTable.code(label.name()) + ": " + String.join(" ", words);
  }

  /** {@code 200, 500 ms, 1, 2 s, 1 min}: a number without a unit has the next one's. */
  private static String ends(List<Duration> buckets) {
    List<String> ends = new ArrayList<>();
    for (int i = 0; i < buckets.size(); i++) {
      long millis = buckets.get(i).toMillis();
      boolean last = i == buckets.size() - 1 || unit(buckets.get(i + 1).toMillis()) != unit(millis);
      ends.add(millis / unit(millis) + (last ? " " + word(unit(millis)) : ""));
    }
    return String.join(", ", ends);
  }

  private static long unit(long millis) {
    return millis < SECOND ? 1 : millis < MINUTE ? SECOND : MINUTE;
  }

  private static String word(long unit) {
    return unit == 1 ? "ms" : unit == SECOND ? "s" : "min";
  }
}
