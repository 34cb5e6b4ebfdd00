package org.millrace.guard;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * An OpenID provider that tests play: it lets in whoever asks, as one person, and is as strict with
 * codes as a good one. What it answers can be spoiled piece by piece. It is at {@code localhost},
 * so that to a browser it is another site than a console at 127.0.0.1.
 */
public final class PlayedProvider implements AutoCloseable {
  public static final String CLIENT = "millrace";

  /** With signs that must be encoded, and long enough to sign with. */
  public static final String SECRET = "a secret: 100 % long enough for an HMAC + of 256 bits";

  /** Makes a token of claims. */
  @FunctionalInterface
  public interface Signing {
    String sign(JWTClaimsSet claims) throws JOSEException;
  }

  private final RSAKey key = key("one", 2048);
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private final Map<String, HttpHandler> instead = new ConcurrentHashMap<>();

  /** The forms that its token endpoint was sent. */
  public final List<Map<String, String>> redeemed = new CopyOnWriteArrayList<>();

  /** What it says of itself, by name. */
  public final Map<String, Object> said = new TreeMap<>();

  /** What the browser brings back in place of what would be there; empty texts leave one out. */
  public final Map<String, String> brought = new ConcurrentHashMap<>();

  private volatile JWKSet keys = new JWKSet(key.toPublicJWK());
  private volatile UnaryOperator<JWTClaimsSet.Builder> claims = UnaryOperator.identity();
  private volatile Signing signing = set -> signed(key, set);

