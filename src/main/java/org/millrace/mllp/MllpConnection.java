package org.millrace.mllp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.component.mllp.MllpConfiguration;
import org.jspecify.annotations.Nullable;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a sender, for as long as it lasts: reads, hands each frame to the route, writes
 * its reply before the next frame is looked at.
 */
final class MllpConnection implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(MllpConnection.class);
  private static final int CHUNK = 64 * 1024;
  private static final int HEADER_PART = 8 * 1024;

  /** Replies to frames that came in one write may wait for each other this long. */
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final String FAILED =
      "The engine could not process the message; it was not accepted";

  private final Socket socket;
  private final FrameMllpConsumer consumer;
  private final String peer;
  private final MllpFrames frames;
  private final Object state = new Object();
  private boolean working;
  private boolean stopping;
  private long flushed;

  /** Who wants to know whether a reply left that is not flushed yet. */
  private final List<Consumer<Boolean>> unflushed = new ArrayList<>();

  MllpConnection(Socket socket, FrameMllpConsumer consumer) {
    this.socket = socket;
    this.consumer = consumer;
    this.peer =
        socket.getRemoteSocketAddress() instanceof InetSocketAddress address
            ? address.getAddress().getHostAddress() + ":" + address.getPort()
            : "unknown";
    this.frames = new MllpFrames(consumer.endpoint().largestFrame());
  }

  @Override
  public void run() {
    try (socket) {
      configure();
      serve(socket.getInputStream(), new BufferedOutputStream(socket.getOutputStream(), CHUNK));
    } catch (IOException gone) {
      // How senders end a connection as a rule; what they sent completely has been handled.
      LOG.debug("MLLP connection of {} ended: {}", peer, gone.getClass().getSimpleName());
    } finally {
      consumer.ended(this);
      if (frames.junk() > 0 || frames.torn() > 0 || frames.insideFrame()) {
        LOG.warn(
            "MLLP connection of {}: {} bytes between frames skipped, {} torn frames dropped",
            peer,
            frames.junk(),
            frames.torn() + (frames.insideFrame() ? 1 : 0));
      }
    }
  }

  private void configure() throws IOException {
    MllpConfiguration options = consumer.endpoint().getConfiguration();
    socket.setTcpNoDelay(options.getTcpNoDelay() == null || options.getTcpNoDelay());
    socket.setKeepAlive(options.getKeepAlive() == null || options.getKeepAlive());
  }

  private void serve(InputStream in, OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    int count = in.read(chunk);
    while (count >= 0) {
      if (!answerAll(frames.take(chunk, 0, count), out)) {
        return;
      }
      if (frames.overflowed()) {
        refuseTooLarge(out);
        linger(in, chunk);
        return;
      }
      count = in.read(chunk);
    }
  }

  /** False if the engine stops: what has not been begun is left to be sent again. */
  private boolean answerAll(List<byte[]> received, OutputStream out) throws IOException {
    if (!begin()) {
      return false;
    }
    try {
      flushed = System.nanoTime();
      for (byte[] frame : received) {
        Optional<byte[]> reply = isStopping() ? Optional.empty() : handle(frame);
        if (reply.isEmpty()) {
          break;
        }
        out.write(MllpFrames.wrap(reply.get()));
        if (System.nanoTime() - flushed > LONGEST_WAIT_NANOS) {
          flush(out);
        }
      }
      flush(out);
      return !isStopping();
    } finally {
      // What was not flushed did not leave.
      tellWritten(false);
      end();
    }
  }

  private void flush(OutputStream out) throws IOException {
    out.flush();
    flushed = System.nanoTime();
    tellWritten(true);
  }

  /** The routes that asked for it are told of every reply since the last flush. */
  private void tellWritten(boolean written) {
    List<Consumer<Boolean>> told = List.copyOf(unflushed);
    unflushed.clear();
    for (Consumer<Boolean> each : told) {
      try {
        each.accept(written);
      } catch (RuntimeException failure) {
        LOG.error("A reply to {} could not be noted: {}", peer, failure.getClass().getName());
      }
    }
  }

  @SuppressWarnings("unchecked") // What the property holds is said where its name is declared.
  private void rememberWhoAsked(Exchange exchange) {
    if (exchange.getProperty(FrameMllpConsumer.REPLY_WRITTEN) instanceof Consumer<?> asked) {
      unflushed.add((Consumer<Boolean>) asked);
    }
  }

  /** The reply; empty only when the engine stops and the frame was not handled. */
  private Optional<byte[]> handle(byte[] frame) {
    Exchange exchange = consumer.createExchange(false);
    try {
      exchange.setPattern(ExchangePattern.InOut);
      exchange.getIn().setBody(frame);
      exchange.getIn().setHeader(FrameMllpConsumer.PEER, peer);
      Throwable failure = process(exchange);
      if (failure == null) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof byte[] reply
            && reply != frame
            && reply.length > 0
            && MllpFrames.wrappable(reply)) {
          rememberWhoAsked(exchange);
          return Optional.of(reply);
        }
        LOG.error("Route {} gave no reply that could be sent to {}", consumer.getRouteId(), peer);
      } else if (isStopping() && failure instanceof RejectedExecutionException) {
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

  private byte[] refusal(byte[] frame, String sentence) {
    Replies replies = consumer.component().replies();
    try {
      V2Fault fault = V2Fault.of(ErrorCode.INTERNAL, sentence);
      return replies.refuse(V2Message.read(frame), AckCode.AR, List.of(fault));
    } catch (V2FormatException unreadable) {
      return replies.refuseUnreadable(frame, unreadable.sentence());
    }
  }

  private void refuseTooLarge(OutputStream out) throws IOException {
    int largest = consumer.endpoint().largestFrame();
    LOG.warn("A frame of {} is longer than {} bytes; its connection is closed", peer, largest);
    String sentence = "The message is longer than the " + largest + " bytes that are taken here";
    out.write(MllpFrames.wrap(refusal(frames.beginning(HEADER_PART), sentence)));
    out.flush();
  }

  /** Closing with bytes unread would reset the connection before the sender has read the reply. */
  private void linger(InputStream in, byte[] chunk) throws IOException {
    socket.shutdownOutput();
    socket.setSoTimeout(200);
    long until = System.nanoTime() + LINGER_NANOS;
    int count = in.read(chunk);
    while (count >= 0 && System.nanoTime() < until) {
      count = in.read(chunk);
    }
  }

  private boolean begin() {
    synchronized (state) {
      working = !stopping;
      return working;
    }
  }

  private void end() {
    synchronized (state) {
      working = false;
    }
  }

  private boolean isStopping() {
    synchronized (state) {
      return stopping;
    }
  }

  /** Ends the connection now if it waits for a frame, else when the frame in work is answered. */
  void stopAfterFrame() {
    synchronized (state) {
      stopping = true;
      if (!working) {
        close();
      }
    }
  }

  void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      LOG.debug(
          "MLLP connection of {} could not be closed: {}",
          peer,
          failure.getClass().getSimpleName());
    }
  }
}
