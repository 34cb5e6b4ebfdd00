package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

/** What the server says of itself: smart-configuration and CapabilityStatement. */
final class Conformance {
  private static final String OAUTH_URIS =
      "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

  private Conformance() {}

  static ObjectNode smartConfiguration(Site site) {
    String authorization = site.origin() + "/tenants/" + site.tenant();
    String profile = authorization + "/protocols/oauth2/profiles/smart-v1";
    ObjectNode json = Json.object().put("issuer", authorization);
    json.put("authorization_endpoint", profile + "/personas/provider/authorize");
    json.put("token_endpoint", site.tokenUrl());
    json.put("revocation_endpoint", profile + "/token/revoke");
    json.put("introspection_endpoint", site.origin() + "/tokeninfo");
    json.put("management_endpoint", site.origin() + "/personas/provider/authorizations/manage");
    json.put("jwks_uri", site.origin() + "/jwk");
    strings(json, "grant_types_supported", List.of("authorization_code", "client_credentials"));
    strings(json, "response_types_supported", List.of("code"));
    strings(json, "code_challenge_methods_supported", List.of("S256"));
    strings(
        json,
        "token_endpoint_auth_methods_supported",
        List.of("client_secret_basic", "private_key_jwt"));
    strings(json, "token_endpoint_auth_signing_alg_values_supported", List.of("RS384", "ES384"));
    strings(json, "scopes_supported", Scopes.supported());
    strings(
        json,
        "capabilities",
        List.of(
            "client-confidential-symmetric",
            "client-confidential-asymmetric",
            "permission-v1",
            "permission-v2",
            "permission-user",
            "permission-patient",
            "permission-offline",
            "permission-online",
            "launch-ehr",
            "launch-standalone",
            "sso-openid-connect"));
    return json;
  }

  static ObjectNode capabilityStatement(Site site, Collection<ResourceRules> rules) {
    ObjectNode json = Json.object().put("resourceType", "CapabilityStatement");
    json.put("id", "oracle-health-capability-statement");
    json.put("name", "OracleHealthCapabilityStatement").put("status", "active");
    json.put("date", "2026-08-01").put("publisher", "Oracle Health").put("kind", "instance");
    json.putObject("software").put("name", "Sandbox imitation of Cerner Millennium");
    json.putObject("implementation")
        .put("description", "An imitation for tests; it holds invented patients only")
        .put("url", site.fhirBaseUrl());
    json.put("fhirVersion", "4.0.1");
    strings(json, "format", List.of("json", "application/fhir+json"));
    strings(json, "patchFormat", List.of("application/json-patch+json"));
    ObjectNode rest = json.putArray("rest").addObject().put("mode", "server");
    security(rest, site);
    ArrayNode resources = rest.putArray("resource");
    rules.forEach(each -> resource(resources, each.type(), each.interactions()));
    resource(resources, "Binary", "r");
    return json;
  }

  private static void security(ObjectNode rest, Site site) {
    String profile =
        site.origin() + "/tenants/" + site.tenant() + "/protocols/oauth2/profiles/smart-v1";
    ObjectNode oauth =
        rest.putObject("security").putArray("extension").addObject().put("url", OAUTH_URIS);
    ArrayNode uris = oauth.putArray("extension");
    uris.addObject().put("url", "token").put("valueUri", site.tokenUrl());
    uris.addObject()
        .put("url", "authorize")
        .put("valueUri", profile + "/personas/provider/authorize");
    uris.addObject().put("url", "revoke").put("valueUri", profile + "/token/revoke");
    uris.addObject()
        .put("url", "manage")
        .put("valueUri", site.origin() + "/personas/provider/authorizations/manage");
    uris.addObject().put("url", "introspect").put("valueUri", site.origin() + "/tokeninfo");
  }

  private static void resource(ArrayNode resources, String type, String letters) {
    ObjectNode resource = resources.addObject().put("type", type);
    ArrayNode interactions = resource.putArray("interaction");
    for (int i = 0; i < letters.length(); i++) {
      interactions.addObject().put("code", interaction(letters.charAt(i)));
    }
    resource.put("versioning", "versioned");
    resource.put("conditionalCreate", false).put("conditionalUpdate", false);
    resource.put("conditionalDelete", "not-supported");
  }

  private static String interaction(char letter) {
    return switch (letter) {
      case 'c' -> "create";
      case 'u' -> "update";
      case 'p' -> "patch";
      case 's' -> "search-type";
      default -> "read";
    };
  }

  private static void strings(ObjectNode json, String field, List<String> values) {
    values.forEach(json.putArray(field)::add);
  }
}
