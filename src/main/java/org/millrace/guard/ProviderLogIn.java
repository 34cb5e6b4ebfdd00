package org.millrace.guard;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.AuthenticationSuccessResponse;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.millrace.guard.CodeExchange.NotProvenException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditStore;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs people in by an OpenID provider: the browser is sent there with a request, comes back with a
 * code, and the engine redeems that for a token that says who it is. What comes of it is on record
 * before it has any effect. Thread-safe. Source: OpenID Connect Core 1.0, 3.1, with PKCE (RFC 7636)
 * and the issuer in the answer (RFC 9207).
 */
public final class ProviderLogIn {
  /** How somebody is known in the audit trail who logged in so. */
  public static final String PROOF = "oidc";

  /** What names begin with: no account of the journal has one like these. */
  public static final String PREFIX = PROOF + ":";

  /** Where the provider sends browsers, below the console's address. */
  public static final String BACK = "/log-in/oidc/back";

  private static final Logger LOG = LoggerFactory.getLogger(ProviderLogIn.class);
  private static final int AT_ONCE = 4;
  private static final long WAIT_SECONDS = 5;
  private static final int LONGEST_NAME = 70;

  private static final Map<String, String> TOO_MANY =
      Map.of("why", "more than " + FailedTries.MOST + " failed");

  private final ProviderSettings settings;
  private final Provider provider;
  private final URI console;
  private final URI back;
  private final CodeExchange exchange;
  private final LogInAttempts attempts;
  private final AuditStore audit;
  private final Clock clock;
  private final FailedTries tries;
  private final FailedTries strays;
  private final Semaphore asking = new Semaphore(AT_ONCE, true);

  /**
   * @param console its address in browsers, without a slash at the end
   */
  public ProviderLogIn(
      ProviderSettings settings, URI console, JournalDatabase journal, Clock clock) {
    this.settings = settings;
    this.provider = new Provider(settings.issuer(), clock);
    this.console = console;
    this.back = URI.create(console + BACK);
    this.exchange = new CodeExchange(settings, provider, back);
    this.attempts = new LogInAttempts(clock);
    this.audit = journal.audit();
    this.clock = clock;
    this.tries = new FailedTries(clock);
    this.strays = new FailedTries(clock);
  }

  /**
   * A log-in that has begun.
   *
   * @param at where the browser is sent
   * @param cookie what it keeps until it comes back
   */
  public record Begun(URI at, String cookie) {}

  /** What came of it. */
  public sealed interface Outcome {

    /**
     * It is them.
     *
     * @param name with its prefix
     * @param to where to go on to, as it was asked for
     */
    record LoggedIn(String name, Set<Role> roles, String to) implements Outcome {}

    /** They are not let in; the sentence is for them. */
    record Refused(String sentence) implements Outcome {}

    /** The provider cannot be asked. */
    record Unreachable() implements Outcome {}

    /** Too many tries of this address, or of all together. */
    record Later() implements Outcome {}
  }

  /** As people know the provider. */
  public String title() {
    return settings.title();
  }

  /** The console's address in browsers, where log-ins begin and end. */
  public URI console() {
    return console;
  }

  /** Whether the provider could not be reached when it was last tried. */
  public boolean failing() {
    return provider.failing();
  }

  /**
   * Where somebody logs out at the provider, if it says so. Their token is not sent along: it would
   * stand in an address. So the provider may ask whether they mean it.
   */
  public Optional<URI> logOut() {
    ClientID client = new ClientID(settings.client().id());
    return provider
        .endSession()
        .map(at -> new LogoutRequest(at, null, null, client, null, null, null).toURI());
  }

  /**
   * Begins a log-in.
   *
   * @param to where to go on to
   * @return empty if the provider cannot be reached
   */
  public Optional<Begun> begin(String to) {
    return provider
        .lately()
        .map(
            said -> {
              LogInAttempts.Attempt attempt = attempts.begin(to);
              return new Begun(request(said, attempt).toURI(), attempt.cookie());
            });
  }

