package org.millrace.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.millrace.journal.FigureStore.Stay;

/** The last 24 hours of all feeds, hour by hour, drawn. */
final class DayCharts {
  static final int HOURS = 24;
  private static final int HEIGHT = 48;
  private static final int STEP = 8;

  /** Of twenty messages nineteen took no longer. */
  private static final double SHARE = 0.95;

  private DayCharts() {}

  /**
   * One of them, a drawing 192 wide and 48 high.
   *
   * @param most the highest of its values, in words; empty if there is none
   */
  record Chart(String title, String most, List<Bar> bars) {}

  /**
   * An hour.
   *
   * @param text when, and how much, for whoever points at it
   */
  record Bar(int x, int y, int height, String text) {}

  /** How many came, how long they took and how many waited; empty if nothing came. */
  static List<Chart> of(Collection<Stay> stays) {
    if (stays.isEmpty()) {
      return List.of();
    }
    List<Long> came = new ArrayList<>();
    List<Long> took = new ArrayList<>();
    List<Long> waited = new ArrayList<>();
    for (int i = 0; i < HOURS; i++) {
      int hour = i;
      came.add(sum(stays, each -> hour(each.came()) == hour));
      took.add(
          within(stays.stream().filter(each -> hour(each.came()) == hour).toList())
              .map(Duration::toMillis)
              .orElse(0L));
      waited.add(sum(stays, each -> hour(each.came()) <= hour && doneAt(each.done()) > hour));
    }
    return List.of(
        chart("Messages that came", came, value -> value, Count::text),
        chart(
            "95 % filed within",
            took,
            // Milliseconds and hours are on one drawing.
            value -> Math.round(100 * Math.log1p(value)),
            value -> Moment.briefly(Duration.ofMillis(value))),
        chart("Waiting at the end of the hour", waited, value -> value, Count::text));
  }

  /** What came while it was counted belongs to the hour that goes on. */
  private static int hour(int counted) {
    return Math.min(HOURS - 1, counted);
  }

  private static int doneAt(OptionalInt done) {
    return done.isEmpty() ? HOURS : hour(done.getAsInt());
  }

  private static long sum(Collection<Stay> stays, Function<Stay, Boolean> counts) {
    return stays.stream().filter(counts::apply).mapToLong(Stay::messages).sum();
  }

  /** How long nineteen of twenty took at most; empty if none was delivered. */
  static Optional<Duration> within(Collection<Stay> stays) {
    TreeMap<Duration, Long> byTime = new TreeMap<>();
    stays.forEach(
        each -> each.within().ifPresent(took -> byTime.merge(took, each.messages(), Long::sum)));
    long all = byTime.values().stream().mapToLong(Long::longValue).sum();
    long counted = 0;
    for (var each : byTime.entrySet()) {
      counted += each.getValue();
      if (counted >= SHARE * all) {
        return Optional.of(each.getKey());
      }
    }
    return Optional.empty();
  }

  private static Chart chart(
      String title, List<Long> values, Function<Long, Long> drawn, Function<Long, String> words) {
    long most = values.stream().mapToLong(Long::longValue).max().orElse(0);
    long top = Math.max(1, drawn.apply(most));
    List<Bar> bars =
        IntStream.range(0, HOURS)
            .mapToObj(
                hour -> {
                  long value = values.get(hour);
                  // What is not nothing is seen, however much there was in another hour.
                  int height =
                      value == 0 ? 0 : (int) Math.max(2, drawn.apply(value) * HEIGHT / top);
                  int ago = HOURS - 1 - hour;
                  String when = ago == 0 ? "this hour" : ago + " h ago";
                  return new Bar(
                      hour * STEP,
                      HEIGHT - height,
                      height,
                      when + ": " + (value == 0 ? "none" : words.apply(value)));
                })
            .toList();
    return new Chart(title, most == 0 ? "none" : "at most " + words.apply(most), bars);
  }
}
