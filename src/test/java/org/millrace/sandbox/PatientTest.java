package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PatientTest extends SandboxTest {
  @Test
  void aPatientIsFoundByEachParameter() {
    assertThat(found("_id=12990001,12990002")).containsExactly("12990001", "12990002");
    assertThat(found("identifier=" + MRN_SYSTEM + "%7C9900101")).containsExactly("12990001");
    assertThat(found("identifier=9900101")).containsExactly("12990001");
    assertThat(found("identifier=900-00-0101")).containsExactly("12990001");
    assertThat(found("family=zztestmil")).hasSize(3);
    assertThat(found("family:exact=ZZTESTMIL")).isEmpty();
    assertThat(found("family=ZZTESTMILLER&given=anna")).containsExactly("12990001", "12990003");
    assertThat(found("family=ZZTESTMILLER&gender=male")).containsExactly("12990002");
    assertThat(found("name=%C5%81ucja")).containsExactly("12990005");
    assertThat(found("birthdate=1949-05-23")).containsExactly("12990004");
    assertThat(found("birthdate=ge1990-01-01&birthdate=le1990-12-31")).containsExactly("12990005");
    assertThat(found("phone=555010600")).containsExactly("12990006");
    assertThat(found("email=a.zztestmiller")).containsExactly("12990003");
    assertThat(found("address-postalcode=50667")).containsExactly("12990004");
  }

  @Test
  void aNumberWithZerosInFrontIsAnotherNumber() {
    assertThat(found("identifier=" + MRN_SYSTEM + "%7C00009900101")).isEmpty();
    assertThat(
            caller
                .read("Patient/12990001")
                .at("/identifier/0/_value/extension/0/valueString")
                .asText())
        .isEqualTo("00009900101");
  }

  @Test
  void anAmbiguousNumberFindsBoth() {
    assertThat(found("identifier=" + MRN_SYSTEM + "%7C9900110"))
        .containsExactly("12990010", "12990011");
  }

  @Test
  void anEscapedCommaIsTextAndAnyOtherPartsValues() {
    assertThat(found("family=ZZTESTMILLER%5C%2C%20X")).isEmpty();
    assertThat(found("identifier=" + MRN_SYSTEM + "%7C9900101%5C%2C9900102")).isEmpty();
    assertThat(caller.get("Patient?family=ZZTESTMILLER,ZZTESTGARCIA").statusCode()).isEqualTo(400);
  }

  @Test
  void aNameThatHasEndedIsNotFound() {
    assertThat(found("family=ZZTESTCHEN")).containsExactly("12990008");
    assertThat(found("family=ZZTESTLIN")).isEmpty();
  }

  @Test
  void aCombinedPatientIsReadButNeverFound() {
    JsonNode combined = caller.read("Patient/12990013");

    assertThat(combined.path("active").asBoolean(true)).isFalse();
    assertThat(combined.at("/link/0/other/reference").asText()).isEqualTo("Patient/12990001");
    assertThat(combined.at("/link/0/type").asText()).isEqualTo("replaced-by");
    assertThat(combined.at("/identifier/0").has("value")).isFalse();
    assertThat(found("_id=12990013")).isEmpty();
  }

  @Test
  void aSearchWithoutARequiredParameterSaysWhichThereAre() {
    for (String query : List.of("", "gender=female", "family=", "_count=5", "active=true")) {
      HttpResponse<String> response = caller.get("Patient?" + query);
      assertThat(response.statusCode()).isEqualTo(400);
      JsonNode issue = issue(Caller.json(response));
      assertThat(issue.path("code").asText()).isEqualTo("invalid");
      assertThat(issue.path("details").path("text").asText())
          .isEqualTo(
              "at least one of _id, identifier, name, family, given, birthdate, phone, email,"
                  + " address-postalcode, or -pageContext must be provided");
    }
    for (String query :
        List.of(
            "family=A&family=B",
            "family=A,B",
            "birthdate=1980-01-01T00:00:00Z",
            "birthdate=ge1980-01-01&birthdate=ge1990-01-01",
            "birthdate=yesterday",
            "family=A&_count=0")) {
      assertThat(caller.get("Patient?" + query).statusCode()).as(query).isEqualTo(400);
    }
  }

  @Test
  void anEmptyResultHasNoEntryAndNoTotal() {
    JsonNode bundle = caller.read("Patient?family=NOBODY");

    assertThat(bundle.path("type").asText()).isEqualTo("searchset");
    assertThat(bundle.has("entry")).isFalse();
    assertThat(bundle.has("total")).isFalse();
    assertThat(bundle.at("/link/0/url").asText())
        .isEqualTo(sandbox.fhirBaseUrl() + "/Patient?family=NOBODY");
  }

  @Test
  void aCreatedPatientIsReadBackWithBothFamiliesOfCodes() {
    HttpResponse<String> created = caller.post("Patient", newPatient());

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.body()).isEmpty();
    assertThat(created.headers().firstValue("ETag")).contains("W/\"0\"");
    JsonNode patient = caller.read(created.headers().firstValue("Location").orElseThrow());
    assertThat(patient.path("identifier").size()).isEqualTo(1);
    JsonNode codings = patient.at("/identifier/0/type/coding");
    assertThat(codings.path(0).path("code").asText()).isEqualTo("10");
    assertThat(codings.path(0).path("userSelected").asBoolean(false)).isTrue();
    assertThat(codings.path(1).path("code").asText()).isEqualTo("MR");
    assertThat(codings.path(1).path("userSelected").asBoolean(true)).isFalse();
    assertThat(patient.at("/name/0/text").asText()).isEqualTo("ZZTESTDOE, JANE");
    assertThat(patient.at("/name/0/id").asText()).startsWith("CI-");
    assertThat(patient.at("/meta/versionId").asText()).isEqualTo("0");
    assertThat(patient.at("/meta/lastUpdated").asText()).isEqualTo("2026-11-20T10:00:00.000Z");
  }

  @Test
  void fieldsThatCannotBeWrittenAreIgnoredAndASocialSecurityNumberIsNeverShown() {
    ObjectNode patient = newPatient();
    patient.put("deceasedBoolean", true);
    patient.withArray("/contact").addObject().putObject("name").put("family", "ZZTESTKIN");
    patient
        .withArray("/identifier")
        .add(
            Caller.tree(
                "{'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203',"
                    + "'code':'SS'}]},'system':'http://hl7.org/fhir/sid/us-ssn',"
                    + "'value':'900-00-0777'}"));
    ((ObjectNode) patient.at("/name/0")).putArray("given").add("A").add("B").add("C");

    String id = caller.create("Patient", patient);

    JsonNode read = caller.read("Patient/" + id);
    assertThat(read.path("deceasedBoolean").asBoolean(true)).isFalse();
    assertThat(read.has("contact")).isFalse();
    assertThat(read.toString()).doesNotContain("900-00-0777");
    assertThat(read.at("/name/0/given/1").asText()).isEqualTo("B C");
    assertThat(found("identifier=900-00-0777")).containsExactly(id);
  }

  @Test
  void whatCernerRefusesIsUnprocessable() {
    List<Consumer<ObjectNode>> faults =
        List.of(
            patient -> patient.remove("identifier"),
            patient -> patient.withArray("/identifier").remove(0),
            patient -> ((ObjectNode) patient.at("/identifier/0")).put("use", "usual"),
            patient ->
                ((ObjectNode) patient.at("/identifier/0/assigner"))
                    .put("reference", "Organization/1"),
            patient -> ((ObjectNode) patient.at("/identifier/1")).put("use", "usual"),
            patient -> ((ObjectNode) patient.at("/identifier/1")).remove("type"),
            patient ->
                ((ObjectNode) patient.at("/identifier/1"))
                    .putObject("period")
                    .put("start", "2026-01-01"),
            patient ->
                patient
                    .withArray("/identifier/1/type/coding")
                    .addObject()
                    .put("system", "http://terminology.hl7.org/CodeSystem/v2-0203")
                    .put("code", "MR"),
            patient -> patient.remove("name"),
            patient -> ((ObjectNode) patient.at("/name/0")).remove("given"),
            patient -> ((ObjectNode) patient.at("/name/0")).put("use", "usual"),
            patient -> ((ObjectNode) patient.at("/name/0")).put("text", "DOE, JANE"),
            patient -> ((ObjectNode) patient.at("/name/0")).put("family", "X".repeat(101)),
            patient -> patient.put("active", false),
            patient -> patient.put("gender", "F"),
            patient -> patient.put("birthDate", "1980-13-01"),
            patient -> patient.putArray("telecom").addObject().put("system", "phone"),
            patient -> patient.putArray("address").addObject().put("city", "KC"),
            patient -> patient.putArray("address").addObject().put("use", "home").put("text", "KC"),
            patient -> patient.putArray("communication").add("a").add("b"),
            patient ->
                patient
                    .putArray("generalPractitioner")
                    .addObject()
                    .put("reference", "Practitioner/1"),
            patient -> patient.put("implicitRules", "http://example.org"));
    for (int i = 0; i < faults.size(); i++) {
      ObjectNode patient = newPatient();
      faults.get(i).accept(patient);
      assertThat(caller.post("Patient", patient).statusCode()).as("fault %d", i).isEqualTo(422);
    }
  }

  @Test
  void aPatchNamesTheListElementItChangesByItsId() {
    JsonNode before = caller.read("Patient/12990001");
    String nameId = before.at("/name/0/id").asText();
    String withTest =
        operations(
            "{'op':'test','path':'/name/0/id','value':'"
                + nameId
                + "'},"
                + "{'op':'replace','path':'/name/0/family','value':'ZZTESTNEW'},"
                + "{'op':'replace','path':'/gender','value':'other'},"
                + "{'op':'add','path':'/telecom/-','value':"
                + "{'system':'phone','use':'mobile','value':'5550199999'}}");

    HttpResponse<String> patched = caller.patch("Patient/12990001", "W/\"1\"", withTest);

    assertThat(patched.statusCode()).isEqualTo(200);
    assertThat(patched.body()).isEmpty();
    assertThat(patched.headers().firstValue("ETag")).contains("W/\"2\"");
    JsonNode after = caller.read("Patient/12990001");
    assertThat(after.at("/name/0/text").asText()).isEqualTo("ZZTESTNEW, ANNA MARIE");
    assertThat(after.at("/name/0/id").asText()).isEqualTo(nameId);
    assertThat(after.path("gender").asText()).isEqualTo("other");
    assertThat(after.path("telecom").findValuesAsText("id")).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  void whatCannotBePatchedIsRefused() {
    for (String bad :
        List.of(
            "{'op':'replace','path':'/name/0/family','value':'ZZTESTNEW'}",
            "{'op':'test','path':'/name/0/id','value':'CI-0'},"
                + "{'op':'replace','path':'/name/0/family','value':'ZZTESTNEW'}",
            "{'op':'replace','path':'/deceasedBoolean','value':true}",
            "{'op':'add','path':'/name/-','value':{'use':'old','family':'X'}}",
            "{'op':'add','path':'/identifier/-','value':{'value':'1'}}",
            "{'op':'remove','path':'/telecom/0'}",
            "{'op':'replace','path':'/gender','value':'F'}")) {
      HttpResponse<String> response = caller.patch("Patient/12990001", "W/\"1\"", operations(bad));
      assertThat(response.statusCode()).as(bad).isEqualTo(422);
    }
    String good = operations("{'op':'replace','path':'/gender','value':'other'}");
    assertThat(caller.patch("Patient/12990001", "W/\"0\"", good).statusCode()).isEqualTo(409);
    assertThat(
            caller
                .send(
                    caller
                        .to("Patient/12990001")
                        .setHeader("Content-Type", "application/json-patch+json")
                        .method("PATCH", BodyPublishers.ofString(good)))
                .statusCode())
        .isEqualTo(412);
    assertThat(caller.read("Patient/12990001").at("/meta/versionId").asText()).isEqualTo("1");
  }

  @Test
  void aPatchCanBeTunnelledThroughPost() {
    String good = operations("{'op':'replace','path':'/gender','value':'other'}");

    HttpResponse<String> response =
        caller.send(
            caller
                .to("Patient/12990001?_method=patch")
                .setHeader("Content-Type", "application/json-patch+json")
                .header("If-Match", "W/\"1\"")
                .POST(BodyPublishers.ofString(good)));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(caller.read("Patient/12990001").path("gender").asText()).isEqualTo("other");
  }

  private static String operations(String list) {
    return Caller.tree("[" + list + "]").toString();
  }

  private static List<String> found(String query) {
    return caller.read("Patient?" + query).findValues("resource").stream()
        .map(resource -> resource.path("id").asText())
        .toList();
  }
}
