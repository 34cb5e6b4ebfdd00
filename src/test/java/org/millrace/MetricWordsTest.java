package org.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.millrace.alert.AlertKind;
import org.millrace.healtheintent.RecordList;
import org.millrace.hl7.Tolerance;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.MessageState;
import org.millrace.mapping.CoverageNote;
import org.millrace.mllp.WireFault;
import org.millrace.trace.Metric;

/** Holds the list of metrics against the parts that count: they are above it, so it knows none. */
final class MetricWordsTest {

  private static List<String> words(Metric metric, String label) {
    return metric.labels().stream()
        .filter(each -> each.name().equals(label))
        .findFirst()
        .orElseThrow(() -> new AssertionError(metric + " " + label))
        .values();
  }

  private static <T> List<String> all(T[] values, Function<T, String> word) {
    return Arrays.stream(values).map(word).toList();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Test
  void theWordsOfLabelsAreThoseOfTheCode() {
    assertThat(words(Metric.TOLERATED, "what"))
        .containsExactlyInAnyOrderElementsOf(all(Tolerance.values(), Tolerance::word));
    assertThat(words(Metric.MAPPING_COVERAGE, "kind"))
        .containsExactlyInAnyOrderElementsOf(
            all(CoverageNote.Kind.values(), MetricWordsTest::lower));
    assertThat(words(Metric.PAUSED, "kind"))
        .containsExactlyInAnyOrderElementsOf(
            all(DeliveryPause.Kind.values(), MetricWordsTest::lower));
    assertThat(words(Metric.ALERTS_OPEN, "kind"))
        .containsExactlyInAnyOrderElementsOf(all(AlertKind.values(), AlertKind::label));
    assertThat(words(Metric.HEALTHEINTENT_CALLS, "lookup"))
        .containsAll(all(RecordList.values(), RecordList::path));
    Set<String> faults = new TreeSet<>(all(WireFault.Kind.values(), WireFault.Kind::label));
    faults.remove(WireFault.Kind.BETWEEN_FRAMES.label()); // counted by the byte
    assertThat(words(Metric.MLLP_REFUSED, "kind")).containsExactlyInAnyOrderElementsOf(faults);
    assertThat(all(MessageState.values(), MetricWordsTest::lower))
        .containsAll(words(Metric.MESSAGES_ATTEMPTS, "state"));
  }

  /** What the code gives as a word in quotes, each file with what stands before it. */
  @Test
  void wordsThatAreWrittenInTheCodeAreTold() throws Exception {
    written("intake/Intake.java", "became\\(\"", Metric.MESSAGES_RECEIVED, "outcome");
    written("query/RecentPatients.java", "count\\(\"", Metric.QUERY_PATIENTS, "how");
    written("rest/HttpDoor.java", "turnedAway\\.accept\\(\"", Metric.HTTP_REFUSED, "kind");
    written("app/HttpListener.java", "count\\(\"", Metric.HTTP_REFUSED, "kind");
    written("cerner/CallMetrics.java", "count\\(\"", Metric.CERNER_CALLS, "status");
  }

  private static void written(String file, String before, Metric metric, String label)
      throws IOException {
    String source =
        Files.readString(Path.of("src/main/java/org/millrace", file), StandardCharsets.UTF_8);
    List<String> found =
        Pattern.compile(before + "([a-z-]+)\"")
            .matcher(source)
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(found).as(file).isNotEmpty();
    assertThat(words(metric, label)).as(file).containsAll(found);
  }

  @Test
  void eachMetricOfTheListIsRegisteredByAPart() throws Exception {
    StringBuilder code = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        code.append(Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    String all = code.toString();

    assertThat(Metric.values())
        .allSatisfy(
            each ->
                assertThat(all)
                    .containsPattern("\\bMetric\\." + each.name() + "(\\s*\\.[a-z]+\\(|,)"));
  }
}
