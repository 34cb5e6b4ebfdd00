package org.millrace.cerner;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;

/**
 * One key pair of the system account. The algorithm follows from the kind of key: RS384 for RSA of
 * 2048 bits or more, ES384 for elliptic curve P-384; Cerner takes no other. Immutable. Source:
 * SMART App Launch 2, asymmetric authentication; RFC 7517, 7518.
 */
public final class ClientKey {
  private static final int LEAST_RSA_BITS = 2048;

  private final JWK pair;
  private final JWSAlgorithm algorithm;
  private final JWSSigner signer;

  private ClientKey(JWK pair, JWSAlgorithm algorithm, JWSSigner signer) {
    this.pair = pair;
    this.algorithm = algorithm;
    this.signer = signer;
  }

  /**
   * @throws IllegalArgumentException with the end of a sentence that begins with the key; nothing
   *     of the key is in it
   */
  static ClientKey of(JWK found) {
    JWSAlgorithm algorithm = algorithm(found);
    if (!found.isPrivate()) {
      throw new IllegalArgumentException("holds a public key only; the private one is needed");
    }
    if (found.getAlgorithm() != null && !found.getAlgorithm().equals(algorithm)) {
      throw new IllegalArgumentException(
          "says alg "
              + found.getAlgorithm().getName()
              + " of a key that signs with "
              + algorithm.getName());
    }
    try {
      JWK pair = described(found, algorithm);
      JWSSigner signer =
          pair instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(pair.toECKey());
      if (!isPair(pair, algorithm, signer)) {
        throw new IllegalArgumentException("holds a private and a public key of different pairs");
      }
      return new ClientKey(pair, algorithm, signer);
    } catch (JOSEException e) {
      // The text could quote the key.
      throw new IllegalArgumentException("holds a key that cannot sign");
    }
  }

  private static JWSAlgorithm algorithm(JWK found) {
    if (found instanceof RSAKey rsa && rsa.size() >= LEAST_RSA_BITS) {
      return JWSAlgorithm.RS384;
    }
    if (found instanceof ECKey elliptic && elliptic.getCurve().equals(Curve.P_384)) {
      return JWSAlgorithm.ES384;
    }
    throw new IllegalArgumentException(
        "holds a key that Cerner does not take; it takes RSA of 2048 bits or more, and EC P-384");
  }

  /** Whoever names no id is known by the thumbprint of RFC 7638. */
  private static JWK described(JWK found, JWSAlgorithm algorithm) throws JOSEException {
    String id =
        found.getKeyID() == null || found.getKeyID().isBlank()
            ? found.computeThumbprint().toString()
            : found.getKeyID();
    return found instanceof RSAKey rsa
        ? new RSAKey.Builder(rsa)
            .keyID(id)
            .algorithm(algorithm)
            .keyUse(KeyUse.SIGNATURE)
            .keyOperations(null)
            .build()
        : new ECKey.Builder(found.toECKey())
            .keyID(id)
            .algorithm(algorithm)
            .keyUse(KeyUse.SIGNATURE)
            .keyOperations(null)
            .build();
  }

  /** Else every token would be refused, and the file would look right. */
  private static boolean isPair(JWK pair, JWSAlgorithm algorithm, JWSSigner signer)
      throws JOSEException {
    byte[] probe = pair.getKeyID().getBytes(StandardCharsets.UTF_8);
    JWSHeader header = new JWSHeader(algorithm);
    Base64URL signature = signer.sign(header, probe);
    return pair instanceof RSAKey rsa
        ? new RSASSAVerifier(rsa.toRSAPublicKey()).verify(header, probe, signature)
        : new ECDSAVerifier(pair.toECKey().toECPublicKey()).verify(header, probe, signature);
  }

  /** The {@code kid} by which it is registered. */
  public String id() {
    return pair.getKeyID();
  }

  /** {@code RS384} or {@code ES384}. */
  public String algorithm() {
    return algorithm.getName();
  }

  JWK pair() {
    return pair;
  }

  String signed(JWTClaimsSet claims) {
    JWSHeader header =
        new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(id()).build();
    SignedJWT jwt = new SignedJWT(header, claims);
    try {
      jwt.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that could sign can do so no more", e);
    }
    return jwt.serialize();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientKey key && key.pair.equals(pair);
  }

  @Override
  public int hashCode() {
    return id().hashCode();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ClientKey[" + id() + ", " + algorithm() + "]";
  }
}
