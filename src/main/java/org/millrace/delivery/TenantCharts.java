package org.millrace.delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.Pause;
import org.millrace.journal.Feed;

/**
 * The charts that messages are delivered to, by tenant; the tenant without a name has the empty
 * one. Immutable.
 */
public final class TenantCharts {
  private final Map<String, Chart> byName = new LinkedHashMap<>();

  /**
   * One tenant's.
   *
   * @param mrnSystem the identifier system of its medical record numbers
   */
  public record Chart(ChartActions actions, String mrnSystem) {}

  /**
   * What pauses of a tenant with a name are called by begins with it, lest they be taken for
   * others'.
   */
  public TenantCharts(Map<String, Chart> charts) {
    charts.forEach(
        (name, chart) ->
            byName.put(
                name,
                name.isEmpty()
                    ? chart
                    : new Chart(new NamedChart(chart.actions(), name), chart.mrnSystem())));
  }

  /** Of one tenant only. */
  static TenantCharts only(ChartActions chart, String mrnSystem) {
    return new TenantCharts(Map.of("", new Chart(chart, mrnSystem)));
  }

  /** Whether what one tenant's Cerner does not give holds for every message. */
  boolean isOne() {
    return byName.size() == 1;
  }

  /** The chart of the tenant without a name, if there is no other. */
  Optional<ChartActions> alone() {
    return isOne() ? Optional.ofNullable(byName.get("")).map(Chart::actions) : Optional.empty();
  }

  Map<String, Chart> all() {
    return Map.copyOf(byName);
  }

  /** Empty if settings do not name the tenant of this feed (any more). */
  Optional<ChartActions> of(Feed feed) {
    return Optional.ofNullable(byName.get(feed.tenant())).map(Chart::actions);
  }

  List<Pause> pauses() {
    List<Pause> all = new ArrayList<>();
    byName.values().forEach(chart -> all.addAll(chart.actions().pauses()));
    return List.copyOf(all);
  }

  void whenPausesChange(Runnable listener) {
    byName.values().forEach(chart -> chart.actions().whenPausesChange(listener));
  }
}
