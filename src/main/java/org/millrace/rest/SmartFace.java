package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.millrace.guard.AuthorizationServer;
import org.millrace.guard.Needs;

/**
 * A FHIR face that also tells clients where they get a token: in {@code
 * .well-known/smart-configuration} and in its CapabilityStatement. Thread-safe. Source: SMART App
 * Launch 2.2, conformance.
 */
final class SmartFace implements RestHandler {
  private static final String SERVICES =
      "http://terminology.hl7.org/CodeSystem/restful-security-service";
  private static final String ADDRESSES =
      "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RestHandler face;
  private final List<String> types;
  private final Supplier<Optional<AuthorizationServer>> server;

  /**
   * @param face all else is asked of it
   * @param types of resources that it serves
   * @param server where callers get tokens; empty if none are taken, or while it is not known
   */
  SmartFace(RestHandler face, List<String> types, Supplier<Optional<AuthorizationServer>> server) {
    this.face = face;
    this.types = List.copyOf(types);
    this.server = server;
  }

  @Override
  public Needs needs(RestRequest request) {
    return face.needs(request);
  }

  @Override
  public RestAnswer refuse(Refusal refusal) {
    return face.refuse(refusal);
  }

  @Override
  public RestAnswer handle(RestRequest request) {
    if (FhirNeeds.isSmartConfiguration(request.path())) {
      return configuration(request);
    }
    RestAnswer answer = face.handle(request);
    return answer.status() == 200 && request.path().equals(List.of("metadata"))
        ? new RestAnswer(200, answer.headers(), secured(answer.body()))
        : answer;
  }

  private RestAnswer configuration(RestRequest request) {
    if (!request.method().equals("GET")) {
      return Outcomes.answer(Refusal.methodNotAllowed(request.method(), List.of("GET")));
    }
    Optional<AuthorizationServer> known = server.get();
    if (known.isEmpty()) {
      return Outcomes.answer(
          Refusal.of(
              RefusalReason.NOT_SERVED,
              "no tokens are taken here, or their issuer cannot be reached at present"));
    }
    return new RestAnswer(
        200, Map.of("Content-Type", MediaTypes.JSON), JsonText.bytes(document(known.get())));
  }

  private ObjectNode document(AuthorizationServer known) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("issuer", known.issuer().toString());
    document.put("jwks_uri", known.keys().toString());
    document.put("token_endpoint", known.tokenEndpoint().toString());
    document.putArray("grant_types_supported").add("client_credentials");
    document
        .putArray("token_endpoint_auth_methods_supported")
        .add("private_key_jwt")
        .add("client_secret_basic");
    ArrayNode scopes = document.putArray("scopes_supported");
    for (String type : types) {
      scopes.add("system/" + type + ".cruds");
    }
    document
        .putArray("capabilities")
        .add("client-confidential-asymmetric")
        .add("permission-v1")
        .add("permission-v2");
    return document;
  }

  /** The statement with how callers are known. */
  private byte[] secured(byte[] statement) {
    Optional<AuthorizationServer> known = server.get();
    if (known.isEmpty()) {
      return statement;
    }
    try {
      JsonNode read = JSON.readTree(statement);
      if (read.at("/rest/0") instanceof ObjectNode rest) {
        rest.set("security", security(known.get()));
      }
      return JsonText.bytes((ObjectNode) read);
    } catch (IOException impossible) {
      throw new UncheckedIOException("the statement was written by ourselves", impossible);
    }
  }

  private static ObjectNode security(AuthorizationServer known) {
    ObjectNode security = JsonNodeFactory.instance.objectNode();
    ObjectNode addresses = security.putArray("extension").addObject().put("url", ADDRESSES);
    addresses
        .putArray("extension")
        .addObject()
        .put("url", "token")
        .put("valueUri", known.tokenEndpoint().toString());
    ObjectNode service = security.putArray("service").addObject();
    service
        .putArray("coding")
        .addObject()
        .put("system", SERVICES)
        .put("code", "SMART-on-FHIR")
        .put("display", "SMART-on-FHIR");
    service.put("text", "OAuth2 with SMART scopes for systems");
    return security;
  }
}
