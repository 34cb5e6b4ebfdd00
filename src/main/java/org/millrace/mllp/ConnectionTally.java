package org.millrace.mllp;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.millrace.hl7.ByteScan;
import org.millrace.mllp.ConnectionView.Secured;

/**
 * What is known of one connection beside its bytes. Written on the way of each frame, so it takes
 * no lock, and what a look costs is paid by whoever looks. Thread-safe.
 */
final class ConnectionTally {
  static final String BY_SENDER = "the sender ended it";
  static final String STOPPED = "the listener stopped";
  static final String DROPPED = "it was dropped at the console";
  static final String BLOCKED = "its address was blocked by an operator";

  /** No header that can be used is longer. */
  private static final int LONGEST_HEADER = 1024;

  private final long number;
  private final String peer;
  private final long begun = System.nanoTime();
  private final LongAdder frames = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder junk = new LongAdder();
  private volatile Optional<Secured> secured = Optional.empty();
  private volatile long lastFrame;

  /** The first line of the last frame; empty before there is one. */
  private volatile byte[] header = new byte[0];

  /** Whether the wire has said why the last frame was not taken; for the connection's thread. */
  private boolean turnedAway;

  private volatile Optional<Refused> refusal = Optional.empty();
  private volatile Optional<Ended> end = Optional.empty();

  private record Refused(String words, long at) {}

  private record Ended(String words, long at) {}

  /**
   * @param peer address and port of the sender
   */
  ConnectionTally(long number, String peer) {
    this.number = number;
    this.peer = peer;
  }

  long number() {
    return number;
  }

  /** The address without the port. */
  String address() {
    return peer.substring(0, peer.lastIndexOf(':'));
  }

  boolean spoke() {
    return frames.sum() > 0;
  }

  void secured(Secured by) {
    secured = Optional.of(by);
  }

  /** A whole frame has come. */
  void received(byte[] frame) {
    int most = Math.min(frame.length, LONGEST_HEADER);
    header = Arrays.copyOf(frame, ByteScan.either(frame, 0, most, (byte) '\r', (byte) '\n'));
    lastFrame = System.nanoTime();
    turnedAway = false;
    frames.increment();
  }

  /** The reply to the last frame was written; for the connection's thread. */
  void answered(byte[] reply) {
    if (turnedAway) {
      // Why is known better than its answer tells it, and it is counted.
      answers.increment();
    } else {
      answeredLater(reply);
    }
  }

  /** Counts a reply that is sent later once it has left, and tells who wants to know. */
  Consumer<Boolean> counting(byte[] reply, Consumer<Boolean> told) {
    return left -> {
      if (left) {
        answeredLater(reply);
      }
      told.accept(left);
    };
  }

  private void answeredLater(byte[] reply) {
    answers.increment();
    NegativeReply.words(reply).ifPresent(this::refused);
  }

  private void refused(String words) {
    refused.increment();
    because(words);
  }

  private void because(String words) {
    refusal = Optional.of(new Refused(words, System.nanoTime()));
  }

  /** What the connection tells whoever watches the listener; for its thread. */
  void noted(WireFault.Kind kind, long count, String detail) {
    String words = kind.words() + (detail.isEmpty() ? "" : ": " + detail);
    switch (kind) {
      case BETWEEN_FRAMES -> junk.add(count);
      case IDLE -> ended(words);
      case TORN, WRONG_SENDER -> {
        turnedAway = true;
        refused(words);
      }
      case TOO_LONG, TOO_SLOW, NO_ROOM -> {
        turnedAway = true;
        refused(words);
        ended(words);
      }
      case HANDSHAKE, REPLY_UNREAD, NOT_ALLOWED, BLOCKED, TOO_MANY, TOO_MANY_OF_PEER -> {
        because(words);
        ended(words);
      }
    }
  }

  /** It ends, or has ended; how it began to end is what is told of it. */
  void ended(String words) {
    if (end.isEmpty()) {
      end = Optional.of(new Ended(words, System.nanoTime()));
    }
  }

  /** How it ended; empty if it has not begun to. */
  String end() {
    return end.map(Ended::words).orElse("");
  }

  /**
   * @param sender reads the header of a frame
   * @param times how many connections ended like this one, if it has
   */
  ConnectionView view(Function<byte[], Optional<ConnectionView.Sender>> sender, long times) {
    long now = System.nanoTime();
    Optional<Ended> over = end;
    boolean spoken = spoke();
    byte[] line = header;
    return new ConnectionView(
        number,
        peer,
        secured,
        since(begun, over.map(Ended::at).orElse(now)),
        spoken ? Optional.of(since(lastFrame, now)) : Optional.empty(),
        new ConnectionView.Counts(frames.sum(), answers.sum(), refused.sum(), junk.sum()),
        spoken ? sender.apply(line) : Optional.empty(),
        refusal.map(each -> new ConnectionView.Refusal(each.words(), since(each.at(), now))),
        over.map(each -> new ConnectionView.End(each.words(), since(each.at(), now), times)));
  }

  private static Duration since(long then, long now) {
    return Duration.ofNanos(Math.max(0, now - then));
  }
}
