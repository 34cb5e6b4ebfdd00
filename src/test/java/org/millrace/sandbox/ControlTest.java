package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ControlTest extends SandboxTest {
  @Test
  void faultsAreUsedUpInTheOrderOfTheirList() {
    caller.faults(
        "[{'method':'GET','path':'Patient','times':1,'status':503,'retryAfter':2},"
            + "{'path':'Patient','times':1,'status':429,'body':{'resourceType':'OperationOutcome'}},"
            + "{'path':'Encounter','status':504,'contentType':'text/html','text':'<html/>'}]");

    HttpResponse<String> first = caller.get("Patient/12990001");
    HttpResponse<String> second = caller.get("Patient?_id=12990001");
    assertThat(first.statusCode()).isEqualTo(503);
    assertThat(first.headers().firstValue("Retry-After")).contains("2");
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(Caller.json(second).path("resourceType").asText()).isEqualTo("OperationOutcome");
    assertThat(caller.get("Patient/12990001").statusCode()).isEqualTo(200);
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> html = caller.get("Encounter/97990101");
      assertThat(html.statusCode()).isEqualTo(504);
      assertThat(html.body()).isEqualTo("<html/>");
      assertThat(html.headers().firstValue("Content-Type")).contains("text/html");
    }
  }

  @Test
  void aConnectionDroppedAfterTheCommitLeavesTheNoteBehind() {
    caller.faults("[{'method':'POST','path':'DocumentReference','times':1,'drop':'after-commit'}]");

    assertThatThrownBy(() -> post("DocumentReference")).isInstanceOf(IOException.class);

    assertThat(notes()).isEqualTo(4);
    assertThat(caller.lastRequest().path("status").isNull()).isTrue();
  }

  @Test
  void aConnectionDroppedBeforeTheCommitLeavesNothing() {
    caller.faults("[{'method':'POST','path':'DocumentReference','times':1,'drop':'before'}]");

    assertThatThrownBy(() -> post("DocumentReference")).isInstanceOf(IOException.class);

    assertThat(notes()).isEqualTo(3);
  }

  @Test
  void aStatusSaysNothingWasStoredUnlessItIsSentAfterTheCommit() {
    caller.faults(
        "[{'method':'POST','times':1,'status':500},"
            + "{'method':'POST','times':1,'status':502,'afterCommit':true}]");

    assertThat(caller.post("DocumentReference", newDocument()).statusCode()).isEqualTo(500);
    assertThat(notes()).isEqualTo(3);
    assertThat(caller.post("DocumentReference", newDocument()).statusCode()).isEqualTo(502);
    assertThat(notes()).isEqualTo(4);
  }

  @Test
  void aSlowAnswerKeepsNobodyElseWaiting() throws Exception {
    caller.faults("[{'path':'Patient/12990001','times':1,'latency':'600ms'}]");

    long asked = System.nanoTime();
    CompletableFuture<HttpResponse<String>> slow =
        caller.http().sendAsync(caller.to("Patient/12990001").build(), BodyHandlers.ofString());
    assertThat(caller.get("Patient/12990002").statusCode()).isEqualTo(200);
    assertThat(slow.isDone()).isFalse();
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(System.nanoTime() - asked).isGreaterThan(590_000_000L);
  }

  @Test
  void aTokenThatExpiredStaysSoAndTheNextOneIsGood() {
    caller.faults("[{'expiredToken':true,'times':1}]");

    assertThat(caller.get("Patient/12990001").statusCode()).isEqualTo(401);
    assertThat(caller.get("Patient/12990001").statusCode()).isEqualTo(401);
    caller.signedIn();
    assertThat(caller.get("Patient/12990001").statusCode()).isEqualTo(200);
  }

  @Test
  void aFaultMayNameItsPathWithTheSlashBeforeIt() {
    caller.faults("[{'path':'/Patient','status':503}]");

    assertThat(caller.get("Patient/12990001").statusCode()).isEqualTo(503);
    assertThat(caller.get("Encounter/97990101").statusCode()).isEqualTo(200);
  }

  @Test
  void aSearchCanEndInAWarningThatSomeOfItIsMissing() {
    caller.faults("[{'path':'Encounter','outcomeEntry':true,'times':1}]");

    JsonNode entries = caller.read("Encounter?patient=12990001").path("entry");

    assertThat(entries.size()).isEqualTo(3);
    assertThat(entries.path(2).at("/search/mode").asText()).isEqualTo("outcome");
    assertThat(entries.path(2).at("/resource/issue/0/code").asText()).isEqualTo("suppressed");
    assertThat(caller.read("Encounter?patient=12990001").path("entry").size()).isEqualTo(2);
  }

  @Test
  void tokenCallsCanFailToo() {
    caller.faults("[{'path':'token','times':1,'status':503}]");

    assertThat(caller.askToken(sandbox.tokenUrl(), "system/Patient.read").statusCode())
        .isEqualTo(503);
    assertThat(caller.askToken(sandbox.tokenUrl(), "system/Patient.read").statusCode())
        .isEqualTo(200);
  }

  @Test
  void aFaultThatIsNotUnderstoodChangesNothing() {
    caller.faults("[{'path':'Patient','status':503}]");

    for (String bad :
        List.of("{'latency':'long'}", "{'drop':'maybe'}", "{'status':99}", "{'staus':503}")) {
      assertThat(
              caller
                  .control("PUT", "/faults", Caller.tree("{'faults':[" + bad + "]}").toString())
                  .statusCode())
          .isEqualTo(400);
    }
    assertThat(caller.get("Patient/12990001").statusCode()).isEqualTo(503);
  }

  @Test
  void requestsAreListedAsTheyCameWithoutSecrets() {
    caller.get("Patient?family=ZZTESTM%C3%9CLLER&birthdate=ge1940-01-01&birthdate=le1950-01-01");
    caller.askToken(sandbox.tokenUrl(), "system/Patient.read");
    caller.post("DocumentReference", newDocument());

    JsonNode requests = caller.requests();
    JsonNode search = requests.path(0);
    assertThat(search.path("method").asText()).isEqualTo("GET");
    assertThat(search.path("path").asText()).isEqualTo("Patient");
    assertThat(search.path("url").asText())
        .isEqualTo(
            "Patient?family=ZZTESTM%C3%9CLLER&birthdate=ge1940-01-01&birthdate=le1950-01-01");
    assertThat(search.path("query").path("family").path(0).asText()).isEqualTo("ZZTESTMÜLLER");
    assertThat(search.path("query").path("birthdate").size()).isEqualTo(2);
    assertThat(search.path("status").asInt()).isEqualTo(200);
    assertThat(search.path("at").asText()).isEqualTo("2026-11-20T10:00:00Z");
    assertThat(search.path("headers").path("accept").asText()).isEqualTo("application/fhir+json");
    assertThat(search.path("body").isNull()).isTrue();
    JsonNode token = requests.path(1);
    assertThat(token.path("path").asText()).isEqualTo("token");
    assertThat(token.path("body").path("scope").asText()).isEqualTo("system/Patient.read");
    assertThat(requests.path(2).path("body")).isEqualTo(newDocument());
    assertThat(requests.toString())
        .doesNotContainIgnoringCase("authorization")
        .doesNotContain(sandbox.clientSecret());

    caller.control("DELETE", "/requests", "");
    assertThat(caller.requests().isEmpty()).isTrue();
  }

  @Test
  void aResetBringsBackTheSeedAndTheSameAddressesAgain() {
    String first = caller.create("Patient", newPatient());
    String page = nextPage();
    caller.faults("[{'status':503}]");

    reset();

    assertThat(caller.get("Patient/" + first).statusCode()).isEqualTo(404);
    assertThat(caller.create("Patient", newPatient())).isEqualTo(first);
    assertThat(nextPage()).isEqualTo(page);
  }

  @Test
  void seededResourcesAreStoredAsTheyAre() {
    HttpResponse<String> stored =
        caller.control(
            "POST",
            "/seed",
            Caller.tree(
                    "[{'resourceType':'Patient','id':'7','active':true,"
                        + "'name':[{'family':'ZZTESTSEED'}]}]")
                .toString());
    caller.control(
        "POST",
        "/seed",
        Caller.tree(
                "{'resourceType':'Bundle','entry':[{'resource':"
                    + "{'resourceType':'Patient','id':'12990001','active':false}}]}")
            .toString());

    assertThat(stored.statusCode()).isEqualTo(200);
    assertThat(caller.read("Patient?family=zztestseed").path("entry").size()).isEqualTo(1);
    assertThat(caller.read("Patient/12990001").path("active").asBoolean(true)).isFalse();
    assertThat(caller.control("POST", "/seed", "[{}]").statusCode()).isEqualTo(400);
    assertThat(Caller.json(caller.control("GET", "/resources/Patient/7", "")).path("id").asText())
        .isEqualTo("7");
  }

  private static void post(String type) throws IOException {
    caller.trySend(caller.to(type).POST(BodyPublishers.ofString(newDocument().toString())));
  }

  private static int notes() {
    return Caller.json(caller.control("GET", "/resources/DocumentReference", "")).size();
  }

  private static String nextPage() {
    return caller.read("Encounter?patient=12990006").path("link").path(1).path("url").asText();
  }
}
