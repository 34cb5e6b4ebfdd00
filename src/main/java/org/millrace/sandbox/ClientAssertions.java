package org.millrace.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.Key;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the assertions by which a client proves who it is, against the keys registered for it.
 *
 * <p>Source: SMART App Launch 2, asymmetric authentication; RFC 7523, section 3.
 */
final class ClientAssertions {
  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Set<JWSAlgorithm> TAKEN = Set.of(JWSAlgorithm.RS384, JWSAlgorithm.ES384);

  private final String clientId;
  private final JWKSet registered;
  private final Clock clock;

  /** Ids of assertions that came, until they would have expired anyway. */
  private final Map<String, Instant> used = new HashMap<>();

  /**
   * @param registered a JWK Set of public keys; empty: none is registered
   * @throws IllegalArgumentException if it is no JWK Set
   */
  ClientAssertions(String clientId, Optional<String> registered, Clock clock) {
    this.clientId = clientId;
    this.clock = clock;
    try {
      this.registered =
          registered.isEmpty() ? new JWKSet() : JWKSet.parse(registered.get()).toPublicJWKSet();
    } catch (ParseException e) {
      throw new IllegalArgumentException("the registered keys are no JWK Set");
    }
  }

  /**
   * Why an assertion is not taken, for the request log; empty if it is.
   *
   * @param audiences the addresses of this token server
   */
  Optional<String> fault(String assertion, List<String> audiences) {
    try {
      SignedJWT jwt = SignedJWT.parse(assertion);
      Optional<String> unsigned = signature(jwt);
      return unsigned.isPresent() ? unsigned : claims(jwt.getJWTClaimsSet(), audiences);
    } catch (ParseException | IllegalArgumentException e) {
      return Optional.of("the assertion is no signed JWT");
    } catch (JOSEException e) {
      return Optional.of("the signature cannot be checked");
    }
  }

  private Optional<String> signature(SignedJWT jwt) throws JOSEException {
    if (!TAKEN.contains(jwt.getHeader().getAlgorithm())) {
      return Optional.of("the algorithm is neither RS384 nor ES384");
    }
    if (jwt.getHeader().getType() != null
        && !JOSEObjectType.JWT.equals(jwt.getHeader().getType())) {
      return Optional.of("the typ is not JWT");
    }
    JWK key = registered.getKeyByKeyId(jwt.getHeader().getKeyID());
    if (key == null) {
      return Optional.of("no key with this kid is registered");
    }
    Key publicKey =
        key instanceof RSAKey rsa ? rsa.toRSAPublicKey() : ((ECKey) key).toECPublicKey();
    boolean good =
        jwt.verify(new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(), publicKey));
    return good ? Optional.empty() : Optional.of("the signature is not of the registered key");
  }

  private Optional<String> claims(JWTClaimsSet claims, List<String> audiences) {
    if (!clientId.equals(claims.getIssuer()) || !clientId.equals(claims.getSubject())) {
      return Optional.of("iss and sub are not both the client id");
    }
    if (claims.getAudience().stream().noneMatch(audiences::contains)) {
      return Optional.of("aud is not this token URL");
    }
    return times(claims).or(() -> again(claims));
  }

  private Optional<String> times(JWTClaimsSet claims) {
    Instant now = clock.instant();
    Date expires = claims.getExpirationTime();
    if (expires == null || !now.isBefore(expires.toInstant())) {
      return Optional.of("exp is missing or past");
    }
    if (expires.toInstant().isAfter(now.plus(LONGEST))) {
      return Optional.of("exp is more than five minutes ahead");
    }
    Date issued = claims.getIssueTime();
    Date from = claims.getNotBeforeTime();
    boolean early =
        (issued != null && issued.toInstant().isAfter(now))
            || (from != null && from.toInstant().isAfter(now));
    return early ? Optional.of("iat or nbf is in the future") : Optional.empty();
  }

  private Optional<String> again(JWTClaimsSet claims) {
    String id = claims.getJWTID();
    if (id == null || id.isBlank()) {
      return Optional.of("jti is missing");
    }
    Instant now = clock.instant();
    used.values().removeIf(expires -> !now.isBefore(expires));
    Instant before = used.putIfAbsent(id, claims.getExpirationTime().toInstant());
    return before == null ? Optional.empty() : Optional.of("this jti came before");
  }
}
