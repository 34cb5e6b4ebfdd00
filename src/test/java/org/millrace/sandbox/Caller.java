package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Talks to a sandbox as a client would, through real HTTP. */
final class Caller {
  static final String ALL_SCOPES =
      "system/Patient.read system/Patient.write system/Encounter.read system/Encounter.write"
          + " system/Appointment.read system/Appointment.write system/DocumentReference.read"
          + " system/DocumentReference.write system/Binary.read system/Organization.read"
          + " system/Organization.write system/Practitioner.read system/Practitioner.write"
          + " system/Location.read system/Slot.read system/Slot.write system/Schedule.read"
          + " system/Observation.read system/Observation.write system/DiagnosticReport.read"
          + " system/MedicationRequest.read system/AllergyIntolerance.read system/Condition.read"
          + " system/AllergyIntolerance.write system/Condition.write"
          + " system/Immunization.read system/Coverage.read system/RelatedPerson.read"
          + " system/Provenance.read";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Sandbox sandbox;
  private String token = "";

  Caller(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  Caller signedIn() {
    return signedIn(ALL_SCOPES);
  }

  Caller signedIn(String scopes) {
    token = json(askToken(sandbox.tokenUrl(), scopes)).path("access_token").asText();
    return this;
  }

  HttpResponse<String> askToken(String url, String scopes) {
    return askToken(
        url,
        sandbox.clientId(),
        sandbox.clientSecret(),
        "grant_type=client_credentials&scope=" + URLEncoder.encode(scopes, StandardCharsets.UTF_8));
  }

  HttpResponse<String> askToken(String url, String id, String secret, String form) {
    String pair =
        Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Basic " + pair)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  /** A request below the service root with the token, still to be given its method. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(
            URI.create(path.startsWith("http") ? path : sandbox.fhirBaseUrl() + "/" + path))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/fhir+json");
  }

  HttpResponse<String> get(String path) {
    return send(to(path).header("Accept", "application/fhir+json"));
  }

  /** The body of a read or search that must succeed. */
  JsonNode read(String path) {
    HttpResponse<String> response = get(path);
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
    }
    return json(response);
  }

  HttpResponse<String> post(String path, JsonNode body) {
    return send(to(path).POST(BodyPublishers.ofString(body.toString())));
  }

  HttpResponse<String> put(String path, String etag, JsonNode body) {
    return send(to(path).header("If-Match", etag).PUT(BodyPublishers.ofString(body.toString())));
  }

  HttpResponse<String> patch(String path, String etag, String operations) {
    return send(
        HttpRequest.newBuilder(URI.create(sandbox.fhirBaseUrl() + "/" + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json-patch+json")
            .header("If-Match", etag)
            .method("PATCH", BodyPublishers.ofString(operations)));
  }

  /** The id in the Location of a create that must succeed. */
  String create(String type, JsonNode body) {
    HttpResponse<String> response = post(type, body);
    if (response.statusCode() != 201) {
      throw new AssertionError(
          response.statusCode() + " " + response.body() + " " + lastRequest().path("reason"));
    }
    String location = response.headers().firstValue("Location").orElseThrow();
    return location.substring(location.lastIndexOf('/') + 1);
  }

  HttpResponse<String> control(String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + path))
            .method(method, BodyPublishers.ofString(body)));
  }

  void faults(String list) {
    HttpResponse<String> response =
        control("PUT", "/faults", tree("{'faults':" + list + "}").toString());
    if (response.statusCode() != 204) {
      throw new AssertionError(response.body());
    }
  }

  JsonNode requests() {
    return json(control("GET", "/requests", "")).path("requests");
  }

  JsonNode lastRequest() {
    JsonNode all = requests();
    return all.path(all.size() - 1);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return trySend(request);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  HttpResponse<String> trySend(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  HttpClient http() {
    return http;
  }

  static JsonNode json(HttpResponse<String> response) {
    return tree(response.body());
  }

  /** JSON in which single quotes stand for double ones where that reads easier. */
  static JsonNode tree(String text) {
    try {
      return Json.MAPPER
          .reader()
          .with(com.fasterxml.jackson.core.JsonParser.Feature.ALLOW_SINGLE_QUOTES)
          .readTree(text);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
