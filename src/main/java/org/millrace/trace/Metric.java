package org.millrace.trace;

import static org.millrace.trace.MetricLabels.TENANT;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is counted, and what is looked at when the page for Prometheus is asked for: each with its
 * name, labels and meaning. Nothing is registered but through these, so that docs/reference tells
 * all there are. What is timed is a {@link Latency}.
 */
public enum Metric {
  MESSAGES_RECEIVED(
      Type.COUNTER,
      "millrace.messages.received",
      "messages",
      "Messages that came in to be stored, by what became of that.",
      MetricLabels.RECEIVED),
  TOLERATED(
      Type.COUNTER,
      "millrace.tolerated",
      "messages",
      "Messages that depart from the standard and were taken all the same.",
      MetricLabels.SENDER,
      MetricLabel.of(
          "what",
          "line-ends",
          "before-header",
          "escape-doubled",
          "charset-guessed",
          "broken-lines",
          "unknown-version",
          "no-processing-id")),
  MESSAGES_ANSWERED(
      Type.COUNTER,
      "millrace.messages.answered",
      "senders",
      "Senders that waited for the outcome of their message (feeds with ack: delivered), by what it"
          + " was.",
      MetricLabel.of(
          "outcome", "delivered", "filtered", "held", "refused", "discarded", "pending")),
  SENDERS_WAITING(
      Type.GAUGE,
      "millrace.senders.waiting",
      "senders",
      "Senders that wait for the outcome of their message just now."),
  MESSAGES_ATTEMPTS(
      Type.COUNTER,
      "millrace.messages.attempts",
      "attempts",
      "Attempts to deliver a message, by the state that they left it in.",
      MetricLabel.of("state", "delivered", "filtered", "queued", "retrying", "held", "refused")),
  QUEUE_DEPTH(
      Type.GAUGE,
      "millrace.queue.depth",
      "messages",
      "Messages that wait for delivery, of all engines on the journal."),
  QUEUE_OLDEST_AGE(
      Type.GAUGE,
      "millrace.queue.oldest.age",
      "seconds",
      "How long the oldest of them has waited."),
  LANE_SLOTS(
      Type.GAUGE,
      "millrace.lane.slots",
      "slots",
      "Slots of lanes that this engine delivers, of 256 that the engines on a journal share."),
  PAUSED(
      Type.GAUGE,
      "millrace.paused",
      "pauses",
      "Feeds and lanes that operators have paused.",
      MetricLabel.of("kind", "feed", "lane")),
  APPLICATION_REPLIES_WAITING(
      Type.GAUGE,
      "millrace.application.replies.waiting",
      "senders",
      "Senders that wait on their connection for an application reply."),
  APPLICATION_REPLIES_UNSENT(
      Type.GAUGE,
      "millrace.application.replies.unsent",
      "replies",
      "Application replies that are due, and that their addresses have not taken yet."),
  MAPPING_COVERAGE(
      Type.COUNTER,
      "millrace.mapping.coverage",
      "places",
      "Places of messages, and of replies to queries, that were not mapped as they were. A message"
          + " that is tried again counts once, when it comes to its end.",
      MetricLabels.SENDER,
      MetricLabel.told(
          "path",
          "OBX-5.1, Patient.name.family, without the numbers of repetitions; 200 of a sender are"
              + " told apart, and 3,000 of all, what is beyond is other"),
      MetricLabel.of(
          "kind",
          "unread",
          "lossy",
          "first_of_many",
          "unknown_code",
          "defaulted",
          "shortened",
          "zone_assumed",
          "not_taken",
          "unreadable")),
  QUERY_PATIENTS(
      Type.COUNTER,
      "millrace.query.patients",
      "patients",
      "Patients that queries asked for, by how they were had: by a read of their own, by one that"
          + " was under way, or from memory.",
      MetricLabel.of("how", "read", "shared", "remembered")),
  CERNER_CALLS(
      Type.COUNTER,
      "millrace.cerner.calls",
      "calls",
      "Calls to the FHIR server, by what they were answered.",
      MetricLabels.SHARED_STATUS,
      TENANT),
  CERNER_CALLS_LIMIT(
      Type.GAUGE,
      "millrace.cerner.calls.limit",
      "calls a second",
      "Calls that are let through to the FHIR server.",
      TENANT),
  CERNER_BREAKER_OPEN(
      Type.GAUGE,
      "millrace.cerner.breaker.open",
      "1 or 0",
      "1 while nothing at all is asked of the FHIR server.",
      TENANT),
  CERNER_PERMISSIONS_PAUSED(
      Type.GAUGE,
      "millrace.cerner.permissions.paused",
      "permissions",
      "Permissions that Cerner refuses us, and that are not asked for.",
      TENANT),
  CERNER_CLOCK_AHEAD(
      Type.GAUGE,
      "millrace.cerner.clock.ahead",
      "seconds",
      "How far our clock is ahead of the authorization server's, by its answers; NaN before the"
          + " first.",
      TENANT),
  HEALTHEINTENT_CALLS(
      Type.COUNTER,
      "millrace.healtheintent.calls",
      "calls",
      "Calls to HealtheIntent, by look-up and by what they were answered.",
      MetricLabels.LOOK_UP,
      MetricLabels.STATUS),
  HEALTHEINTENT_PAUSED(
      Type.GAUGE,
      "millrace.healtheintent.paused",
      "1 or 0",
      "1 while HealtheIntent is left alone."),
  MLLP_CONNECTIONS(
      Type.GAUGE,
      "millrace.mllp.connections",
      "connections",
      "MLLP connections that are open.",
      MetricLabels.PORT),
  MLLP_REFUSED(
      Type.COUNTER,
      "millrace.mllp.refused",
      "connections, frames",
      "Connections and frames that a listener turned away.",
      MetricLabel.of(
          "kind",
          "not-allowed",
          "blocked",
          "too-many",
          "too-many-of-peer",
          "handshake",
          "wrong-sender",
          "too-long",
          "too-slow",
          "no-room",
          "idle",
          "reply-unread",
          "torn"),
      MetricLabels.PORT),
  MLLP_SKIPPED(
      Type.COUNTER,
      "millrace.mllp.skipped",
      "bytes",
      "Bytes outside of MLLP frames, line ends not counted.",
      MetricLabels.PORT),
  HTTP_REFUSED(
      Type.COUNTER,
      "millrace.http.refused",
      "connections, requests",
      "Connections and requests over HTTP that were turned away before a body was read.",
      MetricLabel.of("kind", "too-many", "no-room", "too-slow")),
  TLS_CERTIFICATE_LEFT(
      Type.GAUGE,
      "millrace.tls.certificate.left",
      "seconds",
      "How long our own certificates are valid, where there are any."),
  JOURNAL_LOST_RECORDS(
      Type.GAUGE,
      "millrace.journal.lost.records",
      "records",
      "Records that are written behind the answer (questions, calls) and that were lost."),
  JOURNAL_REMOVED(
      Type.COUNTER,
      "millrace.journal.removed",
      "messages",
      "Messages of which the contents, or all, were removed from the journal because their time was"
          + " over.",
      MetricLabel.of("what", "contents", "messages")),
  JOURNAL_BODIES_LEFT_OUT(
      Type.COUNTER,
      "millrace.journal.bodies.left.out",
      "calls",
      "Calls to the FHIR server that were recorded without bodies, for want of memory."),
  AUDIT_LOST(
      Type.COUNTER,
      "millrace.audit.lost",
      "entries",
      "Entries of the audit trail that could not be written."),
  WEBHOOK_LOST(
      Type.COUNTER,
      "millrace.webhook.lost",
      "notices",
      "Notices of stopped messages that the webhook did not take."),
  ALERTS_OPEN(
      Type.GAUGE,
      "millrace.alerts.open",
      "alerts",
      "Alerts that stand and that nobody snoozes, of all engines on the journal.",
      MetricLabel.of(
          "kind",
          "queue-age",
          "held",
          "outcome-unknown",
          "refused-share",
          "silence",
          "certificate",
          "disk",
          "cerner-paused",
          "records-lost")),
  ALERTS_SNOOZED(
      Type.GAUGE,
      "millrace.alerts.snoozed",
      "alerts",
      "Alerts that stand and that an operator snoozes, of all engines on the journal."),
  ALERTS_UNTOLD(
      Type.GAUGE,
      "millrace.alerts.untold",
      "notices",
      "Notices of alerts that no receiver has taken yet.");

