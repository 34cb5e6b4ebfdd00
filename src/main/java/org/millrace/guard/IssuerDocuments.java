package org.millrace.guard;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;

/**
 * Reads what an issuer publishes: where its keys are, and the keys. Thread-safe. Source: OpenID
 * Connect Discovery 1.0, 4; RFC 7517.
 */
final class IssuerDocuments {
  private final LimitedHttp http;

  IssuerDocuments() {
    this(LimitedHttp.WITHIN);
  }

  /**
   * @param within until all of a document must have been read
   */
  IssuerDocuments(Duration within) {
    this.http = new LimitedHttp(within);
  }

  /**
   * An issuer as it says.
   *
   * @param text all that it says, as JSON
   */
  record Described(AuthorizationServer server, String text) {}

  /**
   * What the issuer says of itself.
   *
   * @throws IOException if it cannot be read, or is of another issuer
   */
  Described described(URI issuer) throws IOException {
    URI at = URI.create(issuer + "/.well-known/openid-configuration");
    try {
      String text = text(at);
      Map<String, Object> read = JSONObjectUtils.parse(text);
      String named = text(read, "issuer");
      if (!withoutSlash(named).equals(issuer.toString())) {
        throw new IOException("what is at " + at + " is of another issuer");
      }
      return new Described(
          new AuthorizationServer(
              issuer, address(read, "token_endpoint", at), address(read, "jwks_uri", at)),
          text);
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
    try {
      URI address = URI.create(text(read, name));
      if (isAsSafe(address, at)) {
        return address;
      }
    } catch (IllegalArgumentException none) {
      throw new IOException(name + " of " + at + " is no address", none);
    }
    throw new IOException(name + " of " + at + " is no address that is as safe as its own");
  }

  /** Whether what goes there is as safe on its way as what goes to the other address. */
  static boolean isAsSafe(URI address, URI as) {
    return address.getHost() != null
        && ("https".equals(address.getScheme()) || as.getScheme().equals(address.getScheme()));
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
    LimitedHttp.Answer answer = http.ask(HttpRequest.newBuilder(at));
    if (answer.status() != 200) {
      throw new IOException(at + " answers " + answer.status());
    }
    return answer.body();
  }
}
