package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.note;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Creates, updates and patches, over the FHIR facade and as actions. */
class ChartWritesTest {
  private static final String SLOT = "24477854-21304876-61518614-";
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

  private static RestAnswer change(
      String method, String path, String version, String body, String... prefer) {
    Map<String, String> headers = new HashMap<>();
    headers.put(
        "content-type",
        method.equals("PATCH") ? "application/json-patch+json" : "application/fhir+json");
    if (!version.isEmpty()) {
      headers.put("if-match", "W/\"" + version + "\"");
    }
    if (prefer.length > 0) {
      headers.put("prefer", prefer[0]);
    }
    return engine.fhir.handle(request(method, path, headers, body.replace('\'', '"')));
  }

  private static String text(RestAnswer answer) {
    return json(answer).at("/issue/0/details/text").asText();
  }

  private static JsonNode acted(String action, String fields) {
    RestAnswer answer = engine.act(action, fields);
    assertThat(answer.status()).as(new String(answer.body())).isBetween(200, 201);
    return json(answer);
  }

  @Test
  void aPatientIsPatchedWithTheTestThatNamesTheElement() {
    String nameId = json(engine.get("Patient/12990001")).at("/name/0/id").asText();
    String body =
        "[{'op':'test','path':'/name/0/id','value':'"
            + nameId
            + "'},{'op':'replace','path':'/name/0/family','value':'ZZTESTWED'}]";
    RestAnswer answer = change("PATCH", "Patient/12990001", "1", body, "return=representation");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers())
        .containsEntry("ETag", "W/\"2\"")
        .containsEntry(
            "Content-Location", EngineInFrontOfSandbox.ROOT + "/fhir/r4/Patient/12990001");
    assertThat(json(answer).at("/name/0/family").asText()).isEqualTo("ZZTESTWED");
    RestAnswer stale = change("PATCH", "Patient/12990001", "1", body);
    assertThat(stale.status()).isIn(409, 412);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "Patient/12990001 # [{'op':'replace','path':'/name/0/family','value':'X'}] # needs before it a"
            + " test of /name/0/id",
        "Patient/12990001 # [{'op':'replace','path':'/deceasedBoolean','value':true}] # replace is not"
            + " taken at this path",
        "Patient/12990001 # [{'op':'add','path':'/name/-','value':{}}] # add is not taken at this path",
        "Patient/12990001 # [{'op':'move','path':'/gender','from':'/x'}] # has an op",
        "Patient/12990001 # [] # is a list of 1 to 200 operations",
        "Encounter/97990203 # [{'op':'replace','path':'/status','value':'finished'}] # a patch of"
            + " Encounter takes replace /period/start",
        "Appointment/4890001 # [{'op':'replace','path':'/status','value':'noshow'}] # takes one of"
            + " arrived",
        "Appointment/4890001 # [{'op':'add','path':'/slot','value':[]}] # goes only together with"
            + " replace /status=booked",
        "Appointment/4890003 # [{'op':'replace','path':'/status','value':'booked'}] # goes only"
            + " together with add /slot",
        "Appointment/4890003 # [{'op':'replace','path':'/status','value':'booked'},"
            + "{'op':'replace','path':'/slot','value':[]}] # goes only together with add /slot",
        "Appointment/4890001 # [{'op':'replace','path':'/status','value':'noshow'}] # checked-in,"
            + " cancelled, fulfilled, booked",
        "Appointment/4890001 # [{'op':'add','path':'/contained/0/telecom/0/value','value':'x'}] #"
            + " goes only together with add /contained/1/telecom/0/value",
        "Slot/24477854-21304876-61518614-30 # [{'op':'replace','path':'/status','value':'busy'}] #"
            + " takes one of free, busy-tentative",
        "Patient/12990001 # [{'op':'add','path':'/telecom/-','value':{'system':'phone','value':'1'}}]"
            + " # It takes no number without its use",
        "Patient/12990001 # [{'op':'add','path':'/identifier/-','value':{'value':'1'}}] # It tells"
            + " numbers apart by their type",
        "Patient/12990001 # [{'op':'replace','path':'/extension','value':[{'url':'http://x.org/y',"
            + "'valueString':'z'}]}] # patch[0].value",
        "Patient/12990001 # [{'op':'add','path':'/generalPractitioner/-','value':'Practitioner/1'}] #"
            + " patch[0].value",
        "Patient/12990001 # [{'op':'add','path':'/generalPractitioner/-','value':{'reference':"
            + "'Organization/1'}}] # patch[0].value",
        "Patient/12990001 # [{'op':'add','path':'/extension/-','value':'x'}] # patch[0].value",
        "Coverage/12990001-1-1 # [{'op':'replace','path':'/period','value':{'start':"
            + "'2026-01-01T00:00:00Z'}}] # A period has both its ends"
      })
  void aPatchThatCernerWouldRefuseIsExplainedBeforeItIsAsked(
      String path, String body, String sentence) {
    RestAnswer answer = change("PATCH", path, "1", body);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(text(answer)).contains(sentence);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void whatAnActionMayNotPutInIsToldByItsField() {
    RestAnswer answer =
        engine.act("patch-encounter", "{'resourceId':'97990203','type':'http://example.org/x|1'}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(json(answer).at("/errors/0/field").asText()).isEqualTo("type");
  }

  @Test
  void ofWhatAPatchPutsInCernerIsSentWhatItTakesAndTheRestIsTold() {
    String body =
        "[{'op':'replace','path':'/communication','value':["
            + language("en")
            + ","
            + language("es")
            + "]}]";

    RestAnswer answer = change("PATCH", "Patient/12990001", "1", body);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(json(answer).toString()).contains("patch[0].value[1]", "The first language is kept");
    JsonNode spoken = json(engine.get("Patient/12990001")).path("communication");
    assertThat(spoken).hasSize(1);
    assertThat(spoken.findValuesAsText("code")).contains("en").doesNotContain("es");
  }

  private static String language(String code) {
    return "{'language':{'coding':[{'system':'urn:ietf:bcp:47','code':'" + code + "'}]}}";
  }

  @Test
  void aChangeSaysWhichVersionItIsMadeForAndInWhichForm() {
    RestAnswer without = change("PATCH", "Patient/12990001", "", "[]");
    assertThat(without.status()).isEqualTo(412);
    assertThat(json(without).at("/issue/0/details/coding/0/code").asText())
        .isEqualTo("version-missing");
    RestAnswer other =
        engine.fhir.handle(
            request(
                "PATCH",
                "Patient/12990001",
                Map.of("content-type", "application/fhir+json", "if-match", "W/\"1\""),
                "[]"));
    assertThat(other.status()).isEqualTo(415);
    assertThat(change("PATCH", "Patient/12990001", "1", "{}").status()).isEqualTo(400);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void aDocumentIsUpdatedForTheVersionThatWasSeen() {
    RestAnswer made = engine.post("DocumentReference", note("12990001", "Note"));
    String path = made.headers().getOrDefault("Location", "").replaceFirst(".*/fhir/r4/", "");
    ObjectNode document = note("12990001", "Note, corrected");
    document.put("id", path.substring(path.indexOf('/') + 1)).put("docStatus", "amended");
    ((ObjectNode) document.at("/content/0/attachment"))
        .put("contentType", "text/html;charset=utf-8")
        .put("data", "PHA+V2VsbDwvcD4=");
    RestAnswer answer = change("PUT", path, "1", document.toString());
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("ETag", "W/\"2\"");
    assertThat(change("PUT", path, "1", document.toString()).status()).isIn(409, 412);
    document.put("id", "other");
    assertThat(text(change("PUT", path, "2", document.toString()))).contains("the id in the path");
  }

  @Test
  void anObservationIsCreatedAndCorrected() {
    JsonNode made =
        acted(
            "create-observation",
            "{'patientResourceId':'12990001','category':'laboratory','code':'2823-3',"
                + "'effectiveDateTime':'2026-11-20T10:00:00Z','quantity':'4.1','unit':'mmol/L'}");
    String id = made.path("resourceId").asText();
    assertThat(id).startsWith("L-");
    assertThat(made.path("version").asText()).isEqualTo("1");
    ObjectNode stored = json(engine.get("Observation/" + id));
    assertThat(stored.at("/valueQuantity/value").asText()).isEqualTo("4.1");
    ObjectNode correction =
        json(
            "{'resourceType':'Observation','status':'corrected','category':[{'coding':[{'system':"
                + "'http://terminology.hl7.org/CodeSystem/observation-category','code':'laboratory'}]}],"
                + "'code':{'coding':[{'system':'http://loinc.org','code':'2823-3'}]},"
                + "'subject':{'reference':'Patient/12990001'},"
                + "'effectiveDateTime':'2026-11-20T10:00:00Z',"
                + "'valueQuantity':{'value':4.7,'unit':'mmol/L'}}");
    correction.put("id", id);
    RestAnswer answer = change("PUT", "Observation/" + id, "1", correction.toString());
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(200);
    assertThat(json(engine.get("Observation/" + id)).path("status").asText())
        .isEqualTo("corrected");
  }

  @Test
  void aResultHasOneValueAndAQuantityHasANumber() {
    String fields =
        "'patientResourceId':'12990001','category':'laboratory','code':'2823-3',"
            + "'effectiveDateTime':'2026-11-20T10:00:00Z'";
    refused("{" + fields + ",'unit':'mmol/L'}", "unit", "stands only beside quantity");
    refused("{" + fields + ",'unit':'mmol/L','quantity':null}", "unit", "only beside quantity");
    refused("{" + fields + ",'quantity':'4.1','text':'high'}", "text", "one of the two only");
    refused("{" + fields + "}", "Observation", "A result has a value.");
    acted("create-observation", "{" + fields + ",'text':'hemolyzed','quantity':null}");
  }

  private static void refused(String fields, String place, String sentence) {
    long before = engine.requests().size();
    RestAnswer answer = engine.act("create-observation", fields);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).path("errors").toString()).contains(place).contains(sentence);
    assertThat(engine.requests()).hasSize((int) before);
  }

  @Test
  void aQuantityWithoutANumberIsRefusedBeforeCernerIsAsked() {
    String result =
        "{'resourceType':'Observation','status':'final','category':[{'coding':[{'system':"
            + "'http://terminology.hl7.org/CodeSystem/observation-category','code':'laboratory'}]}],"
            + "'code':{'coding':[{'system':'http://loinc.org','code':'2823-3'}]},"
            + "'subject':{'reference':'Patient/12990001'},"
            + "'effectiveDateTime':'2026-11-20T10:00:00Z','valueQuantity':{'unit':'mmol/L'}}";
    RestAnswer answer = engine.post("Observation", json(result));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(text(answer)).contains("valueQuantity.value").contains("A quantity has a number.");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void aVitalSignNeedsWhoTookIt() {
    String fields =
        "'patientResourceId':'12990001','category':'vital-signs','code':'8331-1',"
            + "'effectiveDateTime':'2026-11-20T10:00:00Z','quantity':'37.2','unit':'Cel'";
    RestAnswer without = engine.act("create-observation", "{" + fields + "}");
    assertThat(without.status()).isEqualTo(400);
    assertThat(engine.requests()).isEmpty();
    JsonNode made = acted("create-observation", "{" + fields + ",'performerResourceId':'593923'}");
    assertThat(made.path("resourceId").asText()).startsWith("VS-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "LA # 201 # -",
        "PPRF # 422 # Somebody answers for a vital sign (LA)",
        "SPRF # 422 # Of a vital sign it knows who answers for it"
      })
  void whoTookAVitalSignHasAFunctionThatCernerKnows(String function, int status, String sentence) {
    JsonNode vitalSign =
        EngineInFrontOfSandbox.json(
            "{'resourceType':'Observation','status':'final','category':[{'coding':[{'system':"
                + "'http://terminology.hl7.org/CodeSystem/observation-category','code':"
                + "'vital-signs'}]}],'code':{'coding':[{'system':'http://loinc.org','code':"
                + "'8331-1'}]},'subject':{'reference':'Patient/12990001'},'effectiveDateTime':"
                + "'2026-11-20T10:00:00Z','valueQuantity':{'value':37.2,'unit':'Cel','system':"
                + "'http://unitsofmeasure.org','code':'Cel'},'performer':[{'extension':[{'url':"
                + "'http://hl7.org/fhir/StructureDefinition/event-performerFunction',"
                + "'valueCodeableConcept':{'coding':[{'system':"
                + "'http://terminology.hl7.org/CodeSystem/v3-ParticipationType','code':'"
                + function
                + "'}]}}],'reference':'Practitioner/593923'}]}");

    RestAnswer answer = engine.post("Observation", vitalSign);

    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(status);
    if (status != 201) {
      assertThat(json(answer).toString()).contains(sentence);
      assertThat(engine.requests()).isEmpty();
    }
  }

  @Test
  void anObservationWhoseAnswerWasLostIsFoundAgainAndNotRepeated() {
    engine.faults("[{'method':'POST','path':'Observation','drop':'after-commit','times':1}]");
    int before = engine.stored("Observation").size();
    JsonNode made =
        acted(
            "create-observation",
            "{'patientResourceId':'12990001','category':'laboratory','code':'2823-3',"
                + "'effectiveDateTime':'2026-11-20T10:00:00Z','quantity':'4.1','unit':'mmol/L'}");
    assertThat(made.path("resourceId").asText()).startsWith("L-");
    assertThat(engine.stored("Observation")).hasSize(before + 1);
  }

  @Test
  void aVisitIsOpenedAndEnded() {
    JsonNode made =
        acted(
            "create-encounter",
            "{'patientResourceId':'12990003','status':'in-progress','typeCode':'O',"
                + "'organizationResourceId':'675844','start':'2026-11-20T10:00:00Z'}");
    String id = made.path("resourceId").asText();
    JsonNode changed =
        acted("patch-encounter", "{'resourceId':'" + id + "','end':'2026-11-20T11:00:00Z'}");
    assertThat(changed.path("version").asText()).isNotEqualTo(made.path("version").asText());
    assertThat(json(engine.get("Encounter/" + id)).at("/period/end").asText())
        .startsWith("2026-11-20T11:00:00");
  }

  @Test
  void aVisitIsAtAnOrganizationOrAtAPlace() {
    RestAnswer answer =
        engine.act(
            "create-encounter",
            "{'patientResourceId':'12990003','status':'planned','typeCode':'O',"
                + "'organizationResourceId':'675844','locationResourceId':'21304876'}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(new String(answer.body())).contains("at one organization or at one place");
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void whatIsNotThereIsAddedAndWhatIsThereIsTestedAndReplaced() {
    acted(
        "patch-patient",
        "{'resourceId':'12990003','familyName':'ZZTESTWED','homePhone':'5550109999',"
            + "'city':'Weir','postalCode':'64109'}");
    ObjectNode patient = json(engine.get("Patient/12990003"));
    assertThat(patient.at("/name/0/family").asText()).isEqualTo("ZZTESTWED");
    assertThat(patient.findValuesAsText("value")).contains("5550109999");
    assertThat(patient.at("/address/0/city").asText()).isEqualTo("Weir");
    assertThat(patient.at("/address/0/postalCode").asText()).isEqualTo("64109");
    assertThat(patient.path("address")).hasSize(1);
  }

  @Test
  void whatIsSoAlreadyIsNotSent() {
    JsonNode same =
        acted("patch-patient", "{'resourceId':'12990001','gender':'female','city':'Kansas City'}");
    assertThat(same.path("version").asText()).isEqualTo("1");
    assertThat(engine.requests().toString()).doesNotContain("PATCH");
    assertThat(engine.act("patch-patient", "{'resourceId':'12990001'}").status()).isEqualTo(400);
  }

  @Test
  void aPatchThatSomebodyElseOvertookIsMadeAnewOnce() {
    engine.faults("[{'method':'PATCH','path':'Patient','status':409,'times':1}]");
    acted("patch-patient", "{'resourceId':'12990001','gender':'other'}");
    assertThat(json(engine.get("Patient/12990001")).path("gender").asText()).isEqualTo("other");
    engine.faults("[{'method':'PATCH','path':'Patient','status':409}]");
    assertThat(engine.act("patch-patient", "{'resourceId':'12990001','gender':'other'}").status())
        .isEqualTo(409);
    engine.reset();
    assertThat(
            engine
                .act("patch-patient", "{'resourceId':'12990001','gender':'other','version':'0'}")
                .status())
        .isEqualTo(409);
  }

  @Test
  void aPatchWhoseAnswerWasLostIsSeenToBeThere() {
    engine.faults("[{'method':'PATCH','path':'Patient','drop':'after-commit','times':1}]");
    JsonNode changed = acted("patch-patient", "{'resourceId':'12990001','gender':'other'}");
    assertThat(changed.path("version").asText()).isEqualTo("2");
  }

  @Test
  void aLinkToThisEngineInAPatchReachesCernerAsARelativeOne() {
    String id =
        acted(
                "book-appointment",
                "{'patientResourceId':'12990003','slotResourceId':'" + SLOT + "60'}")
            .path("resourceId")
            .asText();
    String version = json(engine.get("Appointment/" + id)).at("/meta/versionId").asText();
    String own = EngineInFrontOfSandbox.ROOT + "/fhir/r4/Slot/" + SLOT + "90";
    RestAnswer answer =
        change(
            "PATCH",
            "Appointment/" + id,
            version,
            "[{'op':'replace','path':'/slot','value':[{'reference':'"
                + own
                + "'}]},"
                + "{'op':'replace','path':'/comment','value':'Later'}]");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(engine.stored("Appointment").toString())
        .contains("Slot/" + SLOT + "90")
        .doesNotContain("engine.example");
  }

  @Test
  void aLinkOfAnotherServerInAPatchStaysAsItIs() {
    Links links = new Links(engine.settings, EngineInFrontOfSandbox.MAPPER.calls());
    String own = EngineInFrontOfSandbox.ROOT + "/fhir/r4/Location/1";
    ArrayNode patch =
        (ArrayNode)
            json("{'patch':[{'op':'replace','path':'/location/0/location/reference','value':'"
                    + own
                    + "'},{'op':'add','path':'/note','value':'"
                    + own
                    + "'},{'op':'add','path':'/x','value':{'reference':'http://other/Location/1'}}]}")
                .path("patch");
    assertThat(links.withoutOwnRoot(patch, EngineInFrontOfSandbox.ROOT).findValuesAsText("value"))
        .containsExactly("Location/1", own, "");
    assertThat(links.withoutOwnRoot(patch, EngineInFrontOfSandbox.ROOT).toString())
        .contains("http://other/Location/1");
  }

  @Test
  void aSlotIsHeldReleasedAndBooked() {
    acted("hold-slot", "{'resourceId':'" + SLOT + "60'}");
    assertThat(acted("get-slot", "{'resourceId':'" + SLOT + "60'}").path("slotStatus").asText())
        .isEqualTo("busy-tentative");
    acted("release-slot", "{'resourceId':'" + SLOT + "60'}");
    JsonNode made =
        acted(
            "book-appointment",
            "{'patientResourceId':'12990003','slotResourceId':'" + SLOT + "60','reason':'Cough'}");
    String id = made.path("resourceId").asText();
    JsonNode booked = acted("get-appointment", "{'resourceId':'" + id + "'}");
    assertThat(booked.path("appointmentStatus").asText()).isEqualTo("booked");

    acted(
        "reschedule-appointment",
        "{'resourceId':'" + id + "','slotResourceId':'" + SLOT + "90','comment':'Later'}");
    assertThat(acted("get-slot", "{'resourceId':'" + SLOT + "90'}").path("slotStatus").asText())
        .isEqualTo("busy");

    acted("arrive-appointment", "{'resourceId':'" + id + "'}");
    acted("check-in-appointment", "{'resourceId':'" + id + "'}");
    acted("fulfill-appointment", "{'resourceId':'" + id + "'}");
    RestAnswer late =
        engine.act(
            "cancel-appointment",
            "{'resourceId':'"
                + id
                + "','reason':'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason|pat'}");
    assertThat(late.status()).isEqualTo(409);
    assertThat(json(late).toString())
        .contains("/status is fulfilled, and this is done only where it is proposed or booked");
  }

  @Test
  void anAppointmentIsAskedForBookedAndCancelled() {
    JsonNode made =
        acted(
            "propose-appointment",
            "{'patientResourceId':'12990003','locationResourceId':'21304876',"
                + "'serviceTypeSystem':'http://snomed.info/sct','serviceTypeCode':'185389009',"
                + "'start':'2026-11-24T14:00:00Z','end':'2026-11-24T18:00:00Z'}");
    String id = made.path("resourceId").asText();
    acted(
        "book-proposed-appointment",
        "{'resourceId':'" + id + "','slotResourceId':'" + SLOT + "120','reason':'Cough'}");
    acted(
        "cancel-appointment",
        "{'resourceId':'"
            + id
            + "','reason':'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason|pat',"
            + "'comment':'Moved away'}");
    assertThat(
            acted("get-appointment", "{'resourceId':'" + id + "'}")
                .path("appointmentStatus")
                .asText())
        .isEqualTo("cancelled");
    assertThat(acted("get-slot", "{'resourceId':'" + SLOT + "120'}").path("slotStatus").asText())
        .isEqualTo("free");
  }

  private static final String ADDRESSES =
      "[{'op':'OP','path':'/contained/0/telecom/0/value','value':'https://video.example/p'},"
          + "{'op':'OP','path':'/contained/1/telecom/0/value','value':'https://video.example/d'},"
          + "{'op':'OP','path':'/contained/0/telecom/0/period/start','value':'2026-11-25T15:00:00Z'},"
          + "{'op':'OP','path':'/contained/0/telecom/0/period/end','value':'2026-11-25T16:00:00Z'}]";

  @Test
  void theAddressesOfAVideoVisitArePatchedAllAtOnce() {
    engine.seed(
        EngineInFrontOfSandbox.list(
            json(
                "{'resourceType':'Appointment','id':'4890077','meta':{'versionId':'3'},"
                    + "'status':'booked','contained':["
                    + "{'resourceType':'HealthcareService','id':'patient'},"
                    + "{'resourceType':'HealthcareService','id':'provider'}],'participant':["
                    + "{'actor':{'reference':'Patient/12990001'},'status':'accepted'}]}")));
    String path = "Appointment/4890077";
    String add = ADDRESSES.replace("OP", "add");
    String replace = ADDRESSES.replace("OP", "replace");
    String mixed = ADDRESSES.replaceFirst("OP", "replace").replace("OP", "add");
    assertThat(change("PATCH", path, version(path), mixed).status()).isEqualTo(422);
    String both = add.substring(0, add.length() - 1) + "," + replace.substring(1);
    assertThat(text(change("PATCH", path, version(path), both)))
        .contains("does not go together with replace /contained/0/telecom/0/value");
    RestAnswer answer = change("PATCH", path, version(path), add);
    assertThat(answer.status()).as(new String(answer.body())).isEqualTo(200);
    assertThat(change("PATCH", path, version(path), replace).status()).isEqualTo(200);
    assertThat(json(engine.get(path)).at("/contained/1/telecom/0/value").asText())
        .isEqualTo("https://video.example/d");
  }

  private static String version(String path) {
    return json(engine.get(path)).at("/meta/versionId").asText();
  }

  @Test
  void aBookingWhoseAnswerWasLostIsFoundAgain() {
    engine.faults("[{'method':'POST','path':'Appointment','drop':'after-commit','times':1}]");
    JsonNode made =
        acted(
            "book-appointment",
            "{'patientResourceId':'12990003','slotResourceId':'" + SLOT + "240'}");
    assertThat(made.path("resourceId").asText()).isNotEmpty();
    assertThat(engine.stored("Appointment").size()).isEqualTo(5);
  }

  private static final String VISIT =
      "{'patientResourceId':'12990003','status':'in-progress','typeCode':'O',"
          + "'organizationResourceId':'675844'}";

  /** A resource that holds all that the create of a test sends. */
  private static ObjectNode alike(String resource, String version) {
    ObjectNode alike = json(resource);
    alike
        .putObject("meta")
        .put("versionId", version)
        .put("lastUpdated", Clock.systemUTC().instant().toString());
    return alike;
  }

  private static ObjectNode visit(String version) {
    return alike(
        "{'resourceType':'Encounter','id':'97990901','status':'in-progress','type':[{'coding':["
            + "{'system':'http://terminology.hl7.org/CodeSystem/v2-0004','code':'O'}]}],"
            + "'subject':{'reference':'Patient/12990003'},"
            + "'serviceProvider':{'reference':'Organization/675844'}}",
        version);
  }

  @Test
  void aVisitWhoseAnswerWasLostIsFoundAgain() {
    engine.faults("[{'method':'POST','path':'Encounter','drop':'after-commit','times':1}]");
    int before = engine.stored("Encounter").size();
    // Of its own, since the sandbox gives the ids of other tests again.
    try (EngineInFrontOfSandbox.Fresh fresh = engine.fresh()) {
      assertThat(fresh.act("create-encounter", VISIT).status()).isEqualTo(201);
    }
    assertThat(engine.stored("Encounter")).hasSize(before + 1);
  }

  /** The first was there long before and changed just now, the second is as good as ours. */
  @ParameterizedTest
  @ValueSource(strings = {"3", "0"})
  void aVisitThatStoodBeforeIsNotTakenForTheOneThatWasLost(String version) {
    engine.faults("[{'method':'POST','path':'Encounter','drop':'before','times':1}]");
    engine.seed(EngineInFrontOfSandbox.list(visit(version)));
    RestAnswer answer = engine.act("create-encounter", VISIT);
    assertThat(answer.status()).isEqualTo(504);
    assertThat(new String(answer.body())).contains("outcome-unknown").doesNotContain("97990901");
  }

  /** While the request is on its way, and gets lost, something alike comes to the chart. */
  private static int actedMeanwhile(String action, String fields, ObjectNode comes) {
    String type = comes.path("resourceType").asText();
    engine.faults(
        "[{'method':'POST','path':'" + type + "','latency':'300ms','drop':'before','times':1}]");
    try (EngineInFrontOfSandbox.Fresh fresh = engine.fresh()) {
      CompletableFuture<RestAnswer> answer =
          CompletableFuture.supplyAsync(() -> fresh.act(action, fields));
      Awaitility.await().until(() -> engine.asked("POST", type) > 0);
      engine.seed(EngineInFrontOfSandbox.list(comes));
      return answer.join().status();
    }
  }

  /** Nothing tells the first from the one that was sent. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{} # 0 # 201",
        "{} # 3 # 504",
        "{'period':{'start':'2026-11-20T10:00:00Z'}} # 0 # 504",
        "{'location':[{'location':{'reference':'Location/21304876'}}]} # 0 # 504",
        "{'serviceType':{'text':'Cardiology'}} # 0 # 504",
        "{'reasonCode':[{'text':'Cough'}]} # 0 # 504",
        "{'status':'planned'} # 0 # 504",
        "{'type':[{'text':'Inpatient'}]} # 0 # 504"
      })
  void aVisitOfAnotherPlaceTimeOrKindOrOneThatWasChangedIsNotOurs(
      String differs, String version, int status) {
    ObjectNode another = visit(version);
    another.setAll(json(differs));
    assertThat(actedMeanwhile("create-encounter", VISIT, another)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"1,201", "2,504"})
  void anObservationThatWasCorrectedMeanwhileIsNotOurs(String version, int status) {
    ObjectNode corrected =
        alike(
            "{'resourceType':'Observation','id':'L-901','status':'final','category':[{'coding':["
                + "{'system':'http://terminology.hl7.org/CodeSystem/observation-category',"
                + "'code':'laboratory'}]}],"
                + "'code':{'coding':[{'system':'http://loinc.org','code':'2823-3'}]},"
                + "'subject':{'reference':'Patient/12990001'},"
                + "'effectiveDateTime':'2026-11-20T10:00:00Z','valueQuantity':{'value':4.1,"
                + "'unit':'mmol/L','system':'http://unitsofmeasure.org','code':'mmol/L'}}",
            version);
    assertThat(
            actedMeanwhile(
                "create-observation",
                "{'patientResourceId':'12990001','category':'laboratory','code':'2823-3',"
                    + "'effectiveDateTime':'2026-11-20T10:00:00Z','quantity':'4.1',"
                    + "'unit':'mmol/L'}",
                corrected))
        .isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"0,201", "1,504"})
  void anAppointmentThatWasMovedMeanwhileIsNotOurs(String version, int status) {
    ObjectNode moved =
        alike(
            "{'resourceType':'Appointment','id':'4890901','status':'booked','start':"
                + "'2030-01-01T10:00:00Z','slot':[{'reference':'Slot/"
                + SLOT
                + "240'}],'participant':[{'actor':{'reference':'Patient/12990003'},"
                + "'status':'accepted'}]}",
            version);
    assertThat(
            actedMeanwhile(
                "book-appointment",
                "{'patientResourceId':'12990003','slotResourceId':'" + SLOT + "240'}",
                moved))
        .isEqualTo(status);
  }

  @Test
  void aLookThatDoesNotSeeAllDecidesNothing() {
    engine.faults(
        "[{'method':'POST','path':'Encounter','drop':'after-commit','times':1},"
            + "{'method':'GET','path':'Encounter','outcomeEntry':true}]");
    assertThat(engine.act("create-encounter", VISIT).status()).isEqualTo(504);
  }

  @Test
  void whereNothingWasSeenBeforeNothingIsTakenForNew() {
    engine.faults(
        "[{'method':'POST','path':'Encounter','drop':'after-commit','times':1},"
            + "{'method':'GET','path':'Encounter','status':403,'times':1}]");
    RestAnswer answer = engine.act("create-encounter", VISIT);
    assertThat(answer.status()).isEqualTo(504);
    assertThat(new String(answer.body())).contains("could not be seen");
  }
}
