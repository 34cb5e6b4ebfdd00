package org.millrace.guard;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges access tokens that are JWTs: by whom they were issued, for whom, until when, and signed
 * with which key. Thread-safe. Source: RFC 9068 4; RFC 8725.
 */
final class TokenCheck {
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final int LONGEST = 16 * 1024;
  private static final int LONGEST_NAME = 120;
  private static final int LEAST_RSA_BITS = 2048;
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");
  private static final String NOT_TAKEN = "the token is not taken: ";

  private final TokenSettings settings;
  private final IssuerKeys keys;
  private final Clock clock;

  TokenCheck(TokenSettings settings, IssuerKeys keys, Clock clock) {
    this.settings = settings;
    this.keys = keys;
    this.clock = clock;
  }

  /** A token that is not taken, and why. */
  private static final class NotTaken extends Exception {
    private static final long serialVersionUID = 1L;

    NotTaken(String why) {
      super(why);
    }
  }

  /**
   * Who shows a token; refused if it is none of ours.
   *
   * @param tenant what is asked is of
   * @param home that tokens are for that name none
   */
  Admission admit(String token, String tenant, String home) {
    try {
      if (token.length() > LONGEST) {
        throw new NotTaken("it is too long");
      }
      SignedJWT jwt = SignedJWT.parse(token);
      mustBeAllowed(jwt.getHeader());
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      mustBeOurs(claims);
      Optional<List<JWK>> candidates = keys.matching(JWKMatcher.forJWSHeader(jwt.getHeader()));
      if (candidates.isEmpty()) {
        return Admission.later(
            Admission.Reason.UNAVAILABLE,
            Principal.ANYBODY,
            WAIT,
            "the keys of the issuer of tokens cannot be read at present; ask again later");
      }
      if (!signedByOne(jwt, candidates.get())) {
        throw new NotTaken("it is not signed with a key of its issuer");
      }
      Principal principal =
          new Principal(
              name(claims), Principal.Proof.TOKEN, "", Scopes.granted(scopes(claims)), Set.of());
      return isFor(claims, tenant, home)
          ? new Admission.Admitted(principal)
          : Admission.forbidden(
              principal, List.of(), "this caller's token is for another tenant than this one");
    } catch (ParseException unreadable) {
      return refused("it is no signed JWT");
    } catch (NotTaken reason) {
      return refused(String.valueOf(reason.getMessage()));
    }
  }

  private static Admission refused(String why) {
    return Admission.unknown(Admission.Reason.NOT_KNOWN, NOT_TAKEN + why);
  }

  private void mustBeAllowed(JWSHeader header) throws NotTaken {
    if (!settings.algorithms().contains(header.getAlgorithm().getName())) {
      throw new NotTaken("it is signed by an algorithm that is not allowed here");
    }
    JOSEObjectType type = header.getType();
    if (type != null && !TYPES.contains(type.getType().toLowerCase(Locale.ROOT))) {
      throw new NotTaken("it is no access token by its typ");
    }
    if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
      throw new NotTaken("it asks for something that is not known here (crit)");
    }
  }

  private void mustBeOurs(JWTClaimsSet claims) throws NotTaken {
    String issuer = claims.getIssuer();
    if (issuer == null
        || !IssuerDocuments.withoutSlash(issuer).equals(settings.issuer().toString())) {
      throw new NotTaken("it is of another issuer (iss)");
    }
    if (!claims.getAudience().contains(settings.audience())) {
      throw new NotTaken("it is for somebody else (aud)");
    }
    Instant now = clock.instant();
    Optional<Instant> expires = instant(claims.getExpirationTime());
    if (expires.isEmpty()) {
      throw new NotTaken("it has no end (exp)");
    }
    if (!now.isBefore(expires.get().plus(SKEW))) {
      throw new NotTaken("it has expired (exp)");
    }
    boolean early =
        Stream.of(instant(claims.getNotBeforeTime()), instant(claims.getIssueTime()))
            .flatMap(Optional::stream)
            .anyMatch(from -> now.plus(SKEW).isBefore(from));
    if (early) {
      throw new NotTaken("it is not good yet (nbf, iat)");
    }
  }

  private static Optional<Instant> instant(@Nullable Date date) {
    return Optional.ofNullable(date).map(Date::toInstant);
  }

  private static boolean signedByOne(SignedJWT jwt, List<JWK> candidates) {
    return candidates.stream().anyMatch(key -> isSignedBy(jwt, key));
  }

  private static boolean isSignedBy(SignedJWT jwt, JWK key) {
    if (!(key instanceof AsymmetricJWK pair)
        || (key.getKeyType().getValue().equals("RSA") && key.size() < LEAST_RSA_BITS)) {
      return false;
    }
    try {
      return jwt.verify(
          new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(), pair.toPublicKey()));
    } catch (JOSEException notFit) {
      // A key of another curve or kind than the algorithm wants: it has not signed this.
      return false;
    }
  }

  /** The client, where the token names it; else who it was issued to. */
  private static String name(JWTClaimsSet claims) throws ParseException, NotTaken {
    String name =
        Stream.of(
                claims.getStringClaim("client_id"),
                claims.getStringClaim("azp"),
                claims.getSubject())
            .filter(text -> text != null && !text.isBlank())
            .findFirst()
            .orElseThrow(() -> new NotTaken("it names no client (client_id, azp, sub)"));
    String printable = name.replaceAll("[^\\x21-\\x7e]", "?");
    return printable.substring(0, Math.min(LONGEST_NAME, printable.length()));
  }

  private static boolean isFor(JWTClaimsSet claims, String tenant, String home) {
    List<String> named = words(claims, List.of("tenant"));
    return named.isEmpty() ? tenant.equals(home) : named.contains(tenant);
  }

  /** In {@code scope} or {@code scp}: issuers differ. */
  private static List<String> scopes(JWTClaimsSet claims) {
    return words(claims, List.of("scope", "scp"));
  }

  /** What stands in claims as one text or as a list. */
  private static List<String> words(JWTClaimsSet claims, List<String> names) {
    List<String> all = new ArrayList<>();
    for (String claim : names) {
      Object value = claims.getClaim(claim);
      if (value instanceof String text) {
        all.addAll(List.of(text.strip().split("\\s+")));
      } else if (value instanceof List<?> list) {
        list.stream().filter(String.class::isInstance).map(String.class::cast).forEach(all::add);
      }
    }
    return all;
  }
}
