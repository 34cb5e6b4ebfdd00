package org.millrace.healtheintent;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.FaultKind;
import org.millrace.cerner.Reply;
import org.millrace.healtheintent.Answered.Answer;
import org.millrace.healtheintent.Answered.NoAnswer;
import org.millrace.healtheintent.HealtheIntentSettings.Account.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two-legged OAuth 1.0a: one token for all callers, fetched by the first that needs one, and anew a
 * minute before it expires. Thread-safe.
 *
 * <p>Source: HealtheIntent documentation, Authentication; RFC 5849 section 3.4.4 (PLAINTEXT).
 */
final class OauthTokens implements Credentials {
  private static final Logger LOG = LoggerFactory.getLogger(OauthTokens.class);
  private static final Duration MARGIN = Duration.ofMinutes(1);
  private static final long USUAL_LIFETIME = 3600;

  private record Held(String header, Instant goodUntil) {}

  private final Consumer consumer;
  private final IntentHttp http;
  private final Clock clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Optional<Held> held = Optional.empty();

  OauthTokens(Consumer consumer, IntentHttp http, Clock clock) {
    this.consumer = consumer;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public Reply<String> authorization(Call call) {
    Optional<Held> good = good();
    if (good.isPresent()) {
      return Reply.done(good.get().header());
    }
    try {
      if (!fetching.tryLock(call.deadline().left().toNanos(), TimeUnit.NANOSECONDS)) {
        return Reply.failed(
            IntentFaults.of(FaultCode.NO_TOKEN, "No OAuth token of HealtheIntent came in time."));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Reply.failed(IntentFaults.of(FaultCode.NO_TOKEN, "The engine is being stopped."));
    }
    try {
      Optional<Held> meanwhile = good();
      return meanwhile.isPresent() ? Reply.done(meanwhile.get().header()) : fetch(call);
    } finally {
      fetching.unlock();
    }
  }

  private Optional<Held> good() {
    return held.filter(token -> clock.instant().isBefore(token.goodUntil()));
  }

  @Override
  public boolean refused(String value) {
    // A fresh one that another caller fetches at this very moment may be lost, and is fetched
    // again.
    if (held.filter(token -> token.header().equals(value)).isPresent()) {
      held = Optional.empty();
    }
    return true;
  }

  private Reply<String> fetch(Call call) {
    String signature = encode(consumer.consumerSecret()) + "&";
    Asked asked =
        new Asked(
            "POST",
            consumer.accessUrl(),
            "oauth/access",
            "token",
            Map.of(
                "Authorization",
                header("oauth_consumer_key", consumer.consumerKey(), "oauth_signature", signature)),
            new byte[0]);
    Answered answered = http.exchange(asked, call.deadline());
    if (answered instanceof NoAnswer none) {
      Fault fault = IntentFaults.noAnswer(asked, none);
      return Reply.failed(IntentFaults.of(FaultCode.NO_TOKEN, fault.sentence()));
    }
    Answer answer = (Answer) answered;
    if (answer.status() != 200) {
      return Reply.failed(noToken(asked, answer));
    }
    Map<String, String> form = form(answer.text());
    String token = form.getOrDefault("oauth_token", "");
    String secret = form.getOrDefault("oauth_token_secret", "");
    if (token.isEmpty() || secret.isEmpty()) {
      return Reply.failed(
          IntentFaults.unreadable(asked, answer, "the answer holds no oauth_token and secret."));
    }
    String header =
        header(
            "oauth_token",
            token,
            "oauth_consumer_key",
            consumer.consumerKey(),
            "oauth_signature",
            signature + encode(secret));
    Duration lifetime = Duration.ofSeconds(seconds(form.get("oauth_expires_in")));
    // A token that lives shorter than the margin is used for half of its life.
    Duration good =
        lifetime.compareTo(MARGIN.multipliedBy(2)) > 0
            ? lifetime.minus(MARGIN)
            : lifetime.dividedBy(2);
    held = Optional.of(new Held(header, clock.instant().plus(good)));
    LOG.info("HealtheIntent gave a token for {} s", lifetime.toSeconds());
    return Reply.done(header);
  }

  private static Fault noToken(Asked asked, Answer answer) {
    Fault fault = IntentFaults.refused(asked, answer);
    if (fault.kind() == FaultKind.RETRY) {
      return IntentFaults.of(FaultCode.NO_TOKEN, fault.sentence());
    }
    return IntentFaults.of(
        FaultCode.CREDENTIALS_REFUSED,
        "HealtheIntent gave no token ("
            + answer.status()
            + "); check MILLRACE_HEALTHEINTENT_CONSUMER_KEY, MILLRACE_HEALTHEINTENT_CONSUMER_SECRET and"
            + " MILLRACE_HEALTHEINTENT_ACCESS_URL.");
  }

  private static long seconds(@Nullable String text) {
    return text != null && text.matches("[1-9][0-9]{0,6}") ? Long.parseLong(text) : USUAL_LIFETIME;
  }

  /** Names and values in turn; the method of the signature goes with all of them. */
  private static String header(String... parameters) {
    StringBuilder header = new StringBuilder("OAuth ");
    for (int i = 0; i < parameters.length; i += 2) {
      header.append(parameters[i]).append("=\"").append(encode(parameters[i + 1])).append("\",");
    }
    return header.append("oauth_signature_method=\"PLAINTEXT\"").toString();
  }

  private static Map<String, String> form(String text) {
    Map<String, String> form = new HashMap<>();
    for (String pair : text.strip().split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        try {
          form.put(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notEncoded) {
          return Map.of();
        }
      }
    }
    return form;
  }

  /** By RFC 5849 section 3.6; a blank is %20. */
  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
