package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every request in, lets faults have their way, and sends the answer.
 *
 * <p>Everything runs on the server's one event loop; a held-back answer waits on a timer and keeps
 * nobody else waiting.
 */
final class FrontDoor {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  private final Vertx vertx;
  private final Control control;
  private final TokenServer tokens;
  private final FhirServer fhir;
  private final HealtheIntentServer healtheIntent;
  private final Faults faults;
  private final RequestLog log;

  FrontDoor(
      Vertx vertx,
      Control control,
      TokenServer tokens,
      FhirServer fhir,
      HealtheIntentServer healtheIntent,
      Faults faults,
      RequestLog log) {
    this.vertx = vertx;
    this.control = control;
    this.tokens = tokens;
    this.fhir = fhir;
    this.healtheIntent = healtheIntent;
    this.faults = faults;
    this.log = log;
  }

  void receive(HttpServerRequest http) {
    http.body().onSuccess(body -> handle(http, body));
  }

  private void handle(HttpServerRequest http, Buffer body) {
    try {
      String path = http.path() == null ? "" : http.path();
      if (path.equals("/control") || path.startsWith("/control/")) {
        send(http.response(), control.answer(http.method().name(), path, body));
        return;
      }
      Optional<Request> request = Request.of(http, body);
      if (request.isPresent()) {
        serve(http, request.get());
      } else {
        send(http.response(), Answer.empty(404));
      }
    } catch (IllegalArgumentException undecodable) {
      send(http.response(), Answer.empty(400));
    } catch (RuntimeException bug) {
      LOG.error("The sandbox failed on a request", bug);
      send(http.response(), Answer.empty(500));
    }
  }

  private void serve(HttpServerRequest http, Request request) {
    ObjectNode entry = log.arrived(request, http.method().name());
    Optional<Fault> fault = faults.take(request.method(), request.path());
    if (fault.isEmpty()) {
      Answer answer = work(request);
      log.answered(entry, answer);
      send(http.response(), answer);
      return;
    }
    Optional<Answer> answer = misbehave(request, fault.get());
    after(
        fault.get().latency(),
        () -> {
          if (answer.isPresent()) {
            log.answered(entry, answer.get());
            send(http.response(), answer.get());
          } else {
            log.dropped(entry);
            http.connection().close();
          }
        });
  }

  private Answer work(Request request) {
    return switch (request.door()) {
      case TOKEN -> tokens.answer(request);
      case FHIR -> fhir.answer(request);
      case HEALTHEINTENT -> healtheIntent.answer(request);
    };
  }

  /** What a fault makes of a request; empty: no answer at all. */
  private Optional<Answer> misbehave(Request request, Fault fault) {
    if (fault.expiredToken()) {
      return Optional.of(
          request.door() == Request.Door.HEALTHEINTENT
              ? healtheIntent.expired()
              : fhir.expired(request));
    }
    if (fault.drop() == Fault.Drop.BEFORE) {
      return Optional.empty();
    }
    if (fault.drop() == Fault.Drop.AFTER_COMMIT) {
      work(request);
      return Optional.empty();
    }
    if (fault.answer().isEmpty()) {
      Answer answer = work(request);
      return Optional.of(fault.outcomeEntry() ? Pages.withOutcomeEntry(answer) : answer);
    }
    if (fault.afterCommit()) {
      work(request);
    }
    return fault.answer();
  }

  private void after(Duration delay, Runnable then) {
    if (delay.isZero()) {
      then.run();
    } else {
      vertx.setTimer(delay.toMillis(), timer -> then.run());
    }
  }

  /** Sends an answer with the headers Cerner puts on all of them; a caller who left is let go. */
  private static void send(HttpServerResponse response, Answer answer) {
    if (response.closed() || response.ended()) {
      return;
    }
    response.setStatusCode(answer.status());
    response.putHeader("X-Request-Id", UUID.randomUUID().toString());
    response.putHeader("opc-request-id", "/" + hex() + "/" + hex());
    response.putHeader("Cache-Control", "no-cache");
    response.putHeader("Vary", "Origin");
    response.putHeader("Server-Response-Time", "0.01");
    response.putHeader("X-Runtime", "0.01");
    response.putHeader("Strict-Transport-Security", "max-age=631152000");
    response.putHeader("X-Content-Type-Options", "nosniff");
    answer.headers().forEach(response::putHeader);
    response.end(answer.body());
  }

  private static String hex() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
