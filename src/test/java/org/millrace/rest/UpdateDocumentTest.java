package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.cerner.Call;
import org.millrace.mapping.Mapper;

/** The action that puts a new text in the place of a document's. */
class UpdateDocumentTest {
  private static EngineInFrontOfSandbox engine;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineInFrontOfSandbox.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void reset() {
    engine.reset();
  }

  private static ObjectNode acted(String action, String fields) {
    RestAnswer answer = engine.act(action, fields);
    assertThat(answer.status()).as(text(answer)).isBetween(200, 201);
    return json(answer);
  }

  private static String text(RestAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /** The id of a note of a visit, as an action files it. */
  private static String filed() {
    return acted(
            "create-document",
            "{'patientResourceId':'12990002','encounterResourceId':'97990203','title':'Of today',"
                + "'type':'18842-5','note':'Goes home.'}")
        .path("resourceId")
        .asText();
  }

  private static String fields(String id, String more) {
    return "{'resourceId':'"
        + id
        + "','patientResourceId':'12990002','note':'Stays: pulse < 50 & slow.'"
        + more
        + "}";
  }

  private static RestAnswer update(String id, String more) {
    return engine.act("update-document", fields(id, more));
  }

  private static void refused(RestAnswer answer, int status, String code, String sentence) {
    assertThat(answer.status()).as(text(answer)).isEqualTo(status);
    assertThat(json(answer).path("code").asText()).isEqualTo(code);
    assertThat(text(answer)).contains(sentence);
  }

  private static long puts() {
    return StreamSupport.stream(engine.requests().spliterator(), false)
        .filter(request -> request.path("method").asText().equals("PUT"))
        .count();
  }

  private static ObjectNode document(String id) {
    return json(engine.get("DocumentReference/" + id));
  }

  private static String title(JsonNode document) {
    return document.at("/content/0/attachment/title").asText();
  }

  @Test
  void theTextIsReplacedAndAllElseStays() {
    String id = filed();
    ObjectNode signed = document(id);
    signed.putArray("author").addObject().put("reference", "Practitioner/593923");
    signed.putObject("authenticator").put("reference", "Practitioner/593923");
    engine.seed(EngineInFrontOfSandbox.list(signed));
    ObjectNode before = document(id);

    ObjectNode answer = acted("update-document", fields(id, ",'version':'1'"));

    assertThat(answer).isEqualTo(json("{'resourceId':'" + id + "','version':'2'}"));
    ObjectNode after = document(id);
    assertThat(after.at("/meta/versionId").asText()).isEqualTo("2");
    assertThat(after.path("docStatus").asText()).isEqualTo("amended");
    assertThat(title(after)).startsWith(title(before) + " [mr-").startsWith("Of today [mr-");
    for (String kept : List.of("type", "subject", "context")) {
      assertThat(after.path(kept)).as(kept).isEqualTo(before.path(kept));
    }
    for (String kept : List.of("/author/0/reference", "/authenticator/reference")) {
      assertThat(after.at(kept).asText()).as(kept).isEqualTo("Practitioner/593923");
    }
    assertThat(content(id)).contains("<pre>Stays: pulse &lt; 50 &amp; slow.</pre>");
  }

  private static String content(String id) {
    ObjectNode content = acted("get-document-content", "{'resourceId':'" + id + "'}");
    assertThat(content.path("contentType").asText()).isEqualTo("text/html;charset=utf-8");
    return content.path("text").asText();
  }

  @Test
  void aTitleThatWasReadGoesBackAsItIsAndAnotherTypeIsTaken() {
    String id = filed();
    acted(
        "update-document",
        fields(
            id,
            ",'title':'"
                + title(document(id))
                + "','type':'11506-3','encounterResourceId':'97990203'"
                + ",'contentType':'text/html'"));
    assertThat(title(document(id))).matches("Of today \\[mr-[0-9a-z]+] \\[mr-[0-9a-z]+]");
    assertThat(document(id).at("/type/coding").findValuesAsText("code")).contains("11506-3");
    assertThat(content(id)).isEqualTo("Stays: pulse < 50 & slow.");
    acted("update-document", fields(id, ",'title':'Mine'"));
    assertThat(title(document(id))).matches("Mine \\[mr-[0-9a-z]+] \\[mr-[0-9a-z]+]");
  }

  @Test
  void aVersionThatIsNotTheNewestIsAConflict() {
    String id = filed();
    acted("update-document", fields(id, ""));
    refused(update(id, ",'version':'1'"), 409, "conflict", "not the newest one");
    assertThat(puts()).isEqualTo(1);
    assertThat(document(id).at("/meta/versionId").asText()).isEqualTo("2");
  }

  @Test
  void whatSomebodyElseOvertookIsSentAnewOnceUnlessAVersionWasNamed() {
    String id = filed();
    String conflict = "{'method':'PUT','path':'DocumentReference','status':409";
    engine.addFaults("[" + conflict + ",'times':1}]");
    assertThat(acted("update-document", fields(id, "")).path("version").asText()).isEqualTo("2");
    engine.addFaults("[" + conflict + ",'times':1}]");
    refused(update(id, ",'version':'2'"), 409, "conflict", "");
    engine.addFaults("[" + conflict + "}]");
    refused(update(id, ""), 409, "conflict", "");
    assertThat(puts()).isEqualTo(5);
  }

  @Test
  void aDocumentThatIsNotThereIsNotFound() {
    refused(update("209999999", ""), 404, "not-found", "");
    assertThat(puts()).isZero();
  }

  @Test
  void everyMissingFieldIsToldByNameBeforeCernerIsAsked() {
    RestAnswer answer = engine.act("update-document", "{'contentType':'text/richtext'}");
    refused(answer, 400, "invalid-input", "");
    List<String> fields = new ArrayList<>();
    json(answer).path("errors").forEach(error -> fields.add(error.path("field").asText()));
    assertThat(fields)
        .containsExactlyInAnyOrder("resourceId", "patientResourceId", "note", "contentType");
    assertThat(engine.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "12990001, 97990203, patientResourceId, is not the document's patient",
    "12990002, 97990101, encounterResourceId, is not the document's visit"
  })
  void aDocumentMovesToNoOtherPatientOrVisit(
      String patient, String visit, String field, String message) {
    String id = filed();
    RestAnswer answer =
        engine.act(
            "update-document",
            "{'resourceId':'"
                + id
                + "','patientResourceId':'"
                + patient
                + "','encounterResourceId':'"
                + visit
                + "','note':'x'}");
    refused(answer, 422, "target-refuses", message);
    assertThat(json(answer).at("/errors/0/field").asText()).isEqualTo(field);
    assertThat(puts()).isZero();
  }

  @Test
  void whatWasEnteredInErrorStaysSo() {
    String id = filed();
    ObjectNode wrong = document(id).put("status", "entered-in-error");
    wrong.put("docStatus", "entered-in-error");
    engine.seed(EngineInFrontOfSandbox.list(wrong));
    refused(update(id, ""), 422, "target-refuses", "was entered in error");
    assertThat(puts()).isZero();
  }

  @Test
  void whatCernerWouldRefuseOfTheWholeIsToldBeforeItIsSent() {
    String id = filed();
    ObjectNode untyped = document(id);
    untyped.remove("type");
    engine.seed(EngineInFrontOfSandbox.list(untyped));
    refused(update(id, ""), 422, "target-refuses", "DocumentReference.type");
    assertThat(puts()).isZero();
    acted("update-document", fields(id, ",'type':'11506-3'"));
  }

  @Test
  void anUpdateWhoseAnswerWasLostIsSeenToBeThere() {
    String id = filed();
    engine.addFaults(
        "[{'method':'PUT','path':'DocumentReference','drop':'after-commit','times':1}]");
    assertThat(acted("update-document", fields(id, "")).path("version").asText()).isEqualTo("2");
    assertThat(puts()).isEqualTo(1);
    engine.addFaults("[{'method':'PUT','path':'DocumentReference','drop':'before','times':1}]");
    refused(update(id, ""), 503, "connection-broken", "");
    assertThat(document(id).at("/meta/versionId").asText()).isEqualTo("2");
  }

  @Test
  void whatCannotBeReadAfterALostAnswerIsUnknown() {
    String id = filed();
    ActionUpdate update =
        new ActionUpdate(
            id,
            Optional.empty(),
            new Mapper.ActionRun(
                EngineInFrontOfSandbox.note("12990002", "Of today"),
                List.of(),
                List.of(),
                List.of()),
            read -> {
              engine.addFaults(
                  "[{'method':'PUT','path':'DocumentReference','drop':'after-commit'},"
                      + "{'method':'GET','path':'DocumentReference','status':500}]");
              return List.of();
            },
            engine.cerner.fhir());
    assertThat(update.carryOut(Call.within(Duration.ofSeconds(10))))
        .isInstanceOf(Changed.OutcomeUnknown.class);
  }
}
