package org.millrace.crash;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.millrace.sandbox.Sandbox;

/**
 * The sandbox behind a door that can be watched: at one moment of one exchange it calls back, and
 * the exchange goes on (or not) after that. What it was asked reaches the sandbox whatever becomes
 * of the caller, as with the real one.
 */
final class WatchedCerner implements AutoCloseable {
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "connection", "content-length", "host", "transfer-encoding", "upgrade", "http2-settings");

  /** How far an exchange has come. */
  enum Moment {
    /** The request is here, and nothing was done about it. */
    ASKED,
    /** The sandbox has done it, and nothing of the answer has left. */
    STORED,
    /** Half of the answer's body has left. */
    HALF_ANSWERED,
    /** The whole answer has left. */
    ANSWERED
  }

  /**
   * Which exchange.
   *
   * @param path what its path ends with
   */
  record Watch(String method, String path, Moment moment) {
    boolean meets(HttpExchange exchange, Moment now) {
      return now == moment
          && exchange.getRequestMethod().equals(method)
          && exchange.getRequestURI().getPath().endsWith(path);
    }
  }

  /** A watch and what is done when it is met, once. */
  private record Trap(Watch watch, Runnable action) {}

  private final String inside;
  private final String outside;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong throttled = new AtomicLong();
  private volatile Optional<Capacity> capacity = Optional.empty();
  private volatile boolean cutting;
  private volatile double lost;
  private final Random chance;

  WatchedCerner(Sandbox sandbox, long seed) throws IOException {
    this.chance = new Random(seed);
    URI base = URI.create(sandbox.fhirBaseUrl());
    this.inside = base.getScheme() + "://" + base.getAuthority();
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    this.outside = "http://127.0.0.1:" + server.getAddress().getPort();
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  /** An address of the sandbox, as it is reached through the door. */
  String outside(String address) {
    return address.replace(inside, outside);
  }

  /** At the next exchange that meets the watch the action runs, once. */
  void at(Watch watch, Runnable action) {
    trap.set(new Trap(watch, action));
  }

  /** Nothing is watched any more. */
  void unwatched() {
    trap.set(null);
  }

  /** From now on this share of creates is stored and its answer lost. */
  void losing(double share) {
    lost = share;
  }

  /** Whether from now on every connection is closed without an answer, and nothing is done. */
  void cutting(boolean now) {
    cutting = now;
  }

  /**
   * From now on FHIR calls above this rate are answered 429, without a header, and not done.
   *
   * @param perSecond 0 for any number
   */
  void taking(double perSecond) {
    capacity = perSecond == 0 ? Optional.empty() : Optional.of(new Capacity(perSecond));
  }

  /** How many calls came since the start, and how many of them were answered 429 here. */
  Calls calls() {
    return new Calls(calls.get(), throttled.get());
  }

  /** Numbers of calls. */
  record Calls(long all, long throttled) {
    Calls since(Calls before) {
      return new Calls(all - before.all, throttled - before.throttled);
    }

    double shareThrottled() {
      return all == 0 ? 0 : (double) throttled / all;
    }
  }

  /** Room for so many calls a second, and for those of a quarter of a second at once. */
  private static final class Capacity {
    private final double perSecond;
    private double room;
    private long refilled = System.nanoTime();

    Capacity(double perSecond) {
      this.perSecond = perSecond;
      this.room = perSecond / 4;
    }

    synchronized boolean take() {
      long now = System.nanoTime();
      room = Math.min(perSecond / 4, room + (now - refilled) / 1e9 * perSecond);
      refilled = now;
      if (room < 1) {
        return false;
      }
      room--;
      return true;
    }
  }

  private boolean tooMany(HttpExchange exchange) {
    return !exchange.getRequestURI().getPath().endsWith("/token")
        && capacity.filter(room -> !room.take()).isPresent();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      calls.incrementAndGet();
      if (cutting) {
        return;
      }
      if (tooMany(exchange)) {
        throttled.incrementAndGet();
        exchange.sendResponseHeaders(429, -1);
        return;
      }
      check(exchange, Moment.ASKED);
      HttpResponse<byte[]> answer =
          client.send(asked(exchange, body), HttpResponse.BodyHandlers.ofByteArray());
      check(exchange, Moment.STORED);
      if (exchange.getRequestMethod().equals("POST")
          && exchange.getRequestURI().getPath().endsWith("/DocumentReference")
          && unlucky()) {
        return;
      }
      answer(exchange, answer);
      check(exchange, Moment.ANSWERED);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (IOException callerGone) {
      // The engine was killed, or the sandbox cut the connection: nobody is left to be answered.
      exchange.close();
    }
  }

  private boolean unlucky() {
    synchronized (chance) {
      return chance.nextDouble() < lost;
    }
  }

  private HttpRequest asked(HttpExchange exchange, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(inside + exchange.getRequestURI()))
            .timeout(Duration.ofSeconds(30))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request.build();
  }

  private void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> headers.add(name, value.replace(inside, outside)));
              }
            });
    byte[] body =
        new String(answer.body(), StandardCharsets.UTF_8)
            .replace(inside, outside)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length == 0) {
      check(exchange, Moment.HALF_ANSWERED);
      return;
    }
    exchange.getResponseBody().write(body, 0, body.length / 2);
    exchange.getResponseBody().flush();
    check(exchange, Moment.HALF_ANSWERED);
    exchange.getResponseBody().write(body, body.length / 2, body.length - body.length / 2);
    exchange.getResponseBody().flush();
  }

  private void check(HttpExchange exchange, Moment now) {
    Trap armed = trap.get();
    if (armed != null && armed.watch().meets(exchange, now) && trap.compareAndSet(armed, null)) {
      armed.action().run();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
