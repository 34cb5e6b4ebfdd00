package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HealtheIntentTest extends SandboxTest {

  @Test
  void aPersonIdLeadsToAPatientAndAStrangersToNobody() {
    assertThat(ids(lookUp("12990001"))).hasSize(1);
    assertThat(ids(lookUp("12990013"))).isEqualTo(ids(lookUp("12990001")));
    assertThat(ids(lookUp("12990015"))).isEmpty();
  }

  @Test
  void aRecordNumberLeadsToAllPatientsThatHaveIt() {
    assertThat(search("9900101").path("items")).hasSize(1);
    assertThat(search("9900110").path("totalResults").asInt()).isEqualTo(2);
    assertThat(search("990").path("items")).isEmpty();
  }

  @Test
  void anIdIsGoodUntilRecordsAreMatchedAnew() {
    String before = patient("12990001");
    assertThat(get(list("allergy", before, "allergies")).statusCode()).isEqualTo(200);

    caller.control("POST", "/healtheintent/rematch", "");

    HttpResponse<String> gone = get(list("allergy", before, "allergies"));
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(Caller.json(gone).path("code").asInt()).isEqualTo(404);
    assertThat(gone.headers().firstValue("cerner-correlation-id")).isPresent();
    assertThat(patient("12990001")).isNotEqualTo(before);
    caller.control("POST", "/reset", "");
    assertThat(patient("12990001")).isEqualTo(before);
  }

  @Test
  void longitudinalDataArePagedByCursorAndTheRestByOffset() {
    String patient = patient("12990006");
    JsonNode page = json(get(list("observation", patient, "observations") + "?limit=100"));
    assertThat(page.path("items")).hasSize(100);
    assertThat(page.has("totalResults")).isFalse();
    assertThat(page.path("nextLink").asText()).startsWith("http://").contains("cursor=");
    JsonNode last = json(get(json(get(page.path("nextLink").asText())).path("nextLink").asText()));
    assertThat(last.path("items")).hasSize(30);
    assertThat(last.has("nextLink")).isFalse();
    assertThat(get(list("observation", patient, "observations") + "?limit=101").statusCode())
        .isEqualTo(400);

    JsonNode demographics =
        json(get(list("patient", patient("12990001"), "demographics") + "?limit=1"));
    assertThat(demographics.path("totalResults").asInt()).isEqualTo(2);
    assertThat(demographics.path("nextLink").asText()).contains("offset=1");
  }

  @Test
  void singleEntriesDocumentsAndPersonnelAreRead() {
    String patient = patient("12990001");
    assertThat(json(get(list("allergy", patient, "allergies/a-12990001-2"))).at("/code/text"))
        .hasToString("\"Peanut\"");
    assertThat(
            get(list("longitudinal-record", patient, "document-references/doc-12990001-1"))
                .statusCode())
        .isEqualTo(200);
    assertThat(get("personnel/v1/personnel?aliasType=NPI&aliasValue=9900000026").body())
        .contains("ZZTESTLARA");
  }

  @Test
  void whoBringsNoGoodTokenIsToldWhichKindsThereAre() {
    for (String authorization : List.of("Bearer guess", "OAuth oauth_token=\"x\"", "Basic YTpi")) {
      HttpResponse<String> refused = get(lookUpPath("12990001"), authorization);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
          .contains("Bearer realm=")
          .contains("OAuth realm=");
    }
  }

  @Test
  void anOauthTokenIsGivenToTheRightSignatureAndLivesAnHour() {
    assertThat(access(sandbox.clientSecret() + "x").statusCode()).isEqualTo(401);

    String form = access(sandbox.clientSecret()).body();
    String signed =
        "OAuth oauth_token=\"%s\",oauth_consumer_key=\"%s\",oauth_signature_method=\"PLAINTEXT\",oauth_signature=\"%s%%26%s\""
            .formatted(
                value(form, "oauth_token"),
                sandbox.clientId(),
                sandbox.clientSecret(),
                value(form, "oauth_token_secret"));

    assertThat(value(form, "oauth_expires_in")).isEqualTo("3600");
    assertThat(get(lookUpPath("12990001"), signed).statusCode()).isEqualTo(200);
    caller.control("POST", "/reset", "{\"clock\":\"2026-11-20T11:00:00Z\"}");
    assertThat(get(lookUpPath("12990001"), signed).statusCode()).isEqualTo(401);
  }

  @Test
  void anotherPopulationIsForbiddenAndNothingCanBeWritten() {
    String other =
        list("allergy", "x", "allergies").replace(sandbox.healtheIntent().population(), "other");
    assertThat(get(other).statusCode()).isEqualTo(403);
    HttpRequest.Builder write =
        to(list("allergy", patient("12990001"), "allergies"), bearer())
            .POST(BodyPublishers.ofString("{}"));
    assertThat(caller.send(write).statusCode()).isEqualTo(405);
  }

  @Test
  void faultsAreSetByItsPath() {
    caller.faults("[{'path':'healtheintent/patient','times':1,'status':429}]");
    assertThat(get(lookUpPath("12990001")).statusCode()).isEqualTo(429);
    assertThat(get(lookUpPath("12990001")).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> access(String secret) {
    String header =
        "OAuth oauth_consumer_key=\"%s\",oauth_signature_method=\"PLAINTEXT\",oauth_signature=\"%s%%26\""
            .formatted(sandbox.clientId(), secret);
    return caller.send(to("oauth/access", header).POST(BodyPublishers.noBody()));
  }

  private static String value(String form, String name) {
    return Stream.of(form.split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst()
        .orElseThrow();
  }

  private String lookUpPath(String personId) {
    return "patient/v1/populations/"
        + sandbox.healtheIntent().population()
        + "/patient-id-lookup?dataPartitionId="
        + sandbox.healtheIntent().dataPartition()
        + "&sourcePersonId="
        + personId;
  }

  private JsonNode lookUp(String personId) {
    return json(get(lookUpPath(personId)));
  }

  private static List<String> ids(JsonNode found) {
    return found.path("items").findValuesAsText("id");
  }

  private String patient(String personId) {
    return ids(lookUp(personId)).get(0);
  }

  private JsonNode search(String number) {
    String path =
        "patient/v1/populations/" + sandbox.healtheIntent().population() + "/patient-search";
    String body =
        "{\"alias\":{\"system\":\"2.16.840.1.113883.6.1000\",\"value\":\"" + number + "\"}}";
    return json(caller.send(to(path, bearer()).POST(BodyPublishers.ofString(body))));
  }

  private String list(String api, String patient, String name) {
    return api
        + "/v1/populations/"
        + sandbox.healtheIntent().population()
        + "/patients/"
        + patient
        + "/"
        + name;
  }

  private String bearer() {
    return "Bearer " + sandbox.healtheIntent().bearerToken();
  }

  private HttpResponse<String> get(String path) {
    return get(path, bearer());
  }

  private HttpResponse<String> get(String path, String authorization) {
    return caller.send(to(path, authorization));
  }

  private HttpRequest.Builder to(String path, String authorization) {
    String url = path.startsWith("http") ? path : sandbox.healtheIntent().url() + "/" + path;
    return HttpRequest.newBuilder(URI.create(url)).header("Authorization", authorization);
  }

  private static JsonNode json(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Caller.json(response);
  }
}
