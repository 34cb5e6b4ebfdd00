package org.millrace.cerner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.JWKGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The key pairs of a system account: the one that signs, and those that are registered beside it
 * while one takes the place of another. Immutable. Source: RFC 7517, JWK Set.
 *
 * @param keys at least one, each with an id of its own
 */
public record ClientKeys(List<ClientKey> keys) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int RSA_BITS = 3072;
  private static final String ID = "[A-Za-z0-9._-]{1,64}";

  /**
   * @throws IllegalArgumentException if there is none, or two have the same id
   */
  public ClientKeys {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("holds no key");
    }
    Set<String> ids = new HashSet<>();
    for (ClientKey key : keys) {
      if (!ids.add(key.id())) {
        throw new IllegalArgumentException("holds two keys with the id " + key.id());
      }
    }
  }

  /**
   * Reads a file's text.
   *
   * @param text a JWK Set or a JWK with private keys (JSON), or one private key as PEM (PKCS#8,
   *     PKCS#1 or EC)
   * @throws IllegalArgumentException with the end of a sentence that begins with the file; nothing
   *     of a key is in it
   */
  public static ClientKeys parse(String text) {
    String content = text.strip();
    if (!content.startsWith("{")) {
      return new ClientKeys(List.of(ClientKey.of(PemKey.read(content))));
    }
    return new ClientKeys(jwks(content).stream().map(ClientKey::of).toList());
  }

  private static List<JWK> jwks(String json) {
    try {
      return JSONObjectUtils.parse(json).containsKey("keys")
          ? JWKSet.parse(json).getKeys()
          : List.of(JWK.parse(json));
    } catch (ParseException | IllegalArgumentException e) {
      // The text could quote the key.
      throw new IllegalArgumentException("holds JSON that is no key (JWK) and no set of keys");
    }
  }

  /**
   * A new pair.
   *
   * @param id letters, digits, dots, dashes and underscores, up to 64
   * @param algorithm {@code RS384} or {@code ES384}
   * @throws IllegalArgumentException if the id or the algorithm is none
   */
  public static ClientKey fresh(String id, String algorithm) {
    if (!id.matches(ID)) {
      throw new IllegalArgumentException(
          "an id of a key holds letters, digits, dots, dashes and underscores, up to 64");
    }
    JWKGenerator<? extends JWK> generator =
        switch (algorithm) {
          case "ES384" -> new ECKeyGenerator(Curve.P_384);
          case "RS384" -> new RSAKeyGenerator(RSA_BITS);
          default -> throw new IllegalArgumentException("the algorithm is ES384 or RS384");
        };
    try {
      return ClientKey.of(generator.keyID(id).generate());
    } catch (JOSEException e) {
      throw new IllegalStateException("this JDK cannot make a key for " + algorithm, e);
    }
  }

  /** These and one more. */
  public ClientKeys with(ClientKey another) {
    List<ClientKey> more = new ArrayList<>(keys);
    more.add(another);
    return new ClientKeys(more);
  }

  /**
   * These without one.
   *
   * @throws IllegalArgumentException if it is not there, or the only one
   */
  public ClientKeys without(String id) {
    if (find(id).isEmpty()) {
      throw new IllegalArgumentException("holds no key with the id " + id + "; it has " + ids());
    }
    if (keys.size() == 1) {
      throw new IllegalArgumentException("holds no other key than " + id);
    }
    return new ClientKeys(keys.stream().filter(key -> !key.id().equals(id)).toList());
  }

  /** The key with this id. */
  public Optional<ClientKey> find(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  /** All ids, comma between. */
  public String ids() {
    return keys.stream().map(ClientKey::id).collect(Collectors.joining(", "));
  }

  /** The public keys alone, as JSON (JWK Set): what is registered at Cerner. */
  public String publicSet() {
    return written(true);
  }

  /** Private keys and all, as JSON (JWK Set): what the key file holds. */
  public String privateSet() {
    return written(false);
  }

  private String written(boolean publicOnly) {
    JWKSet set = new JWKSet(keys.stream().map(ClientKey::pair).toList());
    try {
      return JSON.readTree(set.toString(publicOnly)).toPrettyString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a set of keys was written that is no JSON");
    }
  }

  /** The ids only. */
  @Override
  public String toString() {
    return "ClientKeys[" + ids() + "]";
  }
}
