package org.millrace.cerner;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * A private key as PEM, of which the public one is calculated: the file need not hold it. Source:
 * RFC 7468, RFC 5915.
 */
final class PemKey {
  private static final String NO_KEY = "holds no private key as JSON (JWK) or PEM";
  private static final int P384_BITS = 384;

  private PemKey() {}

  /**
   * @throws IllegalArgumentException with the end of a sentence that begins with the file
   */
  static JWK read(String text) {
    try (PemReader reader = new PemReader(new StringReader(text))) {
      PrivateKey key = new JcaPEMKeyConverter().getPrivateKey(privateKey(reader));
      if (key instanceof RSAPrivateCrtKey rsa) {
        return rsa(rsa);
      }
      if (key instanceof java.security.interfaces.ECPrivateKey elliptic
          && elliptic.getParams().getOrder().bitLength() == P384_BITS) {
        return elliptic(elliptic);
      }
      throw new IllegalArgumentException(
          "holds a key that Cerner does not take; it takes RSA of 2048 bits or more, and EC P-384");
    } catch (IOException | GeneralSecurityException | IllegalStateException e) {
      // The text could quote the key.
      throw new IllegalArgumentException("holds PEM that cannot be read");
    }
  }

  /** OpenSSL writes the name of the curve in front of an EC key. */
  private static PrivateKeyInfo privateKey(PemReader reader) throws IOException {
    for (PemObject found = next(reader); found != null; found = next(reader)) {
      if (found.getType().equals("ENCRYPTED PRIVATE KEY") || !found.getHeaders().isEmpty()) {
        throw new IllegalArgumentException(
            "holds a key with a password; write it without one, readable by the engine's user alone");
      }
      byte[] bytes = found.getContent();
      switch (found.getType()) {
        case "PRIVATE KEY":
          return pkcs8(decoded(bytes));
        case "RSA PRIVATE KEY":
          return new PrivateKeyInfo(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
              decoded(bytes));
        case "EC PRIVATE KEY":
          return elliptic(decoded(bytes));
        default: // the curve, a certificate
      }
    }
    throw new IllegalArgumentException(NO_KEY);
  }

  private static ASN1Primitive decoded(byte[] bytes) throws IOException {
    ASN1Primitive decoded = ASN1Primitive.fromByteArray(bytes);
    if (decoded instanceof ASN1Sequence) {
      return decoded;
    }
    throw new IOException("no key in the PEM");
  }

  private static PrivateKeyInfo pkcs8(ASN1Primitive key) throws IOException {
    try {
      return PrivateKeyInfo.getInstance(key);
    } catch (IllegalArgumentException e) {
      throw new IOException("no PKCS#8 key in the PEM");
    }
  }

  private static PrivateKeyInfo elliptic(ASN1Primitive key) throws IOException {
    try {
      ECPrivateKey found = ECPrivateKey.getInstance(key);
      return new PrivateKeyInfo(
          new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, found.getParametersObject()),
          found);
    } catch (IllegalArgumentException e) {
      throw new IOException("no EC key in the PEM");
    }
  }

  private static @Nullable PemObject next(PemReader reader) throws IOException {
    return reader.readPemObject();
  }

  private static JWK rsa(RSAPrivateCrtKey key) throws GeneralSecurityException {
    RSAPublicKeySpec spec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
    RSAPublicKey publicKey = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
    return new RSAKey.Builder(publicKey).privateKey(key).build();
  }

  private static JWK elliptic(java.security.interfaces.ECPrivateKey key) {
    BigInteger secret = key.getS();
    ECPoint point = CustomNamedCurves.getByName("P-384").getG().multiply(secret).normalize();
    return new ECKey.Builder(
            Curve.P_384,
            ECKey.encodeCoordinate(P384_BITS, point.getAffineXCoord().toBigInteger()),
            ECKey.encodeCoordinate(P384_BITS, point.getAffineYCoord().toBigInteger()))
        .privateKey(key)
        .build();
  }
}