  public PlayedProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(threads);
    said.put("issuer", issuer());
    said.put("authorization_endpoint", issuer() + "/authorize");
    said.put("token_endpoint", issuer() + "/token");
    said.put("jwks_uri", issuer() + "/keys");
    said.put("end_session_endpoint", issuer() + "/end");
    said.put("response_types_supported", List.of("code"));
    said.put("subject_types_supported", List.of("public"));
    said.put("id_token_signing_alg_values_supported", List.of("RS256"));
    serve(
        "/.well-known/openid-configuration",
        exchange -> send(exchange, 200, JSONObjectUtils.toJSONString(said)));
    serve("/keys", exchange -> send(exchange, 200, keys.toString()));
    serve("/authorize", this::authorize);
    serve("/token", this::token);
    serve(
        "/end",
        exchange ->
            send(
                exchange,
                200,
                "<!doctype html><link rel=\"icon\" href=\"data:,\">Logged out there."));
    server.start();
  }

  public String issuer() {
    return "http://localhost:" + server.getAddress().getPort() + "/realm";
  }

  /** As a console is told of it. */
  public ProviderSettings settings() {
    return settings(
        "groups",
        "admin=hl7-admins; operator=hl7-operators; analyst=hl7-analysts;" + " viewer=hl7-readers");
  }

  public ProviderSettings settings(String claim, String roles) {
    return new ProviderSettings(
        URI.create(issuer()),
        new ProviderSettings.Client(CLIENT, SECRET, List.of("openid", "profile")),
        ProviderSettings.Roles.read(claim, roles),
        "preferred_username",
        "Hospital ID");
  }

  /** The key it signs with. */
  public RSAKey key() {
    return key;
  }

  /** Signs with these keys from now on, and publishes the public ones. */
  public void keys(JWKSet others) {
    keys = others.toPublicJWKSet();
  }

  /** Changes the claims of tokens. */
  public void claims(UnaryOperator<JWTClaimsSet.Builder> change) {
    claims = change;
  }

  public void signing(Signing other) {
    signing = other;
  }

  /** Answers otherwise below a path, {@code /token}. */
  public void instead(String path, HttpHandler other) {
    instead.put(path, other);
  }

  public void asBefore(String path) {
    instead.remove(path);
  }

  public static RSAKey key(String id, int bits) {
    try {
      return new RSAKeyGenerator(bits, true).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String signed(RSAKey key, JWTClaimsSet claims) throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
    jwt.sign(new RSASSASigner(key, true));
    return jwt.serialize();
  }

  public static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", text.startsWith("<") ? "text/html" : "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  public static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(303, -1);
    exchange.close();
  }

  private void serve(String path, HttpHandler handler) {
    server.createContext(
        "/realm" + path, exchange -> instead.getOrDefault(path, handler).handle(exchange));
  }

  /** Where a browser goes on to that came with this query. */
  private String answered(String rawQuery) {
    Map<String, String> asked = form(rawQuery);
    Set<String> all = Set.of("state", "nonce", "code_challenge", "redirect_uri", "scope");
    if (!asked.keySet().containsAll(all)
        || !CLIENT.equals(asked.get("client_id"))
        || !"code".equals(asked.get("response_type"))
        || !"S256".equals(asked.get("code_challenge_method"))) {
      throw new IllegalArgumentException("what a strict provider would not take: " + asked);
    }
    String code = UUID.randomUUID().toString();
    codes.put(code, asked);
    Map<String, String> answer = new TreeMap<>(Map.of("code", code, "state", at(asked, "state")));
    answer.putAll(brought);
    return at(asked, "redirect_uri")
        + "?"
        + answer.entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
  }

  /** Asks the console for something. */
  @FunctionalInterface
  public interface Asking {
    HttpResponse<String> get(String path) throws Exception;
  }

  /** Goes the whole way as a browser does, and tells what the console answers at its end. */
  public HttpResponse<String> logIn(Asking browser, String root) throws Exception {
    return browser.get(begun(browser, root, ""));
  }

  /**
   * The same up to where the browser is sent back.
   *
   * @param root of the console
   * @param to the query of the link
   * @return where it would go to, without the root
   */
  public String begun(Asking browser, String root, String to) throws Exception {
    HttpResponse<String> begun = browser.get("/log-in/oidc" + to);
    String at = begun.headers().firstValue("Location").orElse("");
    String back = answered(at.replace(issuer() + "/authorize?", ""));
    if (begun.statusCode() != 303 || !back.startsWith(root + "/log-in/oidc/back?")) {
      throw new IOException("the log-in leads from " + at + " to " + back);
    }
    return back.substring(root.length());
  }

  /** As real ones, it has a page that somebody presses something on. */
  private void authorize(HttpExchange exchange) throws IOException {
    String back = answered(exchange.getRequestURI().getRawQuery());
    send(
        exchange,
        200,
        "<!doctype html><link rel=\"icon\" href=\"data:,\"><title>Hospital ID</title><a id=\"yes\" href=\""
            + back.replace("&", "&amp;")
            + "\">It is me</a>");
  }

  private void token(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> form = form(body);
    String basic = exchange.getRequestHeaders().getFirst("Authorization");
    if (basic != null) {
      form.put("Authorization", basic);
    }
    redeemed.add(form);
    Map<String, String> asked = codes.remove(at(form, "code"));
    if (!isClient(form)) {
      send(exchange, 401, "{\"error\":\"invalid_client\"}");
    } else if (asked == null
        || !at(form, "redirect_uri").equals(at(asked, "redirect_uri"))
        || !challenge(at(form, "code_verifier")).equals(at(asked, "code_challenge"))) {
      send(exchange, 400, "{\"error\":\"invalid_grant\"}");
    } else {
      send(exchange, 200, tokens(at(asked, "nonce")));
    }
  }

  private static boolean isClient(Map<String, String> form) {
    String basic =
        Base64.getEncoder()
            .encodeToString(
                (encoded(CLIENT) + ":" + encoded(SECRET)).getBytes(StandardCharsets.UTF_8));
    return form.containsKey("Authorization")
        ? at(form, "Authorization").equals("Basic " + basic) && !form.containsKey("client_secret")
        : at(form, "client_id").equals(CLIENT) && at(form, "client_secret").equals(SECRET);
  }

  private String tokens(String nonce) {
    Instant now = Clock.systemUTC().instant();
    JWTClaimsSet.Builder set =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .audience(CLIENT)
            .subject("248289761001")
            .claim("preferred_username", "ana")
            .claim("groups", List.of("staff", "hl7-admins"))
            .claim("nonce", nonce)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(300)));
    try {
      String token = signing.sign(claims.apply(set).build());
      return "{\"access_token\":\"an-access-token\",\"token_type\":\"Bearer\",\"id_token\":\"%s\"}"
          .formatted(token);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String at(Map<String, String> form, String name) {
    return form.getOrDefault(name, "");
  }

  private static Map<String, String> form(String text) {
    Map<String, String> form = new TreeMap<>();
    for (String pair : text.split("&")) {
      String[] parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
