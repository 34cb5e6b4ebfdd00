package org.millrace.trace;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What is timed, and the buckets it falls into: {@code NAME_seconds_bucket}, {@code _sum} and
 * {@code _count} on the page for Prometheus.
 */
public enum Latency {
  /**
   * Until the connection took the reply; on feeds that say {@code ack: delivered}, delivery too.
   */
  ACKNOWLEDGED(
      "millrace.received.to.acknowledged",
      "From a message's receipt, read and before anything is checked of its feed, until the"
          + " connection took its reply; with ack: delivered delivery is part of it. What is never"
          + " replied to, or whose reply was not heard, is not in it.",
      List.of(MetricLabels.FEED, MetricLabels.RECEIVED),
      1,
      2,
      5,
      10,
      20,
      50,
      100,
      200,
      500,
      1_000,
      2_000,
      5_000,
      10_000,
      30_000),

  /** Retries, pauses and what waited for a person included. */
  FILED(
      "millrace.received.to.filed",
      "From a message's receipt, or that of a create over HTTP, until it was delivered for the first"
          + " time: the queue, retries, pauses and the time until a person looked included.",
      List.of(MetricLabels.FEED),
      20,
      50,
      100,
      200,
      500,
      1_000,
      2_000,
      5_000,
      10_000,
      30_000,
      60_000,
      120_000,
      300_000,
      600_000),

  /** A continued query is several. */
  ANSWERED(
      "millrace.query.answer",
      "From taking up an HL7 query until its answer is made; each page of a continued one by"
          + " itself.",
      List.of(MetricLabels.FEED, MetricLabel.of("outcome", "answered", "refused")),
      5,
      10,
      20,
      50,
      100,
      200,
      500,
      1_000,
      2_000,
      5_000,
      10_000,
      20_000,
      30_000),

  /** Without waiting for its turn, for a token, or between attempts. */
  CALL(
      "millrace.cerner.call",
      "One request to the FHIR server until its answer is read; not waiting for its turn or a"
          + " token.",
      List.of(
          MetricLabel.told("action", "read Patient, create DocumentReference"),
          MetricLabels.ANSWERED_STATUS,
          MetricLabels.TENANT),
      5,
      10,
      20,
      50,
      100,
      200,
      500,
      1_000,
      2_000,
      5_000,
      10_000,
      20_000,
      30_000,
      60_000),

  /** Without a token's fetching; each page of a list, and finding the patient, by itself. */
  LOOKED_UP(
      "millrace.healtheintent.call",
      "One request to HealtheIntent until its answer is read: finding the patient, and each page of a"
          + " list, by itself; fetching a token not.",
      List.of(MetricLabels.LOOK_UP, MetricLabels.ANSWERED_STATUS),
      5,
      10,
      20,
      50,
      100,
      200,
      500,
      1_000,
      2_000,
      5_000,
      10_000,
      20_000,
      30_000,
      60_000),

  /** What it waits for at Cerner included; without its way to us, and the way of the answer. */
  REQUESTED(
      "millrace.http.answer",
      "A request over HTTP, read with its body, until its answer is made; whatever it waits for at"
          + " Cerner or for the disk is part of it. What is turned away before its body is read is not"
          + " in it.",
      List.of(
          MetricLabel.of("face", "/fhir/r4", "/actions", "/hl7", "/openapi.json"),
          MetricLabel.of(
              "interaction", "create", "read", "update", "delete", "search", "send", "ask"),
          MetricLabel.of("status", "2xx", "4xx", "5xx"),
          MetricLabels.TENANT),
      1,
      2,
      5,
      10,
      20,
      50,
      100,
      200,
      500,
      1_000,
      2_000,
      5_000,
      10_000,
      30_000),

  /** What many messages wait for together. */
  COMMIT(
      "millrace.journal.commit",
      "One transaction of the journal's writer, which holds what up to some hundreds wait for; disk or"
          + " database included.",
      List.of(),
      1,
      2,
      5,
      10,
      20,
      50,
      100,
      200,
      500,
      1_000,
      2_000,
      5_000);

  private final String meter;
  private final String description;
  private final List<MetricLabel> labels;
  private final List<String> always;
  private final List<Duration> buckets;

  /**
   * @param millis the upper ends of the buckets
   */
  Latency(String meter, String description, List<MetricLabel> labels, long... millis) {
    this.meter = meter;
    this.description = description;
    this.labels = labels;
    this.always = MetricLabels.always(labels);
    this.buckets = LongStream.of(millis).mapToObj(Duration::ofMillis).toList();
  }

  /** {@code millrace.cerner.call}; Prometheus sees {@code millrace_cerner_call_seconds}. */
  public String meter() {
    return meter;
  }

  /** As the page for Prometheus has it: {@code millrace_cerner_call_seconds}. */
  public String exported() {
    return meter.replace('.', '_') + "_seconds";
  }

  /** From when to when, in a sentence or two. */
  public String description() {
    return description;
  }

  /** What they hold comes from route files and code, never from a message. */
  public List<MetricLabel> labels() {
    return labels;
  }

  /** The names of those that each time is told with, which is all but the tenant. */
  public List<String> always() {
    return always;
  }

  /** Their upper ends, the shortest first; what takes longer is counted beyond the last. */
  public List<Duration> buckets() {
    return buckets;
  }
}
