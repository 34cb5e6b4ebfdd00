package org.millrace.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.millrace.delivery.StoppedListener;
import org.millrace.journal.MessageState;
import org.millrace.journal.Reason;
import org.millrace.trace.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands each message that stopped, and each pause of delivery that a person must end, to the route
 * {@code stopped-messages}, as JSON without patient data, when a webhook is set. Thread-safe.
 */
public final class StoppedMessages implements StoppedListener {
  private static final Logger LOG = LoggerFactory.getLogger(StoppedMessages.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProducerTemplate producer;
  private final Counter lost;

  public StoppedMessages(ProducerTemplate producer, MeterRegistry metrics) {
    this.producer = producer;
    this.lost = Metric.WEBHOOK_LOST.counter(metrics);
  }

  @Override
  public void stopped(long messageId, String feed, MessageState state, Reason reason) {
    ObjectNode notice = JSON.createObjectNode();
    notice.put("message", messageId);
    notice.put("feed", feed);
    notice.put("state", state.name());
    send(notice, reason);
  }

  @Override
  public void paused(String what, Reason reason) {
    pause(what, "paused", reason);
  }

  @Override
  public void restored(String what, Reason reason) {
    pause(what, "restored", reason);
  }

  private void pause(String what, String became, Reason reason) {
    ObjectNode notice = JSON.createObjectNode();
    notice.put("delivery", became);
    notice.put("what", what);
    send(notice, reason);
  }

  private void send(ObjectNode notice, Reason reason) {
    notice.put("reason", reason.code());
    notice.put("sentence", reason.sentence());
    notice.put("remedy", reason.remedy());
    notice.put("whoActs", reason.whoActs());
    try {
      producer.sendBody("seda:stopped-messages", JSON.writeValueAsString(notice));
    } catch (CamelExecutionException | JsonProcessingException e) {
      count(notice.path("message").asLong(-1));
    }
  }

  /** For the route file: the webhook did not take the notice, retries included. */
  public void notDelivered(Exchange exchange) {
    count(-1);
  }

  private void count(long messageId) {
    lost.increment();
    LOG.warn(
        "a notice{} did not reach MILLRACE_WEBHOOK_URL; what it told of is in journal and health",
        messageId < 0 ? "" : " of message " + messageId);
  }
}
