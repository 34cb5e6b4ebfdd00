package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.cerner.Exchanged.Answer;
import org.millrace.cerner.Exchanged.NoAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the authorization server for a token, with the client's secret or an assertion that its key
 * signed. Thread-safe. Source: SMART Backend Services; RFC 6749 sections 2.3.1, 4.4 and 5.2; Cerner
 * Millennium R4, Authorization.
 */
final class TokenServer {
  private static final Logger LOG = LoggerFactory.getLogger(TokenServer.class);

  /** Where the answer does not say; a refused token is replaced anyway. */
  private static final Duration LIFETIME_UNTOLD = Duration.ofMinutes(5);

  private static final Duration MARGIN = Duration.ofSeconds(30);
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.:-]{1,100}");
  private static final Pattern URN =
      Pattern.compile("urn:cerner:error:authorization-server:oauth2:([A-Za-z0-9_.:-]{1,100})");

  /** The client is known, but not for this: a matter of scopes and of what the tenant enabled. */
  private static final Set<String> NOT_PERMITTED =
      Set.of("invalid_scope", "unauthorized_client", "access_denied");

  private static final Set<String> FOR_NOW = Set.of("temporarily_unavailable", "server_error");

  private final CernerSettings settings;
  private final Discovery discovery;
  private final Clock clock;
  private final ServerClock serverClock;

  /** What was asked for and not granted the last time; told again only when it changes. */
  private volatile List<String> notGranted = List.of();

  TokenServer(CernerSettings settings, Discovery discovery, Clock clock) {
    this.settings = settings;
    this.discovery = discovery;
    this.clock = clock;
    this.serverClock = new ServerClock(clock);
  }

  /** How far our clock is ahead of the authorization server's; empty until an answer has told. */
  Optional<Duration> clockAhead() {
    return serverClock.ahead();
  }

  /** One attempt. Every fault proves that nothing was stored: FHIR was not asked. */
  Reply<Token> fetch(Function<HttpCall, Exchanged> send) {
    Reply<Token> reply =
        discovery.tokenUrl(send).then(url -> read(send.apply(request(url)), clock.instant()));
    if (reply instanceof Reply.Failed<Token> failed) {
      Fault fault = failed.fault();
      LOG.warn(
          "no token for {} from the authorization server: {} status={} id={}: {}",
          settings.fhirBaseUrl(),
          fault.code().label(),
          fault.status(),
          fault.requestId(),
          fault.sentence());
    }
    return reply;
  }

  private HttpCall request(URI url) {
    String scopes = settings.scopes().strip().replaceAll("\\s+", " ");
    String form = "grant_type=client_credentials&scope=" + FhirAddresses.encoded(scopes);
    ClientProof proof = ClientProof.of(settings, url, serverClock.forAssertion());
    Map<String, String> headers = new HashMap<>(proof.headers());
    headers.put("Accept", "application/json");
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    byte[] body = (form + proof.form()).getBytes(StandardCharsets.UTF_8);
    return new HttpCall("POST", url, "token", Map.copyOf(headers), body);
  }

  private Reply<Token> read(Exchanged exchanged, Instant received) {
    if (exchanged instanceof NoAnswer none) {
      discovery.forget();
      return Reply.failed(
          Faults.beforeAsking(
              FaultCode.NO_TOKEN,
              "The authorization server gave no token: " + none.reason() + "."));
    }
    Answer answer = (Answer) exchanged;
    serverClock.answered(answer);
    if (answer.status() == 404) {
      discovery.forget();
    }
    Optional<ObjectNode> json = FhirJson.object(answer.body());
    if (answer.status() != 200) {
      return Reply.failed(refusal(answer, json));
    }
    // Counted from before the request, lest a slow answer make the token seem younger than it is.
    Instant asked = received.minus(answer.took());
    Optional<Token> token = json.flatMap(body -> token(body, asked));
    return token.isPresent()
        ? Reply.done(token.get())
        : Reply.failed(
            fault(FaultCode.NO_TOKEN, "The answer of the token URL holds no token.", answer));
  }

  private Optional<Token> token(ObjectNode body, Instant asked) {
    String value = body.path("access_token").asText("");
    boolean bearer = body.path("token_type").asText("Bearer").equalsIgnoreCase("Bearer");
    if (!bearer || !TOKEN.matcher(value).matches()) {
      return Optional.empty();
    }
    long seconds = body.path("expires_in").asLong(0);
    Duration lifetime = seconds > 0 ? Duration.ofSeconds(seconds) : LIFETIME_UNTOLD;
    Duration half = lifetime.dividedBy(2);
    Duration margin = half.compareTo(MARGIN) < 0 ? half : MARGIN;
    return Optional.of(new Token(value, asked.plus(lifetime).minus(margin), scopes(body)));
  }

  /** An answer without scope grants what was asked. */
  private List<String> scopes(ObjectNode body) {
    List<String> asked = words(settings.scopes());
    List<String> granted = body.hasNonNull("scope") ? words(body.path("scope").asText()) : asked;
    List<String> missing = asked.stream().filter(scope -> !granted.contains(scope)).toList();
    if (!missing.equals(notGranted) && !missing.isEmpty()) {
      LOG.warn(
          "the authorization server did not grant {} for {}; see {}",
          missing,
          settings.fhirBaseUrl(),
          settings.setting("MILLRACE_SCOPES"));
    }
    notGranted = missing;
    return granted;
  }

  private static List<String> words(String text) {
    return Pattern.compile("\\s+").splitAsStream(text.strip()).filter(w -> !w.isEmpty()).toList();
  }

  private Fault refusal(Answer answer, Optional<ObjectNode> json) {
    String error = json.map(body -> code(body.path("error").asText(""))).orElse("");
    if (answer.status() >= 500 || answer.status() == 429 || FOR_NOW.contains(error)) {
      return fault(
          FaultCode.NO_TOKEN,
          "The authorization server answered " + answer.status() + " and gave no token.",
          answer);
    }
    if (error.isEmpty()) {
      return withoutError(answer);
    }
    boolean notPermitted = NOT_PERMITTED.contains(error);
    String detail = json.map(body -> urn(body.path("error_uri").asText(""))).orElse("");
    String told =
        error
            + (detail.isEmpty() ? "" : " (" + detail + ")")
            + (answer.requestId().isEmpty() ? "" : ", correlation id " + answer.requestId());
    return fault(
        notPermitted ? FaultCode.NOT_PERMITTED : FaultCode.CREDENTIALS_REFUSED,
        "The authorization server refused a token: " + told + ". " + remedy(error),
        answer);
  }

  private Fault withoutError(Answer answer) {
    int status = answer.status();
    if (status < 400) {
      return fault(
          FaultCode.NO_TOKEN,
          "The token URL answered " + status + ", which is no token; redirects are not followed.",
          answer);
    }
    return fault(
        status == 403 ? FaultCode.NOT_PERMITTED : FaultCode.CREDENTIALS_REFUSED,
        "The token URL answered "
            + status
            + "; check "
            + settings.setting("MILLRACE_TOKEN_URL")
            + ", "
            + settings.setting("MILLRACE_TENANT_ID")
            + " and "
            + settings.setting("MILLRACE_CLIENT_ID")
            + ".",
        answer);
  }

  private String remedy(String error) {
    String id = settings.setting("MILLRACE_CLIENT_ID");
    return switch (error) {
      case "invalid_scope" ->
          "Check "
              + settings.setting("MILLRACE_SCOPES")
              + ": an application registered with v2 scopes needs system/Patient.rs"
              + " and the like (or the word v2), one with v1 scopes system/Patient.read.";
      case "invalid_client" ->
          settings
              .clientKey()
              .map(
                  key ->
                      "Check "
                          + id
                          + ", and that the public key "
                          + key.id()
                          + " ("
                          + key.algorithm()
                          + ") is registered for the system account."
                          + serverClock.harm().map(told -> " Besides, " + told + ".").orElse(""))
              .orElseGet(
                  () -> "Check " + id + " and " + settings.setting("MILLRACE_CLIENT_SECRET") + ".");
      case "unauthorized_client", "access_denied" ->
          "Check that the tenant has enabled the application.";
      default ->
          "Check "
              + id
              + ", its secret or key, and "
              + settings.setting("MILLRACE_TOKEN_URL")
              + ".";
    };
  }

  private Fault fault(FaultCode code, String sentence, Answer answer) {
    return new Fault(
        code,
        sentence,
        Outcomes.text(answer),
        answer.status(),
        answer.requestId(),
        RetryAfter.of(answer, clock),
        true);
  }

  private static String code(String error) {
    return CODE.matcher(error).matches() ? error : "";
  }

  /** The only detail Cerner gives: the end of the urn inside {@code error_uri}. */
  private static String urn(String errorUri) {
    try {
      Matcher urn = URN.matcher(URLDecoder.decode(errorUri, StandardCharsets.UTF_8));
      return urn.find() ? urn.group(1) : "";
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