  /** As Prometheus tells them apart. */
  public enum Type {
    /** It only grows, and begins at 0 with the engine. */
    COUNTER,
    /** How it is now. */
    GAUGE
  }

  /** Units that stand in the names of metrics. Source: Prometheus, Metric and label naming. */
  private static final Set<String> NAMED = Set.of("seconds", "bytes");

  private final Type type;
  private final String meter;
  private final String unit;
  private final String description;
  private final List<MetricLabel> labels;
  private final List<String> always;

  /**
   * @param unit what one of it is
   */
  Metric(Type type, String meter, String unit, String description, MetricLabel... labels) {
    this.type = type;
    this.meter = meter;
    this.unit = unit;
    this.description = description;
    this.labels = List.of(labels);
    this.always = MetricLabels.always(this.labels);
  }

  public Type type() {
    return type;
  }

  /** As the page for Prometheus has it: {@code millrace_cerner_calls_total}. */
  public String exported() {
    return meter.replace('.', '_')
        + (NAMED.contains(unit) ? "_" + unit : "")
        + (type == Type.COUNTER ? "_total" : "");
  }

  /** {@code messages}, {@code seconds}. */
  public String unit() {
    return unit;
  }

  /** A sentence or two. */
  public String description() {
    return description;
  }

  public List<MetricLabel> labels() {
    return labels;
  }

