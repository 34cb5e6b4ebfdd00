package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The authorization server: access tokens for the one system account.
 *
 * <p>Source: Cerner Millennium R4, authorization framework; the error bodies are those seen in
 * Cerner's public sandbox, with nothing but an urn in {@code error_uri} to tell them apart.
 */
final class TokenServer {
  /** What a client is told; the token itself lives a little longer. */
  static final Duration TOLD_LIFETIME = Duration.ofSeconds(570);

  static final Duration LIFETIME = Duration.ofMinutes(10);

  private static final String URN = "urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3A";

  private record Token(List<String> scopes, Instant expires) {}

  /** The system account. */
  record Account(String id, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return id;
    }
  }

  private final String tenant;
  private final Account account;
  private final Scopes scopes;
  private final ClientAssertions assertions;
  private final List<String> addresses;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Token> tokens = new HashMap<>();

  /**
   * @param keys a JWK Set of public keys registered for the account; empty: none is
   */
  TokenServer(Site site, Account account, Optional<String> keys, Scopes scopes, Clock clock) {
    this.tenant = site.tenant();
    this.account = account;
    this.assertions = new ClientAssertions(account.id(), keys, clock);
    this.addresses = List.of(site.tokenUrl(), site.olderTokenUrl());
    this.scopes = scopes;
    this.clock = clock;
  }

  Answer answer(Request request) {
    if (!request.method().equals("POST")) {
      return Answer.empty(405).with("Allow", "POST");
    }
    if (!request.tenant().equals(tenant)) {
      return error(400, "invalid_request", "grant%3Aunknown-tenant");
    }
    SearchParameters form = SearchParameters.parse(request.body().toString(StandardCharsets.UTF_8));
    Optional<Answer> unknownClient =
        form.has("client_assertion") || form.has("client_assertion_type")
            ? checkAssertion(request, form)
            : checkSecret(request.header("Authorization").orElse(""));
    if (unknownClient.isPresent()) {
      return unknownClient.get();
    }
    if (!form.all("grant_type").equals(List.of("client_credentials"))
        || !request.contentType().equals("application/x-www-form-urlencoded")) {
      return error(400, "unsupported_grant_type", "token%3Aunsupported-grant-type");
    }
    List<String> granted = scopes.grant(String.join(" ", form.all("scope")));
    return granted.isEmpty() ? error(400, "invalid_scope", "token%3Aempty-scopes") : issue(granted);
  }

  /** The scopes of a token that is known and not expired. */
  Optional<List<String>> scopesOf(String token) {
    return Optional.ofNullable(tokens.get(token))
        .filter(known -> clock.instant().isBefore(known.expires()))
        .map(Token::scopes);
  }

  /** Ends the life of one token; others go on. */
  void expire(String token) {
    tokens.remove(token);
  }

  /** Counts every token's lifetime from now, after the clock was set. */
  void renewAll() {
    Instant expires = clock.instant().plus(LIFETIME);
    tokens.replaceAll((token, known) -> new Token(known.scopes(), expires));
  }

  /** One way of proof at a time (RFC 6749, 2.3), and the assertion as the SMART guide wants it. */
  private Optional<Answer> checkAssertion(Request request, SearchParameters form) {
    if (request.header("Authorization").isPresent()) {
      return Optional.of(error(400, "invalid_request", "token%3Ainvalid_authorization_header"));
    }
    if (!form.all("client_assertion_type").equals(List.of(ClientAssertions.TYPE))) {
      return Optional.of(error(400, "invalid_request", "token%3Ainvalid_client_credentials"));
    }
    List<String> given = form.all("client_assertion");
    Optional<String> fault =
        given.size() == 1
            ? assertions.fault(given.get(0), addresses)
            : Optional.of("there is not exactly one assertion");
    return fault.map(why -> error(401, "invalid_client", "token%3Ainvalid-signature").because(why));
  }

  private Optional<Answer> checkSecret(String authorization) {
    if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return Optional.of(error(401, "invalid_client", "token%3Ainvalid_authorization_header"));
    }
    try {
      String pair =
          new String(
              Base64.getDecoder().decode(authorization.substring(6).trim()),
              StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon >= 0 && isAccount(pair.substring(0, colon), pair.substring(colon + 1))) {
        return Optional.empty();
      }
    } catch (IllegalArgumentException notBase64) {
      return Optional.of(error(401, "invalid_client", "token%3Ainvalid_authorization_header"));
    }
    return Optional.of(error(401, "invalid_client", "token%3Ainvalid_client_credentials"));
  }

  /** Some clients encode id and secret as form values first (RFC 6749, 2.3.1), others do not. */
  private boolean isAccount(String id, String secret) {
    return (sameText(id, account.id()) && sameText(secret, account.secret()))
        || (sameText(formDecode(id), account.id())
            && sameText(formDecode(secret), account.secret()));
  }

  private static String formDecode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static boolean sameText(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }

  private Answer issue(List<String> granted) {
    Instant now = clock.instant();
    tokens.values().removeIf(token -> !now.isBefore(token.expires()));
    String token = jwt(granted, now);
    tokens.put(token, new Token(granted, now.plus(LIFETIME)));
    ObjectNode body = Json.object();
    body.put("access_token", token);
    body.put("scope", String.join(" ", granted));
    body.put("token_type", "Bearer");
    body.put("expires_in", TOLD_LIFETIME.toSeconds());
    return uncached(Answer.json(200, body));
  }

  /** Looks like Cerner's token; the signature is random, for clients must not read it anyway. */
  private String jwt(List<String> granted, Instant now) {
    ObjectNode header = Json.object().put("kid", now.toString()).put("typ", "JWT");
    header.put("alg", "ES256");
    ObjectNode claims = Json.object().put("iss", "https://authorization.cerner.com/");
    claims.put("sub", account.id()).put("azp", account.id());
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(LIFETIME).getEpochSecond());
    claims.put("jti", UUID.randomUUID().toString());
    claims
        .putObject("urn:com:cerner:authorization:claims")
        .put("ver", "1.0")
        .put("tnt", tenant)
        .put("azs", String.join(" ", granted));
    byte[] signature = new byte[64];
    random.nextBytes(signature);
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString(Json.bytes(header).getBytes())
        + "."
        + encoder.encodeToString(Json.bytes(claims).getBytes())
        + "."
        + encoder.encodeToString(signature);
  }

  private Answer error(int status, String error, String urnTail) {
    String correlation = UUID.randomUUID().toString();
    ObjectNode body = Json.object().put("error", error);
    body.put(
        "error_uri",
        "https://authorization.cerner.com/errors/"
            + URN
            + urnTail
            + "/instances/"
            + correlation
            + "?client="
            + account.id()
            + "&tenant="
            + tenant);
    Answer answer =
        uncached(Answer.json(status, body))
            .with("Cerner-Correlation-ID", correlation)
            .because(error);
    return status == 401
        ? answer.with("WWW-Authenticate", "Basic realm=\"authorization\"")
        : answer;
  }

  private static Answer uncached(Answer answer) {
    return answer.with("Cache-Control", "no-store").with("Pragma", "no-cache");
  }
}
