package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.mapping.CoverageNote.Kind;

/** What is counted of mappings: places, and never so many that they flood who stores them. */
class CoverageMetricsTest {
  private static final String NAME = "millrace.mapping.coverage";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CoverageMetrics metrics = new CoverageMetrics(meters);

  private void count(String sender, String path) {
    metrics.count(sender, List.of(new CoverageNote(Kind.UNREAD, path, "No rule reads it.")));
  }

  private double counted(String sender, String path) {
    Counter counter = meters.find(NAME).tags("sender", sender, "path", path).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void repetitionsOfAPlaceAreOnePlace() {
    count("LAB@NORTH", "OBX[3]-5[2].1");
    count("LAB@NORTH", "OBX[17]-5.1");
    count("LAB@NORTH", "Patient.name[0].given[1]");
    count("LAB@NORTH", "Patient.photo[0].valueBase64Binary");
    count("LAB@SOUTH", "OBX[1]-5.1");
    count("LAB@SOUTH", "OBR[2]/OBX[5]");

    assertThat(counted("LAB@NORTH", "OBX-5.1")).isEqualTo(2);
    assertThat(counted("LAB@NORTH", "Patient.name.given")).isEqualTo(1);
    assertThat(counted("LAB@SOUTH", "OBX-5.1")).isEqualTo(1);
    assertThat(meters.find(NAME).tag("kind", "unread").counters()).hasSize(5);
    assertThat(counted("LAB@NORTH", "Patient.photo.valueBase64Binary")).isEqualTo(1);
    assertThat(counted("LAB@SOUTH", "OBR/OBX")).isEqualTo(1);
  }

  @Test
  void whatHasNoFormOfAPathIsCountedWithoutBeingTold() {
    for (String odd : List.of("ZZTESTMILLER", "ANNA MILLER-1", "", "1961-03-14", "Ünder.x")) {
      count("LAB@NORTH", odd);
    }

    assertThat(counted("LAB@NORTH", "other")).isEqualTo(5);
  }

  @Test
  void sendersAndPathsBeyondTheLimitAreCountedTogether() {
    for (int i = 0; i < SenderLabels.MOST + 20; i++) {
      count("S" + i + "@F", "PID-8");
    }
    assertThat(counted("other", "PID-8")).isEqualTo(20);

    for (int i = 1; i <= 300; i++) {
      count("S0@F", "ZAA-" + i);
    }
    assertThat(counted("S0@F", "ZAA-1")).isEqualTo(1);
    assertThat(counted("S0@F", "other")).isEqualTo(300 - (CoverageMetrics.MOST_PATHS - 1));
  }

  @Test
  void thereIsALimitToAllTogether() {
    for (int sender = 0; sender < 40; sender++) {
      for (int i = 1; i <= 150; i++) {
        count("S" + sender + "@F", "ZAA-" + i);
      }
    }
    assertThat(meters.find(NAME).counters().size())
        .isLessThanOrEqualTo(CoverageMetrics.MOST_PAIRS + SenderLabels.MOST + 1);
  }

  @Test
  void aSenderCannotWriteWhatItLikesIntoALabel() {
    count("LAB\n\u001b[2J\"}@" + "N".repeat(500), "PID-8");

    assertThat(meters.find(NAME).counters())
        .singleElement()
        .satisfies(
            counter ->
                assertThat(counter.getId().getTag("sender"))
                    .startsWith("LAB??")
                    .hasSizeLessThanOrEqualTo(80)
                    .doesNotContain("\n", "\"", "}"));
  }
}
