package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of metrics, read by the rules of OpenMetrics 1.0; what departs from them fails. Source:
 * OpenMetrics 1.0, Text Format, ABNF and sections on each type.
 */
final class OpenMetricsText {
  private static final String LABELS =
      "\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\"\\\\n])*\",?)*)\\}";
  private static final String NUMBER =
      "([+-]?(?:[0-9]+(?:\\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|Inf)|NaN)";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:"
              + LABELS
              + ")? "
              + NUMBER
              + "(?: # "
              + LABELS
              + " "
              + NUMBER
              + "(?: "
              + NUMBER
              + ")?)?");
  private static final Pattern ABOUT =
      Pattern.compile("# (TYPE|HELP|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\"\\\\n])*)\"");
  private static final Set<String> TYPES =
      Set.of("gauge", "counter", "histogram", "summary", "info", "unknown");
  private static final int LONGEST_EXEMPLAR = 128;

  /**
   * A line.
   *
   * @param exemplar its labels and value, if there is one
   */
  record Sample(
      String name, Map<String, String> labels, double value, Optional<Exemplar> exemplar) {}

  /** Which trace a bucket names. */
  record Exemplar(Map<String, String> labels, double value) {}

  private final Map<String, String> types = new LinkedHashMap<>();
  private final List<Sample> samples = new ArrayList<>();

  private OpenMetricsText() {}

  static OpenMetricsText read(String page) {
    OpenMetricsText read = new OpenMetricsText();
    assertThat(page).endsWith("\n# EOF\n");
    Set<String> left = new HashSet<>();
    String family = "";
    for (String line : page.substring(0, page.length() - "# EOF\n".length()).split("\n", -1)) {
      Matcher about = ABOUT.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (about.matches()) {
        if (!about.group(2).equals(family)) {
          left.add(family);
          family = about.group(2);
          assertThat(left).as("told in two places").doesNotContain(family);
        }
        read.about(about);
      } else if (sample.matches()) {
        read.sample(family, sample);
      } else {
        assertThat(line).isEmpty();
      }
    }
    read.judgeHistograms();
    return read;
  }

  private void about(Matcher line) {
    if (line.group(1).equals("TYPE")) {
      assertThat(TYPES).contains(line.group(3));
      assertThat(types.put(line.group(2), line.group(3))).as(line.group(2)).isNull();
    } else if (line.group(1).equals("UNIT")) {
      assertThat(line.group(2)).endsWith("_" + line.group(3));
    }
  }

  private void sample(String family, Matcher line) {
    String name = line.group(1);
    Optional<Exemplar> exemplar =
        Optional.ofNullable(line.group(5))
            .map(value -> new Exemplar(labels(line.group(4)), Double.parseDouble(value)));
    List<String> suffixes =
        switch (types.getOrDefault(family, "")) {
          case "counter" -> List.of("_total", "_created");
          case "histogram" -> List.of("_bucket", "_count", "_sum", "_created");
          case "summary" -> List.of("", "_count", "_sum", "_created");
          case "info" -> List.of("_info");
          default -> List.of("");
        };
    assertThat(suffixes)
        .as(name)
        .contains(name.substring(Math.min(family.length(), name.length())));
    assertThat(name).startsWith(family);
    exemplar.ifPresent(
        named -> {
          assertThat(name).matches(".*_(bucket|total)");
          int length =
              named.labels().entrySet().stream()
                  .mapToInt(label -> label.getKey().length() + label.getValue().length())
                  .sum();
          assertThat(length).isLessThanOrEqualTo(LONGEST_EXEMPLAR);
        });
    Sample read = new Sample(name, labels(line.group(2)), number(line.group(3)), exemplar);
    assertThat(samples).as("told twice").noneMatch(same(read));
    samples.add(read);
  }

  private static Predicate<Sample> same(Sample other) {
    return each -> each.name().equals(other.name()) && each.labels().equals(other.labels());
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace("Inf", "Infinity"));
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    if (text != null) {
      Matcher label = LABEL.matcher(text);
      while (label.find()) {
        assertThat(labels.put(label.group(1), label.group(2))).isNull();
      }
    }
    return labels;
  }

  /** Buckets grow, hold what smaller ones hold, and name what fell into them. */
  private void judgeHistograms() {
    types.forEach(
        (family, type) -> {
          if (type.equals("histogram")) {
            Set<Map<String, String>> series = new HashSet<>();
            named(family + "_count").forEach(each -> series.add(each.labels()));
            assertThat(series).isNotEmpty();
            series.forEach(labels -> judge(family, labels));
          }
        });
  }

  private void judge(String family, Map<String, String> labels) {
    double below = Double.NEGATIVE_INFINITY;
    double held = 0;
    for (Sample bucket : buckets(family, labels)) {
      double upTo = number(bucket.labels().get("le"));
      assertThat(upTo).isGreaterThan(below);
      assertThat(bucket.value()).isGreaterThanOrEqualTo(held);
      double from = below;
      bucket
          .exemplar()
          .ifPresent(
              named -> {
                assertThat(named.value()).isGreaterThan(from).isLessThanOrEqualTo(upTo);
              });
      below = upTo;
      held = bucket.value();
    }
    assertThat(below).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(only(family + "_count", labels).value()).isEqualTo(held);
    assertThat(only(family + "_sum", labels).value()).isNotNegative();
  }

  /** The buckets of one series, in their order on the page. */
  List<Sample> buckets(String family, Map<String, String> labels) {
    return named(family + "_bucket").stream()
        .filter(
            each -> {
              Map<String, String> without = new TreeMap<>(each.labels());
              without.remove("le");
              return without.equals(labels);
            })
        .toList();
  }

  List<Sample> named(String name) {
    return samples.stream().filter(each -> each.name().equals(name)).toList();
  }

  Sample only(String name, Map<String, String> labels) {
    List<Sample> found = named(name).stream().filter(each -> each.labels().equals(labels)).toList();
    assertThat(found).as(name + labels).hasSize(1);
    return found.get(0);
  }

  List<Sample> samples() {
    return samples;
  }

  /** {@code histogram}; empty if there is no such family. */
  String type(String family) {
    return types.getOrDefault(family, "");
  }
}
