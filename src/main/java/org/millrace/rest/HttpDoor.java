package org.millrace.rest;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in front of what reads bodies of HTTP requests. A body is read once its request was judged
 * by everything else; in the memory that all bodies share, and within its time. Thread-safe.
 */
public final class HttpDoor implements Handler<RoutingContext> {
  /** What a request may have without asking; more is taken from the room of all. */
  private static final int FREE_BYTES = 64 * 1024;

  private static final int KILOBYTE = 1024;

  /** Whoever is turned away may have sent much already, and reads its answer after that. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final String TAKEN = "millrace.taken";
  private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);

  private final Limits limits;
  private final Consumer<String> turnedAway;
  private final Semaphore kilobytes;
  private final List<Face> faces = new ArrayList<>();

  /**
   * What bodies may take.
   *
   * @param bodyBytes one at most; one that does not say how long it is takes as much until it ends
   * @param memoryBytes all together, until their requests are answered
   * @param bodyWithin until a body has ended
   */
  public record Limits(long bodyBytes, long memoryBytes, Duration bodyWithin) {}

  private record Face(String mount, boolean whole, HttpStep step) {
    boolean isAsked(String path) {
      return whole ? path.equals(mount) || path.equals(mount + "/") : path.startsWith(mount);
    }
  }

  /**
   * @param turnedAway is told of each request for which there is no room or that is too slow, by
   *     kind
   */
  public HttpDoor(Limits limits, Consumer<String> turnedAway) {
    this.limits = limits;
    this.turnedAway = turnedAway;
    this.kilobytes = new Semaphore((int) Math.min(limits.memoryBytes() / KILOBYTE, 1 << 30));
  }

  /**
   * From now on this face is asked about requests with a body; before the server opens.
   *
   * @param whole whether it is asked at its own path only, and not at those that begin with it
   */
  void add(String mount, boolean whole, HttpStep step) {
    faces.add(new Face(mount, whole, step));
    faces.sort(Comparator.comparing((Face face) -> face.mount().length()).reversed());
  }

  /** For the first place on the server's router. */
  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest http = context.request();
    boolean chunked = http.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    long said = chunked ? 0 : said(http);
    if (!chunked && said == 0) {
      context.next();
      return;
    }
    http.pause();
    Optional<HttpStep> face = face(context);
    context
        .vertx()
        .executeBlocking(() -> face.flatMap(asked -> asked.refuseUnread(http, said)), false)
        .onSuccess(
            refused ->
                refused.ifPresentOrElse(
                    answer -> turnAway(context, answer),
                    () -> letIn(context, chunked ? limits.bodyBytes() : said)))
        .onFailure(
            bug -> {
              // Its text may hold what stood in the request.
              LOG.error("a request could not be judged: {}", bug.getClass().getName());
              turnAway(context, refusal(context, RefusalReason.INTERNAL, "the engine failed"));
            });
  }

  private static long said(HttpServerRequest http) {
    try {
      String length = http.getHeader(HttpHeaders.CONTENT_LENGTH);
      return length == null ? 0 : Long.parseLong(length.strip());
    } catch (NumberFormatException none) {
      return Long.MAX_VALUE;
    }
  }

  private void letIn(RoutingContext context, long bytes) {
    int wanted = wanted(bytes);
    if (!kilobytes.tryAcquire(wanted)) {
      turnedAway.accept("no-room");
      turnAway(
          context,
          refusal(
              context,
              Refusal.of(
                      RefusalReason.NO_ROOM,
                      "the bodies of other requests fill the memory for them; send it again later")
                  .with(Map.of("Retry-After", Refusal.seconds(AGAIN)))));
      return;
    }
    AtomicInteger taken = new AtomicInteger(wanted);
    context.put(TAKEN, taken);
    long late = context.vertx().setTimer(limits.bodyWithin().toMillis(), timer -> endLate(context));
    context.addEndHandler(
        ended -> {
          context.vertx().cancelTimer(late);
          shrink(taken, 0);
        });
    context.next();
    // Where no route reads it, what comes is dropped.
    context.request().resume();
  }

  private int wanted(long bytes) {
    return bytes <= FREE_BYTES
        ? 0
        : (int) ((Math.min(bytes, limits.bodyBytes()) + KILOBYTE - 1) / KILOBYTE);
  }

  private void shrink(AtomicInteger taken, int to) {
    int before = taken.getAndUpdate(now -> Math.min(now, to));
    kilobytes.release(Math.max(0, before - to));
  }

  /** For the place behind what reads the body: one that did not say its length has one now. */
  public void read(RoutingContext context) {
    if (context.get(TAKEN) instanceof AtomicInteger taken) {
      shrink(taken, wanted(context.body().length()));
    }
    context.next();
  }

  private void endLate(RoutingContext context) {
    if (context.request().isEnded() || context.response().ended()) {
      return;
    }
    turnedAway.accept("too-slow");
    String sentence = "the body did not end within " + limits.bodyWithin().toMillis() + " ms";
    answer(context, refusal(context, RefusalReason.BODY_TOO_SLOW, sentence));
  }

  /** For the server's router: a body that did not say how long it would be. */
  public void tooLong(RoutingContext context) {
    if (!context.response().ended()) {
      String sentence = "a body has at most " + limits.bodyBytes() + " bytes";
      answer(context, refusal(context, RefusalReason.BODY_TOO_LARGE, sentence));
    }
  }

  private RestAnswer refusal(RoutingContext context, RefusalReason reason, String sentence) {
    return refusal(context, Refusal.of(reason, sentence));
  }

  private RestAnswer refusal(RoutingContext context, Refusal refusal) {
    return face(context)
        .map(step -> step.refuse(refusal))
        .orElseGet(() -> Problems.answer(refusal));
  }

  /** By the path that the router goes by, whatever way it was written. */
  private Optional<HttpStep> face(RoutingContext context) {
    return faces.stream()
        .filter(face -> face.isAsked(context.normalizedPath()))
        .findFirst()
        .map(Face::step);
  }

  /** Drops what comes of the body for a while, so that the answer is read before all is closed. */
  private static void turnAway(RoutingContext context, RestAnswer answer) {
    HttpServerRequest http = context.request();
    if (!http.isEnded()) {
      http.exceptionHandler(gone -> {});
      http.endHandler(all -> http.connection().close());
    }
    send(context, answer)
        .onComplete(
            sent -> context.vertx().setTimer(LINGER.toMillis(), on -> http.connection().close()));
    http.resume();
  }

  private static void answer(RoutingContext context, RestAnswer answer) {
    send(context, answer).onComplete(sent -> context.request().connection().close());
  }

  private static Future<Void> send(RoutingContext context, RestAnswer answer) {
    HttpServerResponse response = context.response().setStatusCode(answer.status());
    for (Map.Entry<String, String> header :
        HttpStep.headers(answer, context.request().isSSL()).entrySet()) {
      response.putHeader(header.getKey(), header.getValue());
    }
    return response
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(Buffer.buffer(answer.body()));
  }
}