  private AuthenticationRequest request(OIDCProviderMetadata said, LogInAttempts.Attempt attempt) {
    return new AuthenticationRequest.Builder(
            ResponseType.CODE,
            new Scope(settings.client().scopes().toArray(String[]::new)),
            new ClientID(settings.client().id()),
            back)
        .endpointURI(said.getAuthorizationEndpointURI())
        .state(new State(attempt.state()))
        .nonce(new Nonce(attempt.nonce()))
        .codeChallenge(new CodeVerifier(attempt.verifier()), CodeChallengeMethod.S256)
        .build();
  }

  /**
   * Goes on with a log-in when the browser has come back.
   *
   * @param answer what the provider had it bring along
   * @param cookie that it kept; empty if it has none
   * @param address where from
   * @throws JournalException if the journal cannot be written
   */
  public Outcome finish(Map<String, List<String>> answer, String cookie, String address)
      throws InterruptedException {
    Optional<LogInAttempts.Attempt> attempt = own(answer, cookie);
    if (attempt.isEmpty()) {
      return stray(address);
    }
    if (tries.tooMany(address)) {
      if (tries.toTell(address)) {
        record(AuditEvent.Outcome.DENIED, "", address, TOO_MANY);
      }
      return new Outcome.Later();
    }
    if (!asking.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
      return new Outcome.Later();
    }
    try {
      return judged(answer, attempt.get(), address);
    } catch (Failed failed) {
      tries.failed(address);
      record(AuditEvent.Outcome.DENIED, failed.name, address, failed.details);
      return new Outcome.Refused(String.valueOf(failed.getMessage()));
    } catch (IOException unreachable) {
      return unreachable(String.valueOf(unreachable.getMessage()), address);
    } finally {
      asking.release();
    }
  }

  /**
   * Nobody is put off for it, and what anybody can have happen again and again is told so often.
   */
  private Outcome unreachable(String why, String address) throws InterruptedException {
    if (!strays.tooMany(address)) {
      strays.failed(address);
      LOG.warn("a log-in by {} failed: {}", settings.title(), why);
      record(AuditEvent.Outcome.FAILED, "", address, Map.of("why", why));
    }
    return new Outcome.Unreachable();
  }

  /** The log-in of an answer, if this browser began it, and it was not taken up before. */
  private Optional<LogInAttempts.Attempt> own(Map<String, List<String>> answer, String cookie) {
    List<String> state = answer.getOrDefault("state", List.of());
    return attempts
        .of(cookie)
        .filter(each -> state.equals(List.of(each.state())))
        .filter(attempts::use);
  }

  /**
   * An answer that is of no log-in of this browser. Any site can have a browser bring such, so that
   * keeps nobody out; but it fills no journal either.
   */
  private Outcome stray(String address) throws InterruptedException {
    if (!strays.tooMany(address)) {
      strays.failed(address);
      record(
          AuditEvent.Outcome.DENIED,
          "",
          address,
          Map.of("why", "not begun in this browser, too long ago, or answered before"));
    } else if (strays.toTell(address)) {
      record(AuditEvent.Outcome.DENIED, "", address, TOO_MANY);
    }
    return new Outcome.Refused(
        "This log-in was not begun in this browser, or more than ten minutes ago, or it is over."
            + " Begin anew.");
  }

  private Outcome judged(
      Map<String, List<String>> answer, LogInAttempts.Attempt attempt, String address)
      throws IOException, Failed, InterruptedException {
    OIDCProviderMetadata said =
        provider.lately().orElseThrow(() -> new IOException("it cannot be reached"));
    IDTokenClaimsSet token;
    try {
      AuthenticationSuccessResponse good = good(answer, said);
      token = exchange.redeem(said, good.getAuthorizationCode(), attempt);
    } catch (NotProvenException notProven) {
      throw Failed.of(
          String.valueOf(notProven.getMessage()),
          "What " + settings.title() + " says of you is not taken; the audit trail has why.");
    }
    return admitted(token, attempt.to(), address);
  }

