package org.millrace.console;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.millrace.journal.FigureStore;
import org.millrace.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages that something has happened, by server-sent events; what it was, they ask for.
 * The journal is looked at only while somebody listens. Thread-safe.
 */
final class Live implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Live.class);
  private static final Duration LOOK = Duration.ofMillis(1500);

  /** Looks after which a listener that has gone is noticed. */
  private static final int HEARTBEAT = 10;

  private static final int MOST = 24;

  /** Then a browser comes again by itself, and one that reads nothing has filled no buffer yet. */
  private static final long LONGEST_NANOS = Duration.ofMinutes(10).toNanos();

  private final FigureStore figures;
  private final Map<HttpExchange, Listener> listeners = new ConcurrentHashMap<>();

  /**
   * A page that listens.
   *
   * @param may whether whoever has it open may still look
   */
  private record Listener(long since, BooleanSupplier may) {}

  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "console-live");
            thread.setDaemon(true);
            return thread;
          });
  private FigureStore.Movement seen = FigureStore.Movement.NONE;
  private boolean moving;
  private int quiet;

  Live(FigureStore figures) {
    this.figures = figures;
    looking.scheduleWithFixedDelay(
        this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Begins to tell a page. The exchange stays open.
   *
   * @param may whether whoever has it open may still look; asked before anything is told
   * @return false if too many listen already, and nothing was answered
   */
  boolean listen(HttpExchange exchange, BooleanSupplier may) throws IOException {
    if (listeners.size() >= MOST) {
      return false;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    tell(exchange, ": open\n\n");
    listeners.put(exchange, new Listener(System.nanoTime(), may));
    return true;
  }

  private void look() {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      FigureStore.Movement now = figures.movement();
      boolean moved = !now.equals(seen);
      seen = now;
      // What became of a message may be on record a moment after what moved last.
      if (moved || moving) {
        tellAll("event: moved\ndata: \n\n");
      } else if (++quiet % HEARTBEAT == 0) {
        tellAll(": still here\n\n");
      }
      moving = moved;
    } catch (JournalException unreadable) {
      // Pages say so when they are got anew; the next look tells whether it can be read again.
      moving = true;
    } catch (RuntimeException bug) {
      // Else it would be the last look.
      LOG.error("the console goes on following after {}", bug.getClass().getName());
    }
  }

  /** Under no lock: whoever closes the console closes what is written to, too. */
  private void tellAll(String event) {
    long now = System.nanoTime();
    listeners.forEach(
        (each, listener) -> {
          if (now - listener.since() > LONGEST_NANOS || !listener.may().getAsBoolean()) {
            end(each);
          } else {
            tell(each, event);
          }
        });
  }

  private void tell(HttpExchange listener, String event) {
    try {
      listener.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
      listener.getResponseBody().flush();
    } catch (IOException gone) {
      end(listener);
    }
  }

  private void end(HttpExchange listener) {
    listeners.remove(listener);
    listener.close();
  }

  @Override
  public void close() {
    looking.shutdownNow();
    listeners.keySet().forEach(this::end);
  }
}
