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
      "From a message's receipt until its acknowledgment was given",
      List.of("feed", "outcome"),
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
      "From a message's receipt until it was delivered for the first time",
      List.of("feed"),
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
      "How long it took to answer a query",
      List.of("feed", "outcome"),
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
      "How long a request to the FHIR server took",
      List.of("action", "status"),
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
      "How long a request to HealtheIntent took",
      List.of("lookup", "status"),
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
      "How long it took to answer an HTTP request",
      List.of("face", "interaction", "status"),
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
      "How long a transaction of the journal took, with the disk's part",
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
  private final List<String> labels;
  private final List<Duration> buckets;

  /**
   * @param millis the upper ends of the buckets
   */
  Latency(String meter, String description, List<String> labels, long... millis) {
    this.meter = meter;
    this.description = description;
    this.labels = labels;
    this.buckets = LongStream.of(millis).mapToObj(Duration::ofMillis).toList();
  }

  /** {@code millrace.cerner.call}; Prometheus sees {@code millrace_cerner_call_seconds}. */
  public String meter() {
    return meter;
  }

  String description() {
    return description;
  }

  /** What they hold comes from route files and code, never from a message. */
  public List<String> labels() {
    return labels;
  }

  /** Their upper ends, the shortest first; what takes longer is counted beyond the last. */
  public List<Duration> buckets() {
    return buckets;
  }
}
