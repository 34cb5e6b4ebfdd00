package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask HealtheIntent: one system account, by a bearer token that does not expire, or by
 * two-legged OAuth 1.0a with signatures of method PLAINTEXT.
 *
 * <p>Source: HealtheIntent documentation, Authentication; RFC 5849 section 3.4.4 (PLAINTEXT).
 */
final class HealtheIntentDoor {
  /** As {@code oauth_expires_in} tells it. */
  static final Duration LIFETIME = Duration.ofSeconds(3600);

  private static final int LONGEST_USE = 86_400;
  private static final Pattern PARAMETER = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  private record Token(String secret, Instant expires) {}

  /**
   * The system account.
   *
   * @param consumerKey of OAuth 1.0a
   */
  record Account(String bearer, String consumerKey, String consumerSecret) {}

  private final Account account;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Token> tokens = new HashMap<>();

  HealtheIntentDoor(Account account, Clock clock) {
    this.account = account;
    this.clock = clock;
  }

  /** {@code POST /oauth/access}. */
  Answer access(Request request) {
    Map<String, String> asked = parameters(request);
    boolean known =
        request.method().equals("POST")
            && same(asked.get("oauth_consumer_key"), account.consumerKey())
            && same(asked.get("oauth_signature_method"), "PLAINTEXT")
            && same(asked.get("oauth_signature"), encode(account.consumerSecret()) + "&");
    if (!known) {
      return Answer.text(401, "oauth_problem=consumer_key_rejected").because("wrong signature");
    }
    Instant now = clock.instant();
    tokens.values().removeIf(token -> !now.isBefore(token.expires()));
    String token = random();
    String secret = random();
    tokens.put(token, new Token(secret, now.plus(LIFETIME)));
    String form =
        "oauth_token="
            + encode(token)
            + "&oauth_token_secret="
            + encode(secret)
            + "&oauth_expires_in="
            + LIFETIME.toSeconds()
            + "&oauth_authorization_expires_in="
            + LONGEST_USE;
    return Answer.of(
        200,
        "application/x-www-form-urlencoded",
        Buffer.buffer(form.getBytes(StandardCharsets.UTF_8)));
  }

  boolean admits(Request request) {
    String header = request.header("Authorization").orElse("");
    if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return same(header.substring(7).strip(), account.bearer());
    }
    Map<String, String> signed = parameters(request);
    Optional<Token> token =
        Optional.ofNullable(tokens.get(signed.getOrDefault("oauth_token", "")))
            .filter(held -> clock.instant().isBefore(held.expires()));
    return token.isPresent()
        && same(signed.get("oauth_consumer_key"), account.consumerKey())
        && same(signed.get("oauth_signature_method"), "PLAINTEXT")
        && same(
            signed.get("oauth_signature"),
            encode(account.consumerSecret()) + "&" + encode(token.get().secret()));
  }

  /** No OAuth token is good any more; the bearer token is. */
  void expireAll() {
    tokens.clear();
  }

  static Answer refusal() {
    ObjectNode body = HealtheIntentServer.error(401, "Unauthorized");
    return Answer.json(401, body)
        .with("WWW-Authenticate", "Bearer realm=127.0.0.1, OAuth realm=127.0.0.1")
        .because("no good token");
  }

  private static Map<String, String> parameters(Request request) {
    Map<String, String> parameters = new HashMap<>();
    String header = request.header("Authorization").orElse("");
    if (header.regionMatches(true, 0, "OAuth ", 0, 6)) {
      Matcher each = PARAMETER.matcher(header);
      while (each.find()) {
        parameters.put(each.group(1), URLDecoder.decode(each.group(2), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private String random() {
    byte[] bytes = new byte[18];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static boolean same(@Nullable String given, String expected) {
    return given != null
        && MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }
}
