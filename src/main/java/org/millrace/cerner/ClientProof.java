package org.millrace.cerner;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;

/**
 * How a request for a token proves who asks.
 *
 * @param headers to send with it
 * @param form what follows in the body, from the ampersand on; empty if nothing
 */
record ClientProof(Map<String, String> headers, String form) {
  private static final String BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /**
   * An assertion may be valid for five minutes. They lie around now, so that either clock may be
   * two minutes wrong in either direction: it is not from the future there, not expired, and does
   * not end too far ahead.
   */
  static final Duration EITHER_WAY = Duration.ofSeconds(150);

  /**
   * @param tokenUrl whom an assertion is meant for
   * @param now by the clock of the authorization server, as far as it is known
   */
  static ClientProof of(CernerSettings settings, URI tokenUrl, Instant now) {
    return settings
        .clientKey()
        .map(key -> assertion(key, settings.clientId(), tokenUrl, now))
        .orElseGet(() -> secret(settings));
  }

  /** Source: RFC 6749 section 2.3.1. */
  private static ClientProof secret(CernerSettings settings) {
    ClientSecretBasic basic =
        new ClientSecretBasic(
            new ClientID(settings.clientId()), new Secret(settings.clientSecret()));
    return new ClientProof(Map.of("Authorization", basic.toHTTPAuthorizationHeader()), "");
  }

  /** Source: SMART App Launch 2, asymmetric authentication; RFC 7523 sections 2.2 and 3. */
  private static ClientProof assertion(ClientKey key, String clientId, URI tokenUrl, Instant now) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(clientId)
            .subject(clientId)
            .audience(tokenUrl.toString())
            .issueTime(Date.from(now.minus(EITHER_WAY)))
            .expirationTime(Date.from(now.plus(EITHER_WAY)))
            .jwtID(UUID.randomUUID().toString())
            .build();
    return new ClientProof(
        Map.of(),
        "&client_assertion_type="
            + FhirAddresses.encoded(BEARER)
            + "&client_assertion="
            + key.signed(claims));
  }

  /** Without what it proves by. */
  @Override
  public String toString() {
    return "ClientProof";
  }
}
