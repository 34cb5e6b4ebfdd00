package org.millrace.guard;

import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenID provider, as it says of itself. That is read anew before each log-in if it is a minute
 * old, so that who clicks is told that it is down and not sent there. Thread-safe. Source: OpenID
 * Connect Discovery 1.0, 3.
 */
final class Provider {
  private static final Logger LOG = LoggerFactory.getLogger(Provider.class);

  private static final int LEAST_RSA_BITS = 2048;

  private final URI issuer;
  private final IssuerKeys keys;

  /**
   * @param issuer as the setting names it
   */
  Provider(URI issuer, IssuerKeys keys) {
    this.issuer = issuer;
    this.keys = keys;
  }

  Provider(URI issuer, Clock clock) {
    this(issuer, new IssuerKeys(issuer, new IssuerDocuments(), clock));
  }

  /** What it says; empty if it cannot be reached, or says what nobody can be logged in by. */
  Optional<OIDCProviderMetadata> lately() {
    Optional<IssuerDocuments.Described> said = keys.lately();
    if (said.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(issuer, said.get().text()));
    } catch (IOException unfit) {
      LOG.warn("nobody can log in by the provider: {}", unfit.getMessage());
      return Optional.empty();
    }
  }

  /** Where somebody logs out there, if it says so. It is not asked. */
  Optional<URI> endSession() {
    try {
      return keys.said().isEmpty()
          ? Optional.empty()
          : Optional.ofNullable(read(issuer, keys.said().get().text()).getEndSessionEndpointURI());
    } catch (IOException unfit) {
      return Optional.empty();
    }
  }

  /** Whether it could not be reached when it was last tried. */
  boolean failing() {
    return keys.failing();
  }

  /** The keys that a token may be signed with; empty if it is not known which keys there are. */
  Optional<List<JWK>> keys(JWKMatcher wanted) {
    return keys.matching(wanted);
  }

  /**
   * Reads what a provider says.
   *
   * @throws IOException if nobody can be logged in by that
   */
  static OIDCProviderMetadata read(URI issuer, String said) throws IOException {
    OIDCProviderMetadata read;
    try {
      read = OIDCProviderMetadata.parse(said);
    } catch (ParseException unreadable) {
      throw new IOException("its document cannot be read: " + unreadable.getMessage(), unreadable);
    }
    URI logIn = read.getAuthorizationEndpointURI();
    if (logIn == null || !IssuerDocuments.isAsSafe(logIn, issuer)) {
      throw new IOException("its authorization_endpoint is no address that is as safe as its own");
    }
    URI logOut = read.getEndSessionEndpointURI();
    if (logOut != null && !IssuerDocuments.isAsSafe(logOut, issuer)) {
      throw new IOException("its end_session_endpoint is no address that is as safe as its own");
    }
    if (method(read) == null) {
      throw new IOException(
          "its token_endpoint_auth_methods_supported are neither client_secret_basic nor"
              + " client_secret_post");
    }
    return read;
  }

  /** Whether a key is one that is taken: a pair, and too long to be tried out. */
  static boolean isStrong(JWK key) {
    return key instanceof AsymmetricJWK
        && (!key.getKeyType().equals(KeyType.RSA) || key.size() >= LEAST_RSA_BITS);
  }

  /** How the secret is shown to it; null if it takes none. */
  static @Nullable ClientAuthenticationMethod method(OIDCProviderMetadata provider) {
    List<ClientAuthenticationMethod> taken = provider.getTokenEndpointAuthMethods();
    // RFC 8414, 2: where it is left out, it is basic.
    if (taken == null || taken.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)) {
      return ClientAuthenticationMethod.CLIENT_SECRET_BASIC;
    }
    return taken.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)
        ? ClientAuthenticationMethod.CLIENT_SECRET_POST
        : null;
  }
}
