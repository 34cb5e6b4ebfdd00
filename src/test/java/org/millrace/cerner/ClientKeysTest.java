package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.StringWriter;
import java.security.PrivateKey;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientKeysTest {
  private static String pem(Object key) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      if (key instanceof PemObject object) {
        ((PemWriter) writer).writeObject(object);
      } else {
        writer.writeObject(key);
      }
    }
    return text.toString();
  }

  /** With the curve in front of the key, as {@code openssl ecparam -genkey} writes it. */
  private static String openSsl(ECKey key) throws Exception {
    ASN1ObjectIdentifier curve =
        key.getCurve().equals(Curve.P_384)
            ? SECObjectIdentifiers.secp384r1
            : SECObjectIdentifiers.secp256r1;
    int bits = key.getCurve().equals(Curve.P_384) ? 384 : 256;
    byte[] secret = new ECPrivateKey(bits, key.getD().decodeToBigInteger(), curve).getEncoded();
    return pem(new PemObject("EC PARAMETERS", curve.getEncoded()))
        + pem(new PemObject("EC PRIVATE KEY", secret));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES384", "RS384"})
  void aNewKeyComesBackFromItsFileAndShowsNothingPrivateToCerner(String algorithm)
      throws Exception {
    ClientKeys keys = new ClientKeys(List.of(ClientKeys.fresh("2026-11", algorithm)));

    ClientKeys read = ClientKeys.parse(keys.privateSet());

    assertThat(read).isEqualTo(keys);
    assertThat(read.keys().get(0).algorithm()).isEqualTo(algorithm);
    JsonNode registered = new JsonMapper().readTree(keys.publicSet()).path("keys");
    assertThat(registered).hasSize(1);
    assertThat(registered.get(0).path("kid").asText()).isEqualTo("2026-11");
    assertThat(registered.get(0).path("alg").asText()).isEqualTo(algorithm);
    assertThat(registered.get(0).path("use").asText()).isEqualTo("sig");
    for (String secret : List.of("d", "p", "q", "dp", "dq", "qi")) {
      assertThat(registered.get(0).has(secret)).as(secret).isFalse();
    }
    assertThat(keys.toString() + keys.keys())
        .doesNotContain(new JsonMapper().readTree(keys.privateSet()).at("/keys/0/d").asText());
  }

  @Test
  void aPrivateKeyAsPemIsEnoughAndIsCalledByItsThumbprint() throws Exception {
    ECKey elliptic = new ECKeyGenerator(Curve.P_384).generate();
    RSAKey rsa = new RSAKeyGenerator(2048).generate();
    PrivateKey ecPrivate = elliptic.toECPrivateKey();
    PrivateKey rsaPrivate = rsa.toRSAPrivateKey();

    for (String form : List.of(openSsl(elliptic), pem(new JcaPKCS8Generator(ecPrivate, null)))) {
      ClientKey key = ClientKeys.parse(form).keys().get(0);
      assertThat(key.algorithm()).isEqualTo("ES384");
      assertThat(key.id()).isEqualTo(elliptic.computeThumbprint().toString());
    }
    for (Object form : List.of(rsaPrivate, new JcaPKCS8Generator(rsaPrivate, null))) {
      ClientKey key = ClientKeys.parse(pem(form)).keys().get(0);
      assertThat(key.algorithm()).isEqualTo("RS384");
      assertThat(key.id()).isEqualTo(rsa.computeThumbprint().toString());
    }
  }

  @Test
  void whatCannotSignForCernerIsToldInWordsWithoutTheKey() throws Exception {
    ECKey good = new ECKeyGenerator(Curve.P_384).generate();
    ECKey other = new ECKeyGenerator(Curve.P_384).generate();
    RSAKey rsa = new RSAKeyGenerator(2048).generate();

    refused(new ECKeyGenerator(Curve.P_256).generate().toJSONString(), "EC P-384");
    refused(new RSAKeyGenerator(1024, true).generate().toJSONString(), "RSA of 2048 bits");
    refused(good.toPublicJWK().toJSONString(), "public key only");
    refused(
        new ECKey.Builder(Curve.P_384, other.getX(), other.getY())
            .d(good.getD())
            .build()
            .toJSONString(),
        "different pairs");
    refused(
        rsa.toJSONString().replaceFirst("\\{", "{\"alg\":\"RS256\","), "alg RS256", "with RS384");
    refused("{\"keys\":[]}", "holds no key");
    refused("{\"keys\":[" + twice(good) + "]}", "two keys with the id twin");
    refused("{\"d\":\"never-to-be-told\"", "no key (JWK)");
    refused("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "no private key");
    refused(
        "-----BEGIN PRIVATE KEY-----\nbmV2ZXItdG8tYmUtdG9sZA==\n-----END PRIVATE KEY-----\n",
        "cannot be read");
    refused(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMFwwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECAAA"
            + "AAAAAAAAAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQAAAAAAAAAAAAAAAAAAAAAAQBAA==\n"
            + "-----END ENCRYPTED PRIVATE KEY-----\n",
        "with a password");
    refused(openSsl(new ECKeyGenerator(Curve.P_256).generate()), "EC P-384");
    assertThatThrownBy(() -> ClientKeys.fresh("a b", "ES384")).hasMessageContaining("id of a key");
    assertThatThrownBy(() -> ClientKeys.fresh("a", "HS256")).hasMessageContaining("ES384 or RS384");
  }

  private static String twice(ECKey key) {
    String named = new ECKey.Builder(key).keyID("twin").build().toJSONString();
    return named + "," + named;
  }

  private static void refused(String text, String... words) {
    assertThatThrownBy(() -> ClientKeys.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("never-to-be-told")
        .hasNoCause();
  }
}
