package org.millrace.mllp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What leaves on one connection: the replies to its frames, written by its own thread, and what is
 * sent later, from wherever it comes, by a thread of the pool. Each leaves as a whole.
 */
final class RepliesOut {
  private static final Logger LOG = LoggerFactory.getLogger(RepliesOut.class);

  /** A sender that never says whether it took a reply must not fill the memory. */
  static final int MOST_UNCOMMITTED = 1_000;

  private final OutputStream out;
  private final Executor pool;
  private final String peer;
  private final ListenerMode mode;
  private final Object wire = new Object();
  private final Deque<Later> later = new ArrayDeque<>();
  private boolean sending;
  private boolean ended;

  /** When the write began that is under way; 0 while none is. */
  private volatile long writing;

  /**
   * Who wants to know whether a reply left that is not flushed yet; for the connection's thread.
   */
  private final List<Consumer<Boolean>> unflushed = new ArrayList<>();

  /**
   * Of release 2: who wants to know of the replies that were written and not committed yet; of more
   * than so many, the oldest counts as not heard.
   */
  private final Deque<Optional<Consumer<Boolean>>> uncommitted = new ArrayDeque<>();

  private record Later(byte[] reply, Consumer<Boolean> told) {}

  /**
   * @param out buffers what is not flushed
   */
  RepliesOut(OutputStream out, Executor pool, String peer, ListenerMode mode) {
    this.out = out;
    this.pool = pool;
    this.peer = peer;
    this.mode = mode;
  }

  /**
   * Writes a reply, which may wait for the next flush; for the connection's thread.
   *
   * @param reply empty if there is none to be written
   * @return whether there was one
   */
  boolean write(RouteCall.Reply reply) throws IOException {
    if (mode.release2()) {
      byte commit = reply.taken() ? ListenerMode.ACK : ListenerMode.NAK;
      write(new byte[] {commit}, false, Optional.empty());
    }
    boolean written =
        reply.bytes().length > 0 && !mode.silent() && (reply.taken() || !mode.release2());
    if (written) {
      write(reply.bytes(), false, mode.release2() ? reply.asked() : Optional.empty());
    }
    if (!written || !mode.release2()) {
      reply.asked().ifPresent(unflushed::add);
    }
    return written;
  }

  /**
   * The sender has said whether it took the oldest reply that it has not told of; release 2 only.
   */
  void committed(boolean took) {
    Optional<Consumer<Boolean>> asked;
    synchronized (wire) {
      asked = Optional.ofNullable(uncommitted.poll()).flatMap(each -> each);
    }
    asked.ifPresent(each -> tell(each, took));
  }

  /** All that was written leaves; who asked is told. For the connection's thread. */
  void flush() throws IOException {
    synchronized (wire) {
      writing = now();
      out.flush();
      writing = 0;
    }
    tellUnflushed(true);
  }

  private void write(byte[] bytes, boolean flushed, Optional<Consumer<Boolean>> asked)
      throws IOException {
    Optional<Consumer<Boolean>> untold = Optional.empty();
    synchronized (wire) {
      writing = now();
      if (mode.release2() && !ListenerMode.isCommit(bytes)) {
        uncommitted.add(asked);
        if (uncommitted.size() > MOST_UNCOMMITTED) {
          untold = uncommitted.remove();
        }
      }
      out.write(MllpFrames.wrap(bytes));
      if (flushed) {
        out.flush();
      }
      writing = 0;
    }
    untold.ifPresent(each -> tell(each, false));
  }

  /** Who asked is told that what is not flushed did not leave. For the connection's thread. */
  void giveUp() {
    tellUnflushed(false);
  }

  private void tellUnflushed(boolean left) {
    List<Consumer<Boolean>> told = List.copyOf(unflushed);
    unflushed.clear();
    told.forEach(each -> tell(each, left));
  }

  private void tell(Consumer<Boolean> asked, boolean left) {
    try {
      asked.accept(left);
    } catch (RuntimeException failure) {
      LOG.error("A reply to {} could not be noted: {}", peer, failure.getClass().getName());
    }
  }

  /** Sends a reply behind those that are written, without waiting for it; for any thread. */
  void later(byte[] reply, Consumer<Boolean> told) {
    boolean lost;
    boolean first;
    synchronized (later) {
      lost = ended || mode.silent();
      first = !lost && !sending;
      if (!lost) {
        later.add(new Later(reply, told));
        sending = true;
      }
    }
    if (lost) {
      tell(told, false);
    } else if (first) {
      start();
    }
  }

  private void start() {
    try {
      pool.execute(this::sendAll);
    } catch (RejectedExecutionException stopped) {
      end();
    }
  }

  private void sendAll() {
    for (Later next = next(); next != null; next = next()) {
      try {
        write(next.reply(), true, Optional.of(next.told()));
        if (!mode.release2()) {
          tell(next.told(), true);
        }
      } catch (IOException gone) {
        if (!mode.release2()) {
          tell(next.told(), false);
        }
        end();
      }
    }
  }

  private @Nullable Later next() {
    synchronized (later) {
      Later next = later.poll();
      sending = next != null;
      return next;
    }
  }

  /** Nothing leaves any more; what was to leave later is told so. */
  void end() {
    List<Later> lost;
    synchronized (later) {
      ended = true;
      lost = List.copyOf(later);
      later.clear();
    }
    lost.forEach(each -> tell(each.told(), false));
    List<Optional<Consumer<Boolean>>> untold;
    synchronized (wire) {
      untold = List.copyOf(uncommitted);
      uncommitted.clear();
    }
    untold.forEach(each -> each.ifPresent(asked -> tell(asked, false)));
  }

  /** For how long the write has been under way; 0 if none is. */
  long writingNanos() {
    long since = writing;
    return since == 0 ? 0 : System.nanoTime() - since;
  }

  /** The time now, which is never 0. */
  private static long now() {
    return System.nanoTime() | 1;
  }
}
