package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.Ask.Kind;
import org.millrace.cerner.Exchanged.Answer;
import org.millrace.cerner.Exchanged.NoAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends a request to the FHIR server with the token, once more with a fresh one after a 401, and
 * reads what came back. Thread-safe.
 */
final class FhirCalls {
  private static final Logger LOG = LoggerFactory.getLogger(FhirCalls.class);

  private final CernerSettings settings;
  private final CernerHttp http;
  private final Optional<TokenSource> tokens;
  private final Faults faults;
  private final Clock clock;
  private final Breakers breakers;
  private final CallLimiter limiter;
  private final CallMetrics metrics;
  private final SharedReads<Answer> reads = new SharedReads<>();
  private volatile Optional<Instant> lastSuccess = Optional.empty();
  private volatile Optional<Failure> lastFailure = Optional.empty();

  /**
   * @param tokens empty where the server wants none
   */
  FhirCalls(
      CernerSettings settings,
      CernerHttp http,
      Optional<TokenSource> tokens,
      CallLimits limits,
      Clock clock) {
    this.settings = settings;
    this.http = http;
    this.tokens = tokens;
    this.faults = new Faults(settings, clock);
    this.clock = clock;
    this.breakers = new Breakers(limits, clock);
    this.limiter = new CallLimiter(limits, clock);
    this.metrics = new CallMetrics(breakers, limiter);
  }

  Breakers breakers() {
    return breakers;
  }

  CallMetrics metrics() {
    return metrics;
  }

  /** {@code GET Type/{id}}: the answer must be that resource and no other. */
  Reply<FhirResource> read(Ask ask, String id, Call call) {
    return answer(ask, call)
        .then(
            answer -> {
              Optional<ObjectNode> json =
                  FhirJson.object(answer.body()).filter(found -> isIt(found, ask.type(), id));
              if (json.isEmpty()) {
                return fail(
                    ask,
                    answer,
                    faults.unreadable(ask, answer, "the answer is not the resource asked for."));
              }
              return Reply.done(
                  new FhirResource(
                      json.get(), answer.header("ETag"), answer.header("Last-Modified")));
            });
  }

  private static boolean isIt(ObjectNode json, String type, String id) {
    return json.path("resourceType").asText().equals(type) && json.path("id").asText().equals(id);
  }

  /**
   * {@code GET Type/$operation}: the answer must be a resource of this type.
   *
   * @param answers the type
   */
  Reply<FhirResource> operation(Ask ask, String answers, Call call) {
    return send(ask, call)
        .then(
            answer -> {
              Optional<ObjectNode> json =
                  FhirJson.object(answer.body())
                      .filter(found -> found.path("resourceType").asText().equals(answers));
              return json.isPresent()
                  ? Reply.done(
                      new FhirResource(
                          json.get(), answer.header("ETag"), answer.header("Last-Modified")))
                  : fail(
                      ask,
                      answer,
                      faults.unreadable(ask, answer, "the answer is no " + answers + "."));
            });
  }

  /** One page of a search. */
  Reply<FoundPage> search(Ask ask, FhirAddresses addresses, Call call) {
    return answer(ask, call).then(answer -> page(ask, answer, addresses));
  }

  private Reply<FoundPage> page(Ask ask, Answer answer, FhirAddresses addresses) {
    Optional<ObjectNode> bundle =
        FhirJson.object(answer.body())
            .filter(json -> json.path("resourceType").asText().equals("Bundle"));
    if (bundle.isEmpty()) {
      return fail(ask, answer, faults.unreadable(ask, answer, "the answer is not a Bundle."));
    }
    Bundles.Content content = Bundles.content(bundle.get(), ask.type());
    if (!content.inOrder()) {
      String what = "the Bundle holds as a match what was not searched for, or has no id.";
      return fail(ask, answer, faults.unreadable(ask, answer, what));
    }
    if (content.next().filter(link -> addresses.page(link).isEmpty()).isPresent()) {
      String what =
          "the link to the next page leads away from "
              + settings.setting("MILLRACE_FHIR_BASE_URL")
              + ".";
      return fail(ask, answer, faults.unreadable(ask, answer, what));
    }
    if (!content.warnings().isEmpty()) {
      LOG.warn(
          "{}: Cerner left out results it could not express; X-Request-Id={} opc-request-id={}",
          ask,
          answer.requestId(),
          answer.opcRequestId());
    }
    return Reply.done(
        new FoundPage(
            new SearchPage(
                content.matches(), content.included(), content.next(), content.warnings()),
            content.suppressed()));
  }

