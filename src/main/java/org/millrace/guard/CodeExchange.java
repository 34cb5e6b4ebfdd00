package org.millrace.guard;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.AuthorizedParty;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Redeems the code that a browser brought from the provider, and judges the ID token that it is
 * given for it. Nothing of code, secret or tokens is in what it complains of. Thread-safe. Source:
 * OpenID Connect Core 1.0, 3.1.3; RFC 7636.
 */
final class CodeExchange {
  private final ProviderSettings settings;
  private final Provider provider;
  private final URI back;
  private final LimitedHttp http = new LimitedHttp(LimitedHttp.WITHIN);

  /**
   * @param back where the provider sends browsers
   */
  CodeExchange(ProviderSettings settings, Provider provider, URI back) {
    this.settings = settings;
    this.provider = provider;
    this.back = back;
  }

  /** What the provider gave proves nothing; says why. */
  static final class NotProvenException extends Exception {
    private static final long serialVersionUID = 1L;

    NotProvenException(String why) {
      super(why);
    }
  }

  /**
   * Who it is that the provider sent with this code.
   *
   * @throws IOException if the provider cannot be asked
   * @throws NotProvenException if it does not take the code, or its token is not taken
   */
  IDTokenClaimsSet redeem(
      OIDCProviderMetadata said, AuthorizationCode code, LogInAttempts.Attempt attempt)
      throws IOException, NotProvenException {
    JWT token = token(said, code, attempt);
    IDTokenValidator validator =
        new IDTokenValidator(
            said.getIssuer(),
            new ClientID(settings.client().id()),
            new JWSVerificationKeySelector<>(
                ProviderSettings.ALGORITHMS.stream()
                    .map(JWSAlgorithm::parse)
                    .collect(Collectors.toSet()),
                source()),
            null);
    try {
      IDTokenClaimsSet claims = validator.validate(token, new Nonce(attempt.nonce()));
      // The library looks at azp only where there are several audiences.
      AuthorizedParty party = claims.getAuthorizedParty();
      if (party != null && !party.getValue().equals(settings.client().id())) {
        throw new NotProvenException("the ID token is not taken: it was given to another (azp)");
      }
      return claims;
    } catch (RemoteKeySourceException unknown) {
      throw new IOException("its keys cannot be read", unknown);
    } catch (BadJOSEException | JOSEException untrue) {
      throw new NotProvenException("the ID token is not taken: " + untrue.getMessage());
    }
  }

  private JWKSource<SecurityContext> source() {
    return (JWKSelector wanted, SecurityContext any) ->
        provider
            .keys(wanted.getMatcher())
            .orElseThrow(() -> new RemoteKeySourceException("not known", null))
            .stream()
            .filter(Provider::isStrong)
            .toList();
  }

  private JWT token(
      OIDCProviderMetadata said, AuthorizationCode code, LogInAttempts.Attempt attempt)
      throws IOException, NotProvenException {
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(code, back, new CodeVerifier(attempt.verifier()));
    HTTPRequest request =
        new TokenRequest.Builder(said.getTokenEndpointURI(), proof(said), grant)
            .build()
            .toHTTPRequest();
    LimitedHttp.Answer answer = http.ask(sent(request));
    if (answer.status() >= 300 && answer.status() < 400 || answer.status() >= 500) {
      throw new IOException("its token endpoint answers " + answer.status());
    }
    try {
      TokenResponse response = OIDCTokenResponseParser.parse(read(answer));
      if (!(response instanceof OIDCTokenResponse good)) {
        throw new NotProvenException(
            "its token endpoint refuses: " + word(response.toErrorResponse().getErrorObject()));
      }
      JWT token = good.getOIDCTokens().getIDToken();
      if (token == null) {
        throw new NotProvenException("its token endpoint gives no ID token");
      }
      return token;
    } catch (ParseException unreadable) {
      throw new NotProvenException(
          "its token endpoint answers " + answer.status() + " with no tokens that can be read");
    }
  }

  /** Of the words that RFC 6749, 5.2 knows, or of others that look like these. */
  static String word(ErrorObject error) {
    String code = String.valueOf(error.getCode());
    return code.matches("[a-z_]{1,40}") ? code : "for a reason without a word";
  }

  private ClientAuthentication proof(OIDCProviderMetadata said) {
    ClientID id = new ClientID(settings.client().id());
    Secret secret = new Secret(settings.client().secret());
    return ClientAuthenticationMethod.CLIENT_SECRET_POST.equals(Provider.method(said))
        ? new ClientSecretPost(id, secret)
        : new ClientSecretBasic(id, secret);
  }

  private static HttpRequest.Builder sent(HTTPRequest request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(request.getURI())
            .POST(HttpRequest.BodyPublishers.ofString(Objects.requireNonNull(request.getBody())));
    Map<String, List<String>> headers = request.getHeaderMap();
    headers.forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
    return builder;
  }

  private static HTTPResponse read(LimitedHttp.Answer answer) throws ParseException {
    HTTPResponse response = new HTTPResponse(answer.status());
    response.setContentType(answer.type());
    response.setBody(answer.body());
    return response;
  }
}
