package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class FhirServerTest extends SandboxTest {
  @Test
  void smartConfigurationTellsWhereTokensComeFrom() {
    HttpResponse<String> response =
        caller.send(
            HttpRequest.newBuilder(
                URI.create(sandbox.fhirBaseUrl() + "/.well-known/smart-configuration")));

    JsonNode body = Caller.json(response);
    assertThat(body.path("token_endpoint").asText()).isEqualTo(sandbox.tokenUrl());
    assertThat(body.path("grant_types_supported").toString()).contains("client_credentials");
    assertThat(body.path("token_endpoint_auth_methods_supported").toString())
        .contains("client_secret_basic");
    assertThat(body.path("scopes_supported").toString())
        .contains("system/Patient.read", "system/DocumentReference.crus");
  }

  @Test
  void metadataNeedsNoTokenAndTellsTheSame() {
    HttpResponse<String> response =
        caller.send(HttpRequest.newBuilder(URI.create(sandbox.fhirBaseUrl() + "/metadata")));

    JsonNode rest = Caller.json(response).path("rest").path(0);
    assertThat(rest.at("/security/extension/0/extension/0/valueUri").asText())
        .isEqualTo(sandbox.tokenUrl());
    assertThat(rest.path("resource").findValuesAsText("type"))
        .contains("Patient", "Encounter", "Appointment", "DocumentReference", "Slot", "Binary");
  }

  @Test
  void aMissingTokenIsRefusedInCernersWords() {
    HttpResponse<String> response =
        caller.send(
            HttpRequest.newBuilder(URI.create(sandbox.fhirBaseUrl() + "/Patient/12990001")));

    String challenge = "Bearer realm=\"127.0.0.1\", error=\"invalid_token\"";
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate")).contains(challenge);
    JsonNode issue = issue(Caller.json(response));
    assertThat(issue.path("code").asText()).isEqualTo("login");
    assertThat(issue.path("diagnostics").asText()).isEqualTo(challenge);
    assertThat(issue.path("location").path(0).asText()).isEqualTo("http.Authorization");
  }

  @Test
  void aTokenWithoutTheScopeIsForbidden() {
    Caller reader = new Caller(sandbox).signedIn("system/Patient.read");

    assertThat(reader.get("Encounter/97990101").statusCode()).isEqualTo(403);
    HttpResponse<String> write = reader.post("Patient", newPatient());
    assertThat(write.statusCode()).isEqualTo(403);
    assertThat(issue(Caller.json(write)).path("code").asText()).isEqualTo("forbidden");
    assertThat(reader.get("Binary/R-209990001").statusCode()).isEqualTo(403);
  }

  @Test
  void anUpdateOfANoteNeedsTheReadScopeToo() {
    Caller writer = new Caller(sandbox).signedIn("system/DocumentReference.write");

    assertThat(writer.put("DocumentReference/209990001", "W/\"1\"", newDocument()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void anotherTenantIsNotAccessible() {
    HttpResponse<String> response =
        caller.get(sandbox.fhirBaseUrl().replace(sandbox.tenantId(), "other") + "/Patient/1");

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).isEqualTo("Tenant not valid or accessible");
  }

  @Test
  void anythingButJsonIsNotAcceptableAndHasNoBody() {
    HttpResponse<String> response =
        caller.send(caller.to("Patient/12990001").header("Accept", "application/fhir+xml"));

    assertThat(response.statusCode()).isEqualTo(406);
    assertThat(response.headers().firstValue("Content-Length")).contains("0");
    assertThat(response.headers().firstValue("Content-Type")).isEmpty();
  }

  @Test
  void unknownIdsAndTypesAreNotFound() {
    for (String path : List.of("Patient/1", "Medication/1", "Patient/12990001/_history", "")) {
      HttpResponse<String> response = caller.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(issue(Caller.json(response)).path("code").asText()).isEqualTo("not-found");
    }
  }

  @Test
  void everyAnswerCarriesTheIdsThatSupportAsksFor() {
    HttpResponse<String> response = caller.get("Patient/12990001");

    assertThat(response.headers().firstValue("Content-Type")).contains("application/fhir+json");
    assertThat(response.headers().firstValue("ETag")).contains("W/\"1\"");
    assertThat(response.headers().firstValue("Last-Modified"))
        .contains("Sun, 01 Nov 2026 08:00:00 GMT");
    assertThat(response.headers().firstValue("X-Request-Id")).isPresent();
    assertThat(response.headers().firstValue("opc-request-id").orElseThrow())
        .matches("/[0-9a-f]{32}/[0-9a-f]{32}");
  }

  @Test
  void bodiesOfTheWrongKindAreRefused() {
    assertThat(
            caller
                .send(
                    HttpRequest.newBuilder(URI.create(sandbox.fhirBaseUrl() + "/Patient"))
                        .header("Authorization", "Bearer none")
                        .POST(BodyPublishers.ofString("{}")))
                .statusCode())
        .isEqualTo(401);
    assertThat(
            caller
                .send(
                    caller
                        .to("Patient")
                        .setHeader("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("{}")))
                .statusCode())
        .isEqualTo(415);
    assertThat(caller.send(caller.to("Patient").POST(BodyPublishers.ofString("{"))).statusCode())
        .isEqualTo(400);
    assertThat(caller.post("Patient", newDocument()).statusCode()).isEqualTo(400);
  }

  @Test
  void whatCernerDoesNotOfferIsNotOffered() {
    assertThat(caller.send(caller.to("Patient/12990001").DELETE()).statusCode()).isEqualTo(405);
    assertThat(caller.put("Patient/12990001", "W/\"1\"", newPatient()).statusCode()).isEqualTo(405);
    assertThat(caller.post("Schedule", Caller.tree("{'resourceType':'Schedule'}")).statusCode())
        .isEqualTo(405);
  }

  @Test
  void theSameRequestIfNoneExistCreatesAgain() {
    caller.create("Patient", newPatient());
    HttpResponse<String> again =
        caller.send(
            caller
                .to("Patient")
                .header("If-None-Exist", "identifier=9900777")
                .POST(BodyPublishers.ofString(newPatient().toString())));

    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(caller.read("Patient?identifier=9900777").path("entry").size()).isEqualTo(2);
  }

  @Test
  void aTakenPortIsOneClearSentence() {
    SandboxOptions taken = SandboxOptions.defaults().withPort(sandbox.port());

    assertThatThrownBy(() -> Sandbox.start(taken))
        .isInstanceOf(BindException.class)
        .hasMessage("Port " + sandbox.port() + " on 127.0.0.1 is already in use.");
  }
}