  /** {@code POST Type}, sent once (twice only if the first was answered 401). */
  Reply<Created> create(Ask ask, Call call) {
    return written(ask, call)
        .then(
            answer -> {
              Optional<Created> created = NewResource.told(ask.type(), answer);
              if (created.isPresent()) {
                return Reply.done(created.get());
              }
              String what = "the answer does not tell the new id.";
              return fail(ask, answer, faults.unreadable(ask, answer, what));
            });
  }

  /** {@code PUT Type/{id}}, sent once (twice only if the first was answered 401). */
  Reply<Updated> update(Ask ask, Call call) {
    return written(ask, call)
        .then(answer -> Reply.done(new Updated(NewResource.version(answer.header("ETag")))));
  }

  /** That to another's read of the same, where one is under way and the call shares it. */
  private Reply<Answer> answer(Ask ask, Call call) {
    if (!call.shares()) {
      return send(ask, call);
    }
    SharedReads.Got<Answer> got =
        reads.get(ask.http().uri().toString(), call.deadline(), () -> send(ask, call));
    if (got.shared()) {
      metrics.shared();
    }
    return got.reply();
  }

  /** Who reads from now on reads anew. */
  private Reply<Answer> written(Ask ask, Call call) {
    boolean sure = false;
    try {
      Reply<Answer> reply = send(ask, call);
      sure = !(reply instanceof Reply.Failed<Answer> failed) || failed.fault().nothingStored();
      return reply;
    } finally {
      if (sure) {
        reads.written();
      } else {
        reads.maybeWritten();
      }
    }
  }

  private Reply<Answer> send(Ask ask, Call call) {
    Reply<Breakers.Entry> entered = breakers.enter(ask);
    if (!(entered instanceof Reply.Done<Breakers.Entry> done)) {
      metrics.notAsked();
      return ((Reply.Failed<Breakers.Entry>) entered).as();
    }
    try (Breakers.Entry entry = done.value()) {
      return tokens.isEmpty()
          ? exchange(ask, ask.http(), entry, call).then(first -> judged(ask, first, entry))
          : withToken(tokens.get(), ask, entry, call);
    }
  }

  private Reply<Answer> withToken(TokenSource source, Ask ask, Breakers.Entry entry, Call call) {
    Reply<Token> token = bearer(source, entry, call);
    if (!(token instanceof Reply.Done<Token> held)) {
      return ((Reply.Failed<Token>) token).as();
    }
    Reply<Exchanged> first = bearing(source, held.value(), ask, entry, call);
    boolean again = is401(first) && source.refused(held.value());
    Reply<Exchanged> last =
        again
            ? bearer(source, entry, call).then(fresh -> bearing(source, fresh, ask, entry, call))
            : first;
    return last.then(exchanged -> judged(ask, exchanged, entry));
  }

  private Reply<Exchanged> bearing(
      TokenSource source, Token token, Ask ask, Breakers.Entry entry, Call call) {
    HttpCall request = ask.http().with("Authorization", "Bearer " + token.value());
    Reply<Exchanged> reply = exchange(ask, request, entry, call);
    if (reply instanceof Reply.Done<Exchanged> done
        && done.value() instanceof Answer
        && !is401(reply)) {
      source.accepted(token);
    }
    return reply;
  }

  private static boolean is401(Reply<Exchanged> reply) {
    return reply instanceof Reply.Done<Exchanged> done
        && done.value() instanceof Answer answer
        && answer.status() == 401;
  }

