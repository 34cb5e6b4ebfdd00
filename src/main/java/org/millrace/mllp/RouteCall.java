package org.millrace.mllp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.jspecify.annotations.Nullable;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Location;
import org.millrace.hl7.V2Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the frames of one connection to its route, and sees that each has a reply. */
final class RouteCall {
  private static final Logger LOG = LoggerFactory.getLogger(RouteCall.class);
  private static final String FAILED =
      "The engine could not process the message; it was not accepted";

  private final FrameMllpConsumer consumer;
  private final String peer;
  private final BooleanSupplier stopping;
  private final BiConsumer<byte[], Consumer<Boolean>> wayBack;

  RouteCall(
      FrameMllpConsumer consumer,
      String peer,
      BooleanSupplier stopping,
      BiConsumer<byte[], Consumer<Boolean>> wayBack) {
    this.consumer = consumer;
    this.peer = peer;
    this.stopping = stopping;
    this.wayBack = wayBack;
  }

  /**
   * A reply.
   *
   * @param bytes empty if the sender wants none
   * @param taken false if its message must be sent again
   * @param asked is told whether it could be written
   */
  record Reply(byte[] bytes, boolean taken, Optional<Consumer<Boolean>> asked) {}

  @SuppressWarnings("unchecked") // What the property holds is said where its name is declared.
  private static Optional<Consumer<Boolean>> whoAsked(Exchange exchange) {
    return exchange.getProperty(FrameMllpConsumer.REPLY_WRITTEN) instanceof Consumer<?> asked
        ? Optional.of((Consumer<Boolean>) asked)
        : Optional.empty();
  }

  /** The reply; empty only when the engine stops and the frame was not handled. */
  Optional<Reply> reply(byte[] frame) {
    Exchange exchange = consumer.createExchange(false);
    try {
      exchange.setPattern(ExchangePattern.InOut);
      exchange.getIn().setBody(frame);
      exchange.getIn().setHeader(FrameMllpConsumer.PEER, peer);
      exchange.setProperty(FrameMllpConsumer.WAY_BACK, wayBack);
      ListenerMode mode = consumer.endpoint().mode();
      exchange.setProperty(FrameMllpConsumer.NO_REPLIES, mode.silent());
      exchange.setProperty(FrameMllpConsumer.BATCH_REPLIES, mode.batchReplies());
      Throwable failure = process(exchange);
      if (failure == null) {
        Optional<byte[]> several = several(exchange);
        Object body = several.isPresent() ? several.get() : exchange.getMessage().getBody();
        Optional<Consumer<Boolean>> asked = whoAsked(exchange);
        if (body instanceof byte[] reply
            && reply != frame
            // None at all, and nobody who knows of it, is a route that forgot its reply.
            && (reply.length > 0 || asked.isPresent())
            && (several.isPresent() || MllpFrames.wrappable(reply))) {
          boolean taken = !exchange.getProperty(FrameMllpConsumer.NOT_TAKEN, false, Boolean.class);
          return Optional.of(new Reply(reply, taken, asked));
        }
        LOG.error("Route {} gave no reply that could be sent to {}", consumer.getRouteId(), peer);
      } else if (stopping.getAsBoolean() && failure instanceof RejectedExecutionException) {
        return Optional.empty();
      } else {
        // Its text may quote the message, so the class must do.
        LOG.error(
            "Route {} failed on a frame of {}: {}",
            consumer.getRouteId(),
            peer,
            failure.getClass().getName());
      }
      return Optional.of(refusal(frame, FAILED));
    } finally {
      consumer.releaseExchange(exchange, false);
    }
  }

  /** Replies that are to be sent one by one, with the ends and starts of frames between them. */
  private static Optional<byte[]> several(Exchange exchange) {
    if (!(exchange.getProperty(FrameMllpConsumer.REPLIES) instanceof List<?> replies)) {
      return Optional.empty();
    }
    List<byte[]> all = new ArrayList<>();
    for (Object each : replies) {
      if (!(each instanceof byte[] reply) || !MllpFrames.wrappable(reply)) {
        return Optional.empty();
      }
      all.add(reply);
    }
    return Optional.of(MllpFrames.join(all));
  }

  private @Nullable Throwable process(Exchange exchange) {
    try {
      consumer.createUoW(exchange);
      try {
        consumer.getProcessor().process(exchange);
      } finally {
        consumer.doneUoW(exchange);
      }
      return exchange.getException();
    } catch (Exception failure) { // the edge: whatever a route throws, the sender gets a reply
      return failure;
    }
  }

  /** An AR that says no more than this; CR in enhanced mode. */
  Reply refusal(byte[] frame, String sentence) {
    return refusal(frame, V2Fault.of(ErrorCode.INTERNAL, sentence), false);
  }

  /** The AR to a sender that its certificate does not stand for. */
  Reply refusalOfSender(byte[] frame) {
    return refusal(
        frame,
        V2Fault.at(
            V2Location.field("MSH", 1, 3),
            ErrorCode.INTERNAL,
            "The certificate of this connection does not stand for this sender (MSH-3, MSH-4)"),
        true);
  }

  private Reply refusal(byte[] frame, V2Fault fault, boolean taken) {
    Replies replies = consumer.component().replies();
    byte[] bytes;
    try {
      bytes =
          replies
              .turnAway(V2Message.readHeader(frame), AckCode.AR, List.of(fault))
              .orElseGet(() -> new byte[0]);
    } catch (V2FormatException unreadable) {
      bytes = replies.refuseUnreadable(frame, fault.sentence());
    }
    return new Reply(bytes, taken, Optional.empty());
  }
}
