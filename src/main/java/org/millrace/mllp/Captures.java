package org.millrace.mllp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The bytes that senders send next, as they come, because an operator asked for them: in memory
 * alone, for a quarter of an hour. They may be of a patient. Thread-safe.
 *
 * <p>One is asked for by the address, since many senders connect anew for each message: it is of
 * the first connection of the address that brings bytes, on whichever port, and ends with the first
 * frame that is whole, or with the connection.
 */
public final class Captures {
  /** Of one; what is longer is cut off, and counted. */
  public static final int MOST_BYTES = 64 * 1024;

  /** At once; another one takes the place of the oldest. */
  public static final int MOST = 8;

  /** For so long the bytes are waited for, and kept once they came. */
  public static final Duration LASTS = Duration.ofMinutes(15);

  private final LongSupplier nanos;
  private final List<Capture> all = new ArrayList<>();
  private volatile boolean waiting;
  private long asked;

  /** None is asked for yet. */
  public Captures() {
    this(System::nanoTime);
  }

  Captures(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * How one is.
   *
   * @param number among all since the engine started
   * @param address of the sender
   * @param from address and port of the connection; empty before bytes have come
   * @param since it was asked for
   * @param received how many bytes have come
   * @param end how it ended; empty before
   */
  public record View(
      long number, String address, String from, Duration since, long received, String end) {

    /** Whether bytes have come, all of those that will. */
    public boolean taken() {
      return !end.isEmpty();
    }
  }

  /**
   * Asks for the next bytes of an address.
   *
   * @return the number of the capture
   */
  public synchronized long ask(InetAddress address) {
    forget();
    if (all.size() == MOST) {
      all.remove(0);
    }
    Capture capture = new Capture(++asked, address, nanos);
    all.add(capture);
    waiting = true;
    return capture.number();
  }

  /** Those that there are, the last that was asked for first. */
  public synchronized List<View> all() {
    forget();
    List<View> views = new ArrayList<>();
    for (Capture each : all) {
      views.add(0, each.view());
    }
    return List.copyOf(views);
  }

  /** The bytes of one; empty if there is no such one any more, or it has none yet. */
  public synchronized Optional<byte[]> bytes(long number) {
    forget();
    return all.stream()
        .filter(each -> each.number() == number)
        .findFirst()
        .filter(Capture::taken)
        .map(Capture::bytes);
  }

  /** Gives one up; false if there is no such one any more. */
  public synchronized boolean remove(long number) {
    return all.removeIf(each -> each.number() == number);
  }

  /** Lets go of what has been waited for, or kept, for long enough. */
  synchronized void forget() {
    long now = nanos.getAsLong();
    all.removeIf(each -> now - each.changed() > LASTS.toNanos());
    waiting = all.stream().anyMatch(Capture::waits);
  }

  /** What is to be kept of a connection that bytes have come on; as a rule nothing. */
  Optional<Capture> begin(InetAddress address, String peer) {
    return waiting ? begun(address, peer) : Optional.empty();
  }

  private synchronized Optional<Capture> begun(InetAddress address, String peer) {
    forget();
    for (Capture each : all) {
      if (each.of(address) && each.begin(peer)) {
        waiting = all.stream().anyMatch(Capture::waits);
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
