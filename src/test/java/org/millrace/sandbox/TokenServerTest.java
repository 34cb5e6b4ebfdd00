package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;

class TokenServerTest extends SandboxTest {
  @Test
  void bothFormsOfTheAddressGiveAToken() {
    String older = sandbox.tokenUrl().replaceFirst("/hosts/[^/]+", "");

    for (String url : List.of(sandbox.tokenUrl(), older)) {
      HttpResponse<String> response = caller.askToken(url, "system/Patient.read");
      JsonNode body = Caller.json(response);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(response.headers().firstValue("Pragma")).contains("no-cache");
      assertThat(body.path("access_token").asText()).matches("[^.]+\\.[^.]+\\.[^.]+");
      assertThat(body.path("expires_in").asInt()).isEqualTo(570);
      assertThat(body.path("token_type").asText()).isEqualTo("Bearer");
      assertThat(body.path("scope").asText()).isEqualTo("system/Patient.read");
    }
  }

  @Test
  void onlyRegisteredScopesAreGranted() {
    JsonNode body =
        Caller.json(
            caller.askToken(
                sandbox.tokenUrl(),
                "system/Patient.read system/Location.write system/*.read user/Patient.read"
                    + " system/Encounter.rs system/Encounter.write"));

    assertThat(body.path("scope").asText()).isEqualTo("system/Patient.read system/Encounter.write");
  }

  @Test
  void noGrantableScopeIsTheEmptyScopesError() {
    HttpResponse<String> response =
        caller.askToken(sandbox.tokenUrl(), "system/Patient.rs offline_access");

    JsonNode body = Caller.json(response);
    String correlation = response.headers().firstValue("Cerner-Correlation-ID").orElseThrow();
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(body.path("error").asText()).isEqualTo("invalid_scope");
    assertThat(body.has("error_description")).isFalse();
    assertThat(body.path("error_uri").asText())
        .contains("token%3Aempty-scopes/instances/" + correlation)
        .contains("client=" + sandbox.clientId())
        .contains("tenant=" + sandbox.tenantId());
  }

  @Test
  void aWrongSecretOrGrantTypeIsRefused() {
    String form = "grant_type=client_credentials&scope=system%2FPatient.read";
    HttpResponse<String> wrong =
        caller.askToken(sandbox.tokenUrl(), sandbox.clientId(), "guess", form);
    HttpResponse<String> grant =
        caller.askToken(
            sandbox.tokenUrl(),
            sandbox.clientId(),
            sandbox.clientSecret(),
            "grant_type=password&scope=system%2FPatient.read");

    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(Caller.json(wrong).path("error").asText()).isEqualTo("invalid_client");
    assertThat(Caller.json(grant).path("error").asText()).isEqualTo("unsupported_grant_type");
  }

  @Test
  void aResetToAnotherTimeKeepsTokensValid() throws IOException {
    try (Sandbox other = Sandbox.start(SandboxOptions.defaults())) {
      Caller client = new Caller(other);
      client.control("POST", "/reset", "{\"clock\":\"2026-11-20T10:00:00Z\"}");
      client.signedIn();
      assertThat(client.get("Patient/12990001").statusCode()).isEqualTo(200);

      client.control("POST", "/reset", "{\"clock\":\"2026-11-21T10:00:00Z\"}");

      assertThat(client.get("Patient/12990001").statusCode())
          .as("a reset keeps tokens valid")
          .isEqualTo(200);
    }
  }

  @Test
  void aTokenOlderThanTenMinutesIsRefused() throws IOException {
    SettableClock clock = new SettableClock(Instant.parse("2026-11-20T10:00:00Z"));
    try (Sandbox other = Sandbox.start(SandboxOptions.defaults().withClock(clock))) {
      Caller client = new Caller(other).signedIn();
      clock.set(Instant.parse("2026-11-20T10:09:30Z"));
      assertThat(client.get("Patient/12990001").statusCode()).isEqualTo(200);
      clock.set(Instant.parse("2026-11-20T10:10:00Z"));
      assertThat(client.get("Patient/12990001").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void anAccountOfTheSecondKindNeedsLettersPerInteraction() throws IOException {
    try (Sandbox v2 = Sandbox.start(SandboxOptions.defaults().withScopesV2(true))) {
      Caller client = new Caller(v2);
      assertThat(client.askToken(v2.tokenUrl(), "system/Patient.read").statusCode()).isEqualTo(400);
      assertThat(client.askToken(v2.tokenUrl(), "system/Patient.sr").statusCode()).isEqualTo(400);
      assertThat(client.askToken(v2.tokenUrl(), "system/Patient.").statusCode()).isEqualTo(400);

      client.signedIn("system/Patient.r");
      assertThat(client.get("Patient/12990001").statusCode()).isEqualTo(200);
      assertThat(client.get("Patient?family=ZZTESTMILLER").statusCode()).isEqualTo(403);

      client.signedIn("system/Patient.rs");
      assertThat(client.get("Patient?family=ZZTESTMILLER").statusCode()).isEqualTo(200);
      assertThat(client.post("Patient", newPatient()).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void theSecretIsMadeAnewAtEachStart() throws IOException {
    try (Sandbox other = Sandbox.start(SandboxOptions.defaults())) {
      assertThat(other.clientSecret()).hasSizeGreaterThan(20).isNotEqualTo(sandbox.clientSecret());
    }
  }
}
