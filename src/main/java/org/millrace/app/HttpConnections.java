package org.millrace.app;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections of an HTTP server: so many at once, and none that brings no request within its
 * time, be it that nothing comes or that the head of a request does not end. Thread-safe.
 */
final class HttpConnections implements Handler<HttpConnection> {
  private final Vertx vertx;
  private final int most;
  private final Duration requestWithin;
  private final Runnable turnedAway;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<HttpConnection, Waiting> waiting = new ConcurrentHashMap<>();

  /** Of one connection; touched by its own thread only. */
  private static final class Waiting {
    private int underWay;
    private long timer;
  }

  /**
   * @param requestWithin from the opening, or the end of an answer, until the head of a request has
   *     come
   * @param turnedAway is told of each connection that was one too many
   */
  HttpConnections(Vertx vertx, int most, Duration requestWithin, Runnable turnedAway) {
    this.vertx = vertx;
    this.most = most;
    this.requestWithin = requestWithin;
    this.turnedAway = turnedAway;
  }

  @Override
  public void handle(HttpConnection connection) {
    boolean tooMany = open.incrementAndGet() > most;
    Waiting state = new Waiting();
    waiting.put(connection, state);
    connection.closeHandler(
        closed -> {
          open.decrementAndGet();
          vertx.cancelTimer(state.timer);
          waiting.remove(connection);
        });
    if (tooMany) {
      turnedAway.run();
      connection.close();
    } else {
      await(connection, state);
    }
  }

  /** What was answered is written before a connection closes. */
  private void await(HttpConnection connection, Waiting state) {
    state.timer = vertx.setTimer(requestWithin.toMillis(), late -> connection.close());
  }

  /** For a place on the router that every request comes by. */
  void watch(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    @Nullable Waiting state = waiting.get(connection);
    if (state != null) {
      vertx.cancelTimer(state.timer);
      state.underWay++;
      context.addEndHandler(
          ended -> {
            state.underWay--;
            if (state.underWay == 0 && waiting.containsKey(connection)) {
              await(connection, state);
            }
          });
    }
    context.next();
  }
}
