package org.millrace.trace;

import java.util.List;

/**
 * A label of a metric. It holds words of the engine, names from settings and route files, or one of
 * a limited number of names off the wire; never anything of a patient.
 *
 * @param values the words that it is one of; empty if there is no list of them
 * @param told what stands in it beyond that; empty if nothing is to be said
 */
public record MetricLabel(String name, List<String> values, String told) {

  public MetricLabel {
    values = List.copyOf(values);
  }

  /** One of these words. */
  static MetricLabel of(String name, String... words) {
    return new MetricLabel(name, List.of(words), "");
  }

  /** Whatever this says. */
  static MetricLabel told(String name, String what) {
    return new MetricLabel(name, List.of(), what);
  }

  /** The same with what must be said of its words. */
  MetricLabel saying(String what) {
    return new MetricLabel(name, values, what);
  }
}