  /**
   * The counter of these labels.
   *
   * @param values as many as there are labels, in their order
   */
  public Counter counter(MeterRegistry registry, String... values) {
    return counter(registry, Tags.empty(), values);
  }

  /**
   * The same.
   *
   * @param tenant on it where several are to be told apart, empty elsewhere
   * @param values as many as there are labels beside that
   */
  public Counter counter(MeterRegistry registry, Tags tenant, String... values) {
    return Counter.builder(checked(Type.COUNTER))
        .description(description)
        .baseUnit(base())
        .tags(tags(tenant, values))
        .register(registry);
  }

  /**
   * What is counted elsewhere.
   *
   * @param counted must be held elsewhere, too
   */
  public <T> void counts(
      MeterRegistry registry, T counted, ToDoubleFunction<T> count, String... values) {
    FunctionCounter.builder(checked(Type.COUNTER), counted, count)
        .description(description)
        .baseUnit(base())
        .tags(tags(Tags.empty(), values))
        .register(registry);
  }

  /**
   * Is looked at from now on.
   *
   * @param now how it is; NaN if that cannot be told
   * @param values as many as there are labels, in their order
   */
  public void shows(MeterRegistry registry, Supplier<Number> now, String... values) {
    shows(registry, Tags.empty(), now, values);
  }

  /**
   * The same.
   *
   * @param tenant on it where several are to be told apart, empty elsewhere
   * @param values as many as there are labels beside that
   */
  public void shows(MeterRegistry registry, Tags tenant, Supplier<Number> now, String... values) {
    Gauge.builder(checked(Type.GAUGE), now)
        .description(description)
        .baseUnit(base())
        .tags(tags(tenant, values))
        .register(registry);
  }

  private String checked(Type wanted) {
    if (type != wanted) {
      throw new IllegalArgumentException(meter + " is a " + type);
    }
    return meter;
  }

  private @Nullable String base() {
    return NAMED.contains(unit) ? unit : null;
  }

  private Tags tags(Tags tenant, String... values) {
    return MetricLabels.tags(always, tenant, values);
  }
}
