package org.millrace.trace;

import io.micrometer.core.instrument.Tags;
import java.util.List;

/** Labels that several metrics have, and how values get into them. */
final class MetricLabels {
  /** On the metrics of calls and answers, where an engine serves several tenants. */
  static final MetricLabel TENANT =
      MetricLabel.told(
          "tenant", "only with several tenants: its name, unnamed for the one without a name");

  static final MetricLabel FEED = MetricLabel.told("feed", "as its route file names it");

  static final MetricLabel SENDER =
      MetricLabel.told("sender", "MSH-3@MSH-4; 50 are told apart, all others are other");

  static final MetricLabel PORT = MetricLabel.told("port", "of the listener");

  /** What became of a message that came in. */
  static final MetricLabel RECEIVED =
      MetricLabel.of(
              "outcome",
              "stored",
              "control-id-used-again",
              "again",
              "no-control-id",
              "control-id-refused",
              "out-of-sequence",
              "not-valid",
              "not-stored")
          .saying("control-id-used-again is stored, too");

  static final MetricLabel STATUS =
      MetricLabel.of("status", "2xx", "3xx", "4xx", "429", "5xx", "none", "not-sent")
          .saying("none: no answer came; not-sent: it would have been in vain");

  /** The same of what others may be waiting for as well. */
  static final MetricLabel SHARED_STATUS =
      MetricLabel.of("status", "2xx", "3xx", "4xx", "429", "5xx", "none", "not-sent", "shared")
          .saying(
              "none: no answer came; not-sent: it would have been in vain; shared: the same was"
                  + " under way for another caller");

  /** The same of what was asked at all. */
  static final MetricLabel ANSWERED_STATUS =
      MetricLabel.of("status", "2xx", "3xx", "4xx", "429", "5xx", "none")
          .saying("none: no answer came");

  static final MetricLabel LOOK_UP =
      MetricLabel.of(
          "lookup",
          "patient",
          "document",
          "personnel",
          "demographics",
          "allergies",
          "conditions",
          "observations",
          "encounters");

  private MetricLabels() {}

  /** The names of those that have a value on every series: all but the tenant. */
  static List<String> always(List<MetricLabel> labels) {
    return labels.stream().filter(each -> !each.equals(TENANT)).map(MetricLabel::name).toList();
  }

  /**
   * The tags of one series.
   *
   * @param names as {@link #always} has them
   * @param tenant empty unless several are told apart
   * @param values in the order of the names
   */
  static Tags tags(List<String> names, Tags tenant, String... values) {
    if (names.size() != values.length) {
      throw new IllegalArgumentException(values.length + " values for the labels " + names);
    }
    String[] pairs = new String[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      pairs[2 * i] = names.get(i);
      pairs[2 * i + 1] = values[i];
    }
    return tenant.and(pairs);
  }
}
