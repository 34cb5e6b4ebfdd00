package org.millrace.delivery;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millrace.cerner.WhoActs;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LaneLeases;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.QueuedMessage;
import org.millrace.trace.TraceMark;
import org.millrace.trace.TracedMessage;
import org.millrace.trace.Traces;
import org.millrace.trace.UnderWay;
import org.slf4j.MDC;

/** Delivers each message to the charts of its feed's tenant, and to no others. Thread-safe. */
final class TenantDeliveries {
  private final MessageMapping mapping;
  private volatile Traces traces = Traces.none();
  private final Map<String, MessageDelivery> byTenant = new HashMap<>();

  TenantDeliveries(
      JournalDatabase journal,
      TenantCharts charts,
      MessageMapping mapping,
      DeliverySettings settings,
      Clock clock) {
    this.mapping = mapping;
    LaneLeases leases = journal.leases();
    charts
        .all()
        .forEach(
            (tenant, chart) ->
                byTenant.put(
                    tenant,
                    new MessageDelivery(
                        journal,
                        new LeasedChart(chart.actions(), leases),
                        mapping.ofTenant(tenant),
                        settings.withMrnSystem(chart.mrnSystem()),
                        clock)));
  }

  /** Attempts are traced from now on. */
  void tracedBy(Traces by) {
    traces = by;
  }

  /** A stored message as delivery reads it; empty of a resource. */
  Optional<V2Message> read(QueuedMessage queued) throws V2FormatException {
    return queued.isResource() ? Optional.empty() : Optional.of(mapping.read(queued));
  }

  /** What is logged meanwhile, of calls to Cerner too, carries the message's number. */
  MessageDelivery.Delivered deliver(Attempt attempt, List<LedgerRow> before) {
    try (MDC.MDCCloseable number = MDC.putCloseable("message", Long.toString(attempt.queued.id()));
        MDC.MDCCloseable feed = MDC.putCloseable("feed", attempt.queued.feed().name())) {
      return traced(attempt, before);
    }
  }

  private MessageDelivery.Delivered traced(Attempt attempt, List<LedgerRow> before) {
    QueuedMessage queued = attempt.queued;
    try (UnderWay span = traces.delivering(named(queued), queued.attempts() + 1)) {
      MessageDelivery.Delivered delivered = deliverBy(attempt, before);
      Outcome outcome = delivered.outcome();
      span.came(outcome.state().name(), outcome.reason().code(), outcome.state().stopped());
      return delivered;
    }
  }

  /** The trace of a message, if it has one. */
  TraceMark trace(QueuedMessage queued) {
    return traces.of(named(queued));
  }

  private static TracedMessage named(QueuedMessage queued) {
    return new TracedMessage(queued.id(), queued.receivedAt(), queued.feed().name(), queued.type());
  }

  private MessageDelivery.Delivered deliverBy(Attempt attempt, List<LedgerRow> before) {
    String tenant = attempt.queued.feed().tenant();
    MessageDelivery delivery = byTenant.get(tenant);
    return delivery == null
        ? new MessageDelivery.Delivered(noSuchTenant(tenant), Optional.empty(), attempt.notes())
        : delivery.deliver(attempt, before);
  }

  private static Outcome noSuchTenant(String tenant) {
    return Outcome.held(
        "no-such-tenant",
        "The feed's tenant " + tenant + " is not among MILLRACE_TENANTS.",
        "Name the tenant in the settings again, restart, then retry.",
        WhoActs.US);
  }
}