  private Outcome admitted(IDTokenClaimsSet token, String to, String address)
      throws Failed, InterruptedException {
    Map<String, Object> claims = token.toJSONObject();
    String name = name(claims);
    String subject = token.getSubject().getValue();
    Set<Role> roles = settings.roles().of(claims);
    if (roles.isEmpty()) {
      String claim = settings.roles().claim();
      String why =
          settings.roles().isIn(claims)
              ? "no value of the claim " + claim + " gives a role"
              : "the ID token has no claim " + claim;
      throw new Failed(
          name,
          Map.of("subject", subject, "why", why),
          settings.title()
              + " knows you, but gives you no role here. Whoever runs the engine can change that.");
    }
    String words = roles.stream().map(Role::word).collect(Collectors.joining(", "));
    record(AuditEvent.Outcome.DONE, name, address, Map.of("subject", subject, "roles", words));
    return new Outcome.LoggedIn(name, roles, to);
  }

  /** Source: OpenID Connect Core 1.0, 3.1.2.5; RFC 9207, 2.4. */
  private AuthenticationSuccessResponse good(
      Map<String, List<String>> answer, OIDCProviderMetadata said)
      throws Failed, NotProvenException {
    if (answer.values().stream().anyMatch(values -> values.size() > 1)) {
      throw new NotProvenException("the answer has something twice");
    }
    AuthenticationResponse response;
    try {
      response = AuthenticationResponseParser.parse(back, answer);
    } catch (ParseException unreadable) {
      throw new NotProvenException("the answer cannot be read");
    }
    Issuer issuer = response.getIssuer();
    if (issuer == null
        ? said.supportsAuthorizationResponseIssuerParam()
        : !issuer.equals(said.getIssuer())) {
      throw new NotProvenException("the answer is of another issuer (iss)");
    }
    if (response instanceof AuthenticationSuccessResponse good
        && good.getAuthorizationCode() != null) {
      return good;
    }
    String word =
        response.indicatesSuccess()
            ? "no code"
            : CodeExchange.word(response.toErrorResponse().getErrorObject());
    throw Failed.of(
        "the provider answers: " + word, settings.title() + " did not log you in (" + word + ").");
  }

  private String name(Map<String, Object> claims) throws Failed {
    String claim = settings.nameClaim();
    String name = claims.get(claim) instanceof String text ? text.strip() : "";
    if (!name.matches("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]{1," + LONGEST_NAME + "}")) {
      throw Failed.of(
          "the ID token has no name of 1 to " + LONGEST_NAME + " printable signs as " + claim,
          settings.title() + " tells no name of you. Whoever runs the engine can change that.");
    }
    if (claim.equals("email") && Boolean.FALSE.equals(claims.get("email_verified"))) {
      throw Failed.of(
          "the address is not verified (email_verified)",
          settings.title() + " has not verified your e-mail address.");
    }
    return PREFIX + name;
  }

  /** Why somebody is not let in: for the audit trail, and in a sentence for them. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final String name;
    private final transient Map<String, String> details;

    Failed(String name, Map<String, String> details, String sentence) {
      super(sentence);
      this.name = name;
      this.details = details;
    }

    static Failed of(String why, String sentence) {
      return new Failed("", Map.of("why", why), sentence);
    }
  }

  private void record(
      AuditEvent.Outcome outcome, String name, String address, Map<String, String> details)
      throws InterruptedException {
    AuditEvent.Actor actor = new AuditEvent.Actor(name, name.isEmpty() ? "none" : PROOF, address);
    AuditEvent event =
        new AuditEvent(
            clock.instant(), "log-in", outcome, 0, actor, "console", "", List.of(), details);
    try {
      audit.recordNow(event).get();
    } catch (ExecutionException e) {
      throw new JournalException("the log-in could not be put on record", e);
    }
  }
}
