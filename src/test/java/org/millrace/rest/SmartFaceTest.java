package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.junit.jupiter.api.Test;
import org.millrace.guard.AuthorizationServer;
import org.millrace.guard.Needs;

/** Where clients are told to get a token. */
class SmartFaceTest {
  private static final AuthorizationServer SERVER =
      new AuthorizationServer(
          URI.create("https://issuer.example"),
          URI.create("https://issuer.example/token"),
          URI.create("https://issuer.example/jwks"));

  private static final class Face implements RestHandler {
    @Override
    public Needs needs(RestRequest request) {
      return Needs.OPEN;
    }

    @Override
    public RestAnswer handle(RestRequest request) {
      String body =
          request.path().equals(List.of("metadata"))
              ? "{'resourceType':'CapabilityStatement','status':'active','rest':[{'mode':'server'}]}"
              : "{'resourceType':'Patient'}";
      return new RestAnswer(
          200, Map.of(), body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public RestAnswer refuse(Refusal refusal) {
      return Problems.answer(refusal);
    }
  }

  private static RestAnswer asked(
      Optional<AuthorizationServer> server, String method, String path) {
    return new SmartFace(new Face(), List.of("Patient", "Encounter"), () -> server)
        .handle(EngineInFrontOfSandbox.request(method, path, Map.of(), ""));
  }

  private static JsonNode read(RestAnswer answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }

  @Test
  void aClientIsToldWhereToGetATokenAndWhatItMayBeFor() throws IOException {
    RestAnswer answer = asked(Optional.of(SERVER), "GET", ".well-known/smart-configuration");

    assertThat(answer.status()).isEqualTo(200);
    JsonNode told = read(answer);
    assertThat(told.path("issuer").asText()).isEqualTo("https://issuer.example");
    assertThat(told.path("token_endpoint").asText()).isEqualTo("https://issuer.example/token");
    assertThat(told.path("jwks_uri").asText()).isEqualTo("https://issuer.example/jwks");
    assertThat(told.path("grant_types_supported"))
        .extracting(JsonNode::asText)
        .containsExactly("client_credentials");
    assertThat(told.path("scopes_supported"))
        .extracting(JsonNode::asText)
        .containsExactly("system/Patient.cruds", "system/Encounter.cruds");
    assertThat(told.path("capabilities"))
        .extracting(JsonNode::asText)
        .contains("client-confidential-asymmetric", "permission-v1", "permission-v2");
  }

  @Test
  void theStatementSaysTheSameInTheFormThatClientsRead() {
    RestAnswer answer = asked(Optional.of(SERVER), "GET", "metadata");

    CapabilityStatement.CapabilityStatementRestSecurityComponent security =
        FhirContext.forR4Cached()
            .newJsonParser()
            .parseResource(
                CapabilityStatement.class, new String(answer.body(), StandardCharsets.UTF_8))
            .getRestFirstRep()
            .getSecurity();
    assertThat(security.getServiceFirstRep().getCodingFirstRep().getCode())
        .isEqualTo("SMART-on-FHIR");
    assertThat(
            security
                .getExtensionByUrl(
                    "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris")
                .getExtensionByUrl("token")
                .getValue()
                .primitiveValue())
        .isEqualTo("https://issuer.example/token");
  }

  @Test
  void whereNoTokensAreTakenNothingIsPromised() throws IOException {
    assertThat(asked(Optional.empty(), "GET", ".well-known/smart-configuration").status())
        .isEqualTo(404);
    assertThat(
            read(asked(Optional.empty(), "GET", "metadata")).at("/rest/0/security").isMissingNode())
        .isTrue();
    assertThat(asked(Optional.of(SERVER), "POST", ".well-known/smart-configuration").status())
        .isEqualTo(405);
  }
}
