package org.millrace.healtheintent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Optional;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.Reply;
import org.millrace.healtheintent.Answered.Answer;
import org.millrace.healtheintent.Answered.NoAnswer;
import org.millrace.trace.Latency;
import org.millrace.trace.LatencyMeter;
import org.millrace.trace.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request with the account's token, once more with a fresh one after a 401 where another
 * can be had, and reads the JSON that comes back. Thread-safe.
 */
final class IntentCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IntentCalls.class);
  private static final int TOO_MANY_REQUESTS = 429;

  private final IntentHttp http;
  private final Credentials credentials;
  private final Backoff backoff;
  private final LatencyMeter took = new LatencyMeter(Latency.LOOKED_UP);
  private volatile Optional<MeterRegistry> meters = Optional.empty();

  IntentCalls(HealtheIntentSettings settings, Clock clock) {
    http = new IntentHttp(settings);
    credentials = credentials(settings.account(), clock);
    backoff = new Backoff(clock);
  }

  private Credentials credentials(HealtheIntentSettings.Account account, Clock clock) {
    if (account instanceof HealtheIntentSettings.Account.Consumer consumer) {
      return new OauthTokens(consumer, http, clock);
    }
    String header = "Bearer " + ((HealtheIntentSettings.Account.Bearer) account).token();
    return new Credentials() {
      @Override
      public Reply<String> authorization(Call call) {
        return Reply.done(header);
      }

      @Override
      public boolean refused(String value) {
        return false;
      }
    };
  }

  void register(MeterRegistry registry) {
    meters = Optional.of(registry);
    took.register(registry);
    Metric.HEALTHEINTENT_PAUSED.shows(registry, () -> backoff.paused() ? 1 : 0);
  }

  /** The JSON object that a request is answered with. */
  Reply<ObjectNode> send(Asked asked, Call call) {
    Optional<Fault> pause = backoff.pause();
    if (pause.isPresent()) {
      count(asked, "not-sent");
      return Reply.failed(pause.get());
    }
    Reply<ObjectNode> reply = attempt(asked, call, true);
    if (reply instanceof Reply.Failed<ObjectNode> failed) {
      backoff.failed(failed.fault());
      LOG.warn("{}", failed.fault());
    } else {
      backoff.succeeded();
    }
    return reply;
  }

  private Reply<ObjectNode> attempt(Asked asked, Call call, boolean mayRepeat) {
    Reply<String> authorization = credentials.authorization(call);
    if (!(authorization instanceof Reply.Done<String> value)) {
      return ((Reply.Failed<String>) authorization).as();
    }
    Answered answered = http.exchange(asked.with("Authorization", value.value()), call.deadline());
    seen(asked, answered, call);
    if (answered instanceof NoAnswer none) {
      return Reply.failed(IntentFaults.noAnswer(asked, none));
    }
    Answer answer = (Answer) answered;
    if (answer.status() == 401 && credentials.refused(value.value()) && mayRepeat) {
      return attempt(asked, call, false);
    }
    if (answer.status() != 200) {
      return Reply.failed(IntentFaults.refused(asked, answer));
    }
    Optional<ObjectNode> json = IntentJson.object(answer.body());
    return json.isPresent()
        ? Reply.done(json.get())
        : Reply.failed(IntentFaults.unreadable(asked, answer, "the answer is no JSON object."));
  }

  private void seen(Asked asked, Answered answered, Call call) {
    int status = answered instanceof Answer answer ? answer.status() : 0;
    String id = answered instanceof Answer answer ? answer.correlationId() : "";
    call.exchanged(
        new Call.Exchange(
            asked.method(), "HealtheIntent " + asked.template(), status, id, answered.took()));
    String told = status == 0 ? "none" : status == TOO_MANY_REQUESTS ? "429" : status / 100 + "xx";
    count(asked, told);
    took.took(answered.took(), asked.lookUp(), told);
  }

  private void count(Asked asked, String status) {
    meters.ifPresent(
        registry ->
            Metric.HEALTHEINTENT_CALLS.counter(registry, asked.lookUp(), status).increment());
  }

  @Override
  public void close() {
    http.close();
  }
}
