package org.millrace.guard;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;

/**
 * Reads what an issuer publishes: where its keys are, and the keys. Follows no redirect, and takes
 * a megabyte at most. Thread-safe. Source: OpenID Connect Discovery 1.0, 4; RFC 7517.
 */
final class IssuerDocuments {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final int MOST = 1024 * 1024;

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(WITHIN)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * What the issuer says of itself.
   *
   * @throws IOException if it cannot be read, or is of another issuer
   */
  AuthorizationServer server(URI issuer) throws IOException {
    URI at = URI.create(issuer + "/.well-known/openid-configuration");
    try {
      Map<String, Object> read = JSONObjectUtils.parse(text(at));
      String named = text(read, "issuer");
      if (!withoutSlash(named).equals(issuer.toString())) {
        throw new IOException("what is at " + at + " is of another issuer");
      }
      return new AuthorizationServer(
          issuer, address(read, "token_endpoint", at), address(read, "jwks_uri", at));
    } catch (ParseException unreadable) {
      throw new IOException("what is at " + at + " is no description of an issuer", unreadable);
    }
  }

  /** Tokens of some issuers name it with a slash at the end. */
  static String withoutSlash(String issuer) {
    return issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
  }

  private static String text(Map<String, Object> read, String name) {
    return read.get(name) instanceof String text ? text : "";
  }

  private static URI address(Map<String, Object> read, String name, URI at) throws IOException {
    String text = text(read, name);
    try {
      URI address = URI.create(text);
      if (address.getHost() != null
          && ("https".equals(address.getScheme()) || address.getScheme().equals(at.getScheme()))) {
        return address;
      }
    } catch (IllegalArgumentException none) {
      throw new IOException(name + " of " + at + " is no address", none);
    }
    throw new IOException(name + " of " + at + " is no address that is as safe as its own");
  }

  /**
   * The keys at an address.
   *
   * @throws IOException if they cannot be read
   */
  JWKSet keys(URI at) throws IOException {
    try {
      return JWKSet.parse(text(at)).toPublicJWKSet();
    } catch (ParseException unreadable) {
      throw new IOException("what is at " + at + " is no set of keys", unreadable);
    }
  }

  private String text(URI at) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(at).timeout(WITHIN).header("Accept", "application/json").build();
    try {
      HttpResponse<InputStream> answer =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        byte[] bytes = body.readNBytes(MOST + 1);
        if (answer.statusCode() != 200 || bytes.length > MOST) {
          throw new IOException(at + " answers " + answer.statusCode());
        }
        return new String(bytes, StandardCharsets.UTF_8);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", stopped);
    }
  }
}
