package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DocumentReferenceTest extends SandboxTest {
  @Test
  void aFiledNoteIsReadBackByItsRenditionsAndNeverInline() {
    HttpResponse<String> created = caller.post("DocumentReference", newDocument());

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.body()).isEmpty();
    assertThat(created.headers().firstValue("ETag")).contains("W/\"1\"");
    String id = idIn(created);
    JsonNode read = caller.read("DocumentReference/" + id);
    assertThat(read.path("date").asText()).isEqualTo("2026-11-20T10:00:00Z");
    assertThat(read.path("type").path("coding").path(0).path("system").asText())
        .isEqualTo(codeSet(72));
    assertThat(read.path("type").path("coding").path(1).path("code").asText()).isEqualTo("11506-3");
    assertThat(read.path("subject").path("display").asText()).isEqualTo("ZZTESTMILLER, ANNA MARIE");
    JsonNode first = read.path("content").path(0).path("attachment");
    assertThat(first.path("title").asText()).isEqualTo("Note MR-1");
    assertThat(first.has("data")).isFalse();
    assertThat(first.path("url").asText()).isEqualTo(sandbox.fhirBaseUrl() + "/Binary/R-" + id);
    assertThat(read.path("content").size()).isEqualTo(2);
  }

  @Test
  void aRenditionIsReadAsJsonOrAsItIs() {
    JsonNode json = caller.read("Binary/R-209990001");
    HttpResponse<String> raw =
        caller.send(caller.to("Binary/R-209990001").header("Accept", "text/plain"));

    assertThat(json.path("contentType").asText()).isEqualTo("text/plain;charset=utf-8");
    assertThat(json.path("data").asText()).isNotEmpty();
    assertThat(raw.body()).startsWith("Blood pressure 128/82");
    assertThat(
            caller
                .send(caller.to("Binary/R-209990001").header("Accept", "application/json"))
                .statusCode())
        .isEqualTo(406);
    assertThat(caller.post("Binary", Json.object()).statusCode()).isEqualTo(404);
  }

  @Test
  void whatCernerRefusesIsUnprocessable() {
    List<Consumer<ObjectNode>> faults =
        List.of(
            document -> document.remove("docStatus"),
            document -> document.put("docStatus", "preliminary"),
            document -> document.put("status", "superseded"),
            document -> document.remove("type"),
            document ->
                document
                    .withArray("/type/coding")
                    .addObject()
                    .put("system", codeSet(72))
                    .put("code", "2820510"),
            document -> document.putObject("subject").put("reference", "Patient/1"),
            document -> document.putObject("subject").put("reference", "Patient/12990013"),
            document -> document.remove("context"),
            document -> ((ObjectNode) document.at("/context/period")).remove("end"),
            document -> ((ObjectNode) document.at("/context/period")).put("end", "2026-11-20"),
            document ->
                document
                    .withArray("/context/encounter")
                    .addObject()
                    .put("reference", "Encounter/1"),
            document ->
                ((ObjectNode) document.at("/context/encounter/0"))
                    .put("reference", "Encounter/97990203"),
            document -> document.withArray("/content").add(document.at("/content/0").deepCopy()),
            document -> document.putArray("content"),
            document -> attachment(document).remove("data"),
            document -> attachment(document).put("data", "%%%"),
            document -> attachment(document).put("data", "/w=="),
            document -> attachment(document).put("contentType", "text/plain"),
            document -> attachment(document).put("contentType", "text/plain; charset=utf-8"),
            document -> attachment(document).put("creation", "2026-11-20"),
            document ->
                attachment(document)
                    .put("contentType", "application/xhtml+xml;charset=utf-8")
                    .put("data", "PGh0bWw+PGJyPjwvaHRtbD4="),
            document -> document.putArray("author").addObject().put("reference", "Practitioner/1"),
            document -> document.putArray("modifierExtension"));
    for (int i = 0; i < faults.size(); i++) {
      ObjectNode document = newDocument();
      faults.get(i).accept(document);

      HttpResponse<String> response = caller.post("DocumentReference", document);

      assertThat(response.statusCode()).as("fault %d", i).isEqualTo(422);
      assertThat(issue(Caller.json(response)).path("details").path("text").asText())
          .isEqualTo("Unprocessable entity");
    }
    assertThat(caller.control("GET", "/resources/DocumentReference", "").body())
        .doesNotContain("Note MR-1");
  }

  @Test
  void theReasonOfARefusalStandsInTheListOfRequestsAlone() {
    ObjectNode document = newDocument();
    document.remove("docStatus");

    HttpResponse<String> response = caller.post("DocumentReference", document);

    assertThat(response.body()).doesNotContain("docStatus");
    assertThat(caller.lastRequest().path("reason").asText())
        .isEqualTo("docStatus is missing or not allowed");
  }

  @Test
  void aTypeOfAnotherCodeSetIsABadRequest() {
    ObjectNode document = newDocument();
    ((ObjectNode) document.at("/type/coding/0")).put("system", codeSet(71));

    assertThat(caller.post("DocumentReference", document).statusCode()).isEqualTo(400);
  }

  @Test
  void everyContentTypeOfTheListIsTaken() {
    for (String type : AttachmentRules.CREATE_TYPES) {
      ObjectNode document = newDocument();
      attachment(document).put("contentType", type);
      if (type.contains("xhtml")) {
        attachment(document).put("data", "PGh0bWw+PGJyLz48L2h0bWw+");
      }

      assertThat(caller.post("DocumentReference", document).statusCode()).as(type).isEqualTo(201);
    }
  }

  @Test
  void aNoteIsFoundByPatientWithOneTimeCriterion() {
    String id = caller.create("DocumentReference", newDocument());

    assertThat(found("patient=12990001")).containsExactly(id, "209990001");
    assertThat(found("patient=Patient/12990001&date=ge2026-11-20T09:59:00Z")).containsExactly(id);
    assertThat(found("patient=12990001&date=2026-09-15")).containsExactly("209990001");
    assertThat(found("patient=12990001&date=ge2026-11-20T09:00:00Z&date=lt2026-11-20T10:00:00Z"))
        .isEmpty();
    assertThat(found("patient=12990001&period=ge2026-11-20&period=lt2026-11-21"))
        .containsExactly(id);
    assertThat(found("patient=12990001&_lastUpdated=ge2026-11-20T10:00:00Z")).containsExactly(id);
    assertThat(found("patient=12990001&type=http://loinc.org%7C11506-3")).hasSize(2);
    assertThat(found("patient=12990001&type=34117-2")).isEmpty();
    assertThat(found("patient=12990001&encounter=97990102&category=clinical-note")).hasSize(2);
    assertThat(found("_id=" + id)).containsExactly(id);
  }

  @Test
  void aSearchWithoutAnchorOrWithTwoTimeCriteriaIsRefused() {
    for (String query :
        List.of(
            "type=11506-3",
            "patient=12990001&date=2026-11-20&period=ge2026-11-20&period=lt2026-11-21",
            "patient=12990001&period=ge2026-11-20",
            "patient=12990001&period=ge2026-11-20&period=lt2026-11-21T00:00:00Z",
            "patient=12990001&date=ge2026-11-20&date=lt2026-11-21",
            "patient=12990001&date=soon")) {
      assertThat(caller.get("DocumentReference?" + query).statusCode()).as(query).isEqualTo(400);
    }
  }

  @Test
  void aCorrectionNeedsTheNewestVersionAndKeepsSubjectAndEncounter() {
    String id = caller.create("DocumentReference", newDocument());
    String path = "DocumentReference/" + id;
    ObjectNode amended = newDocument().put("docStatus", "amended");
    attachment(amended).put("contentType", "text/html;charset=utf-8");

    assertThat(caller.put(path, "W/\"0\"", amended).statusCode()).isEqualTo(409);
    HttpResponse<String> updated = caller.put(path, "W/\"1\"", amended);
    assertThat(updated.statusCode()).isEqualTo(200);
    assertThat(updated.headers().firstValue("ETag")).contains("W/\"2\"");
    assertThat(caller.read(path).path("docStatus").asText()).isEqualTo("amended");

    assertThat(caller.put(path, "W/\"2\"", caller.read(path)).statusCode()).isEqualTo(400);
    ObjectNode elsewhere = amended.deepCopy();
    ((ObjectNode) elsewhere.at("/context/encounter/0")).put("reference", "Encounter/97990101");
    assertThat(caller.put(path, "W/\"2\"", elsewhere).statusCode()).isEqualTo(422);
    ObjectNode earlier = amended.deepCopy();
    attachment(earlier).put("creation", "2026-11-19T09:30:00Z");
    assertThat(caller.put(path, "W/\"2\"", earlier).statusCode()).isEqualTo(422);
    assertThat(caller.put(path, "W/\"2\"", newDocument()).statusCode()).isEqualTo(422);

    ObjectNode wrong = amended.deepCopy().put("docStatus", "entered-in-error");
    assertThat(caller.put(path, "W/\"2\"", wrong).statusCode()).isEqualTo(200);
    assertThat(caller.read(path).path("status").asText()).isEqualTo("entered-in-error");
  }

  private static List<String> found(String query) {
    return caller.read("DocumentReference?" + query).findValues("resource").stream()
        .map(resource -> resource.path("id").asText())
        .toList();
  }

  private static String idIn(HttpResponse<String> created) {
    String location = created.headers().firstValue("Location").orElseThrow();
    assertThat(location).startsWith(sandbox.fhirBaseUrl() + "/DocumentReference/");
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
