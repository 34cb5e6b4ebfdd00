package org.millrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What one contestant did in each round; medians are what counts. */
final class Series {
  private final String title;
  private final List<Double> rates = new ArrayList<>();
  private final List<Spread> spreads = new ArrayList<>();

  Series(String title) {
    this.title = title;
  }

  void add(double perSecond, Spread took) {
    rates.add(perSecond);
    spreads.add(took);
  }

  String title() {
    return title;
  }

  int rounds() {
    return rates.size();
  }

  double median() {
    List<Double> sorted = rates.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  /** The share of another's rate, in percent; a dash if there is none. */
  String shareOf(Series other) {
    double share = 100 * median() / other.median();
    return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.0f %%", share);
  }

  /** {@code | title | messages a second | from–to | p50 | p99 }, without the end of the row. */
  String cells() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s–%s | %s | %s ",
        title,
        rate(median()),
        rate(rates.stream().mapToDouble(each -> each).min().orElse(Double.NaN)),
        rate(rates.stream().mapToDouble(each -> each).max().orElse(Double.NaN)),
        millis(Spread::median),
        millis(Spread::p99));
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%.0f", perSecond);
  }

  private String millis(ToLongFunction<Spread> which) {
    long[] sorted = spreads.stream().mapToLong(which).sorted().toArray();
    return sorted.length == 0 ? "–" : Spread.millis(sorted[sorted.length / 2]);
  }
}
