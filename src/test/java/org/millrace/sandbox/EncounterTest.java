package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EncounterTest extends SandboxTest {
  @Test
  void pagesRunFromTheOldestToTheNewestBehindOpaqueLinks() {
    List<String> starts = new ArrayList<>();
    String page = "Encounter?patient=12990006";
    int pages = 0;
    while (!page.isEmpty()) {
      JsonNode bundle = caller.read(page);
      assertThat(bundle.has("total")).isFalse();
      bundle.path("entry").forEach(e -> starts.add(e.at("/resource/period/start").asText()));
      page = link(bundle, "next");
      pages++;
      assertThat(page).matches("|.*patient=12990006&-pageContext=[^&]+&-pageDirection=NEXT");
    }

    assertThat(pages).isEqualTo(3);
    assertThat(starts).hasSize(25).isSorted();
  }

  @Test
  void aPageLeadsBackToThePreviousOne() {
    JsonNode first = caller.read("Encounter?patient=12990006&_count=20");
    JsonNode second = caller.read(link(first, "next"));

    assertThat(first.path("entry").size()).isEqualTo(20);
    assertThat(second.path("entry").size()).isEqualTo(5);
    assertThat(caller.read(link(second, "previous")).path("entry")).isEqualTo(first.path("entry"));
    assertThat(caller.get("Encounter?-pageContext=none").statusCode()).isEqualTo(400);
  }

  @Test
  void encountersAreFoundByOneAnchorAndNarrowed() {
    assertThat(found("patient=12990002")).containsExactly("97990201", "97990202", "97990203");
    assertThat(found("subject=Patient/12990002&date=ge2026-01-01T00:00:00Z"))
        .containsExactly("97990203");
    assertThat(found("subject:Patient=12990002")).hasSize(3);
    assertThat(found("patient=12990002&status=in-progress,planned")).containsExactly("97990203");
    assertThat(found("identifier=urn:oid:2.16.840.1.113883.3.13.6.1%7C88000203"))
        .containsExactly("97990203");
    assertThat(found("identifier=88000203")).containsExactly("97990203");
    assertThat(found("_id=97990101")).containsExactly("97990101");
    assertThat(found("patient=12990012")).isEmpty();
    assertThat(found("patient=12990015")).containsExactly("97991501");
  }

  @Test
  void searchesThatCernerRefusesAreRefused() {
    for (String query :
        List.of(
            "",
            "status=finished",
            "patient=12990002&identifier=88000203",
            "identifier=88000203&status=finished",
            "patient=12990002&date=2026-01-01",
            "patient=12990002&date=ge2026-01-01T00:00:00Z&date=ge2026-02-01T00:00:00Z",
            "patient=12990002&status=arrived")) {
      assertThat(caller.get("Encounter?" + query).statusCode()).as(query).isEqualTo(400);
    }
  }

  @Test
  void anInpatientIsInABedOfARoomOfAWardOfTheBuilding() {
    JsonNode encounter = caller.read("Encounter/97990203");
    assertThat(encounter.at("/participant/0/individual/display").asText())
        .isEqualTo("ZZTESTLARA, TOMAS");

    String location = encounter.at("/location/0/location/reference").asText();
    List<String> names = new ArrayList<>();
    while (!location.isEmpty()) {
      JsonNode read = caller.read(location);
      names.add(read.path("name").asText());
      location = read.at("/partOf/reference").asText();
    }
    assertThat(names).containsExactly("Bed B", "3W-12", "3 West", "Millrace Model Hospital");
  }

  @Test
  void aCombinedEncounterIsReadButNeverFound() {
    assertThat(caller.read("Encounter/97991502").path("status").asText()).isEqualTo("unknown");
  }

  @Test
  void aCreatedEncounterGetsItsClassFromItsType() {
    ObjectNode sent = newEncounter();
    sent.putObject("class").put("code", "AMB");

    String id = caller.create("Encounter", sent);

    JsonNode read = caller.read("Encounter/" + id);
    assertThat(read.at("/class/code").asText()).isEqualTo("IMP");
    assertThat(read.at("/type/0/coding/1/code").asText()).isEqualTo("I");
    assertThat(read.at("/serviceProvider/reference").asText()).isEqualTo("Organization/675844");
    assertThat(read.at("/location/0/location/display").asText()).isEqualTo("Bed B");
    assertThat(found("patient=12990003")).containsExactly("97990301", id);
  }

  @Test
  void whatCernerRefusesIsUnprocessable() {
    List<Consumer<ObjectNode>> faults =
        List.of(
            encounter -> encounter.put("status", "cancelled"),
            encounter -> encounter.remove("status"),
            encounter -> encounter.remove("type"),
            encounter -> encounter.remove("subject"),
            encounter -> encounter.remove("location"),
            encounter ->
                encounter.putObject("serviceProvider").put("reference", "Organization/675844"),
            encounter ->
                encounter.withArray("/location").add(encounter.at("/location/0").deepCopy()),
            encounter -> ((ObjectNode) encounter.path("period")).put("start", "2026-11-20"),
            encounter -> encounter.putArray("identifier").addObject().put("value", "1"),
            encounter ->
                encounter
                    .putArray("participant")
                    .addObject()
                    .putObject("individual")
                    .put("reference", "Practitioner/593923"));
    for (int i = 0; i < faults.size(); i++) {
      ObjectNode encounter = newEncounter();
      faults.get(i).accept(encounter);
      assertThat(caller.post("Encounter", encounter).statusCode()).as("fault %d", i).isEqualTo(422);
    }
  }

  @Test
  void onlyPeriodTypeAndExtensionsCanBePatched() {
    HttpResponse<String> discharged =
        patch("W/\"1\"", "{'op':'replace','path':'/period/end','value':'2026-11-20T09:00:00Z'}");

    assertThat(discharged.statusCode()).isEqualTo(200);
    assertThat(discharged.headers().firstValue("ETag")).contains("W/\"2\"");
    JsonNode read = caller.read("Encounter/97990203");
    assertThat(read.at("/period/end").asText()).isEqualTo("2026-11-20T09:00:00Z");
    assertThat(read.path("status").asText()).isEqualTo("in-progress");
    for (String bad :
        List.of(
            "{'op':'replace','path':'/status','value':'finished'}",
            "{'op':'replace','path':'/period/end','value':'2026-11-20'}",
            "{'op':'replace','path':'/period/end','value':'2020-11-20T09:00:00Z'}",
            "{'op':'remove','path':'/location/0'}")) {
      assertThat(patch("W/\"2\"", bad).statusCode()).as(bad).isEqualTo(422);
    }
  }

  private static HttpResponse<String> patch(String etag, String operation) {
    return caller.patch("Encounter/97990203", etag, Caller.tree("[" + operation + "]").toString());
  }

  private static String link(JsonNode bundle, String relation) {
    for (JsonNode link : bundle.path("link")) {
      if (link.path("relation").asText().equals(relation)) {
        return link.path("url").asText();
      }
    }
    return "";
  }

  private static List<String> found(String query) {
    return caller.read("Encounter?" + query).findValues("resource").stream()
        .map(resource -> resource.path("id").asText())
        .toList();
  }
}
