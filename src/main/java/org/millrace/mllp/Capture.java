package org.millrace.mllp;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Bytes of a connection that an operator asked for. Thread-safe. */
final class Capture {
  static final String WHOLE = "a frame was whole";
  static final String BROKEN_OFF = "the connection ended before a frame was whole";

  private final long number;
  private final InetAddress address;
  private final LongSupplier nanos;
  private final long asked;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private String from = "";
  private long received;
  private String end = "";
  private long changed;

  Capture(long number, InetAddress address, LongSupplier nanos) {
    this.number = number;
    this.address = address;
    this.nanos = nanos;
    this.asked = nanos.getAsLong();
    this.changed = asked;
  }

  long number() {
    return number;
  }

  boolean of(InetAddress other) {
    return address.equals(other);
  }

  /** Takes it for this connection; false if another one has it. */
  synchronized boolean begin(String peer) {
    boolean free = from.isEmpty();
    if (free) {
      from = peer;
    }
    return free;
  }

  synchronized void add(byte[] chunk, int count) {
    received += count;
    kept.write(chunk, 0, Math.min(count, Captures.MOST_BYTES - kept.size()));
    changed = nanos.getAsLong();
  }

  synchronized void end(String how) {
    end = how;
    changed = nanos.getAsLong();
  }

  /** No byte has come yet. */
  synchronized boolean waits() {
    return from.isEmpty();
  }

  synchronized boolean taken() {
    return !end.isEmpty();
  }

  synchronized byte[] bytes() {
    return kept.toByteArray();
  }

  /** When something became of it last. */
  synchronized long changed() {
    return changed;
  }

  synchronized Captures.View view() {
    return new Captures.View(
        number,
        PeerAddress.text(address),
        from,
        Duration.ofNanos(Math.max(0, nanos.getAsLong() - asked)),
        received,
        end);
  }
}
