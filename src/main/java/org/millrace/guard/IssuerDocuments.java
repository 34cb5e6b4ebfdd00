package org.millrace.guard;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Reads what an issuer publishes: where its keys are, and the keys. Follows no redirect, takes a
 * megabyte at most, and waits five seconds at most for all of it. Thread-safe. Source: OpenID
 * Connect Discovery 1.0, 4; RFC 7517.
 */
final class IssuerDocuments {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final int MOST = 1024 * 1024;

  private final Duration within;
  private final HttpClient http;

  IssuerDocuments() {
    this(WITHIN);
  }

  /**
   * @param within until all of a document must have been read
   */
  IssuerDocuments(Duration within) {
    this.within = within;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(within)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

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
          && ("https".equals(address.getScheme()) || at.getScheme().equals(address.getScheme()))) {
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

  /** The time of a request would end with the headers: an issuer could stall within the body. */
  private String text(URI at) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(at).timeout(within).header("Accept", "application/json").build();
    Beginning body = new Beginning();
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArrayConsumer(body));
    try {
      int status = answer.get(within.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      if (status != 200) {
        throw new IOException(at + " answers " + status);
      }
      return body.text(at);
    } catch (TimeoutException stalled) {
      throw new IOException(at + " did not answer within " + within.toMillis() + " ms", stalled);
    } catch (ExecutionException failed) {
      throw new IOException(at + " cannot be read: " + failed.getCause(), failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", stopped);
    } finally {
      answer.cancel(true);
    }
  }

  /** Keeps what is taken at most of a body; the client hands it over piece by piece. */
  private static final class Beginning implements Consumer<Optional<byte[]>> {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public void accept(Optional<byte[]> piece) {
      piece.ifPresent(
          bytes -> kept.write(bytes, 0, Math.min(bytes.length, MOST + 1 - kept.size())));
    }

    String text(URI at) throws IOException {
      if (kept.size() > MOST) {
        throw new IOException("what is at " + at + " is longer than " + MOST + " bytes");
      }
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}
