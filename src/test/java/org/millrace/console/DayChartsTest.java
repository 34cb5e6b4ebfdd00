package org.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.millrace.journal.FigureStore.Stay;

class DayChartsTest {

  private static Stay filed(int came, int done, long millis, long messages) {
    return new Stay(
        "results", came, OptionalInt.of(done), Optional.of(Duration.ofMillis(millis)), messages);
  }

  private static Stay waiting(int came, long messages) {
    return new Stay("results", came, OptionalInt.empty(), Optional.empty(), messages);
  }

  private static List<String> texts(DayCharts.Chart chart) {
    return chart.bars().stream().map(DayCharts.Bar::text).toList();
  }

  @Test
  void nineteenOfTwentyTookNoLonger() {
    assertThat(DayCharts.within(List.of(filed(0, 0, 100, 19), filed(0, 0, 60_000, 1))))
        .hasValue(Duration.ofMillis(100));
    assertThat(DayCharts.within(List.of(filed(0, 0, 100, 18), filed(0, 0, 60_000, 2))))
        .hasValue(Duration.ofMinutes(1));
    assertThat(DayCharts.within(List.of(waiting(3, 5)))).isEmpty();
  }

  @Test
  void aMessageWaitsFromTheHourItCameUntilTheOneItIsDone() {
    List<DayCharts.Chart> charts =
        DayCharts.of(List.of(filed(3, 5, 7_200_000, 4), waiting(22, 2), filed(22, 22, 100, 9)));

    DayCharts.Chart waited = charts.get(2);
    assertThat(waited.most()).isEqualTo("at most 4");
    assertThat(texts(waited))
        .startsWith(
            "23 h ago: none",
            "22 h ago: none",
            "21 h ago: none",
            "20 h ago: 4",
            "19 h ago: 4",
            "18 h ago: none")
        .endsWith("2 h ago: none", "1 h ago: 2", "this hour: 2");
    assertThat(texts(charts.get(0))).contains("20 h ago: 4", "1 h ago: 11");
    assertThat(texts(charts.get(1))).contains("20 h ago: 2 h", "1 h ago: 100 ms");
  }

  @Test
  void whatCameWhileItWasCountedBelongsToThisHour() {
    List<DayCharts.Chart> charts = DayCharts.of(List.of(filed(24, 24, 100, 1)));

    assertThat(texts(charts.get(0))).endsWith("this hour: 1");
    assertThat(texts(charts.get(2))).endsWith("this hour: none");
  }

  @Test
  void theHighestBarFillsItsDrawingAndTheLeastIsSeen() {
    List<DayCharts.Bar> bars =
        DayCharts.of(List.of(filed(0, 0, 100, 1), filed(1, 1, 100, 10_000))).get(0).bars();

    assertThat(bars.get(0).height()).isEqualTo(2);
    assertThat(bars.get(1)).isEqualTo(new DayCharts.Bar(8, 0, 48, "22 h ago: 10,000"));
    assertThat(bars).hasSize(24).last().extracting(DayCharts.Bar::height).isEqualTo(0);
  }

  @Test
  void nothingIsDrawnOfADayOnWhichNothingCame() {
    assertThat(DayCharts.of(List.of())).isEmpty();
  }
}