  private Reply<Token> bearer(TokenSource source, Breakers.Entry entry, Call call) {
    Reply<Token> token = source.token(call);
    if (token instanceof Reply.Failed<Token> failed) {
      noted(failed.fault());
      return Reply.failed(entry.noToken(failed.fault()));
    }
    return token;
  }

  /** When its turn has come, and if nothing has come between meanwhile. */
  private Reply<Exchanged> exchange(Ask ask, HttpCall request, Breakers.Entry entry, Call call) {
    Reply<CallPace.Turn> turn = limiter.turn(call);
    Optional<Fault> inVain =
        turn instanceof Reply.Failed<CallPace.Turn> late
            ? Optional.of(late.fault())
            : entry.overtaken();
    if (inVain.isPresent()) {
      metrics.notAsked();
      LOG.debug("{}: {}", ask, inVain.get());
      return Reply.failed(inVain.get());
    }
    Exchanged exchanged = http.exchange(request, call.deadline(), call.mayLeave());
    limiter.exchanged(((Reply.Done<CallPace.Turn>) turn).value(), exchanged);
    metrics.exchanged(ask.action(), exchanged);
    call.exchanged(request.seenWhole(exchanged));
    return Reply.done(exchanged);
  }

  private Reply<Answer> judged(Ask ask, Exchanged exchanged, Breakers.Entry entry) {
    if (exchanged instanceof NoAnswer none) {
      Fault fault = faults.noAnswer(ask, none);
      noted(fault);
      LOG.warn("{}: {}: {}", ask, fault.code().label(), none.reason());
      // Who waited for a connection, in vain, has learned nothing of Cerner.
      boolean waited = none.why() == Exchanged.Why.DEADLINE && !none.sent();
      return Reply.failed(entry.failed(fault, waited ? Duration.ZERO : none.took()));
    }
    Answer answer = (Answer) exchanged;
    boolean success =
        answer.status() == 200 || (ask.kind() == Kind.CREATE && answer.status() == 201);
    if (!success) {
      return fail(ask, answer, entry.failed(faults.refused(ask, answer), answer.took()));
    }
    entry.succeeded();
    lastSuccess = Optional.of(clock.instant());
    return Reply.done(answer);
  }

  /** Neither address nor body nor Cerner's words are logged: they are a patient's. */
  private <T> Reply<T> fail(Ask ask, Answer answer, Fault fault) {
    noted(fault);
    // A number that does not exist is everyday business and must not drown the rest.
    LOG.atLevel(fault.code() == FaultCode.NOT_FOUND ? Level.INFO : Level.WARN)
        .log(
            "{}: {} status={} X-Request-Id={} opc-request-id={}",
            ask,
            fault.code().label(),
            answer.status(),
            answer.requestId(),
            answer.opcRequestId());
    return Reply.failed(fault);
  }

  /** A fault of what was asked shows that Cerner is well; the others count against it. */
  private void noted(Fault fault) {
    boolean ofContent =
        fault.code() == FaultCode.RECORD_DEFECT
            || fault.code() == FaultCode.CONFLICT
            || fault.code() == FaultCode.LOCKED
            || fault.whoActs() == WhoActs.SENDER
            || fault.whoActs() == WhoActs.ANALYST;
    if (ofContent) {
      lastSuccess = Optional.of(clock.instant());
    } else {
      lastFailure = Optional.of(new Failure(clock.instant(), fault.code().label()));
    }
  }

  ConnectionState state() {
    Optional<Failure> failure = lastFailure;
    return new ConnectionState(
        lastSuccess,
        failure.map(Failure::at),
        failure.map(Failure::label).orElse(""),
        grantedScopes(),
        breakers.pauses(),
        limiter.rate());
  }

  List<String> grantedScopes() {
    return tokens.map(TokenSource::grantedScopes).orElse(List.of());
  }

  /** A page, and whether Cerner left out matches that it could not express. */
  record FoundPage(SearchPage page, boolean suppressed) {}

  private record Failure(Instant at, String label) {}
}
