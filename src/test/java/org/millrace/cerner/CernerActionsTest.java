package org.millrace.cerner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millrace.cerner.Bench.fault;
import static org.millrace.cerner.Bench.value;
import static org.millrace.cerner.Bodies.bundle;
import static org.millrace.cerner.Bodies.match;
import static org.millrace.cerner.ScriptedServer.answer;
import static org.millrace.cerner.ScriptedServer.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CernerActionsTest {
  private static final String EARLY = "2026-01-01T00:00:00Z";
  private static final String LATE = "2026-02-01T00:00:00Z";

  private final Bench bench = new Bench();
  private final CernerActions actions = bench.withoutToken();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aResourceIsGivenAsCernerWroteIt() {
    bench.fhir.does(
        request ->
            answer(
                200,
                Map.of("ETag", "W/\"23\"", "Last-Modified", "Thu, 16 Nov 2023 21:12:31 GMT"),
                "{\"resourceType\":\"Appointment\",\"id\":\"a-1.b\",\"weight\":1.50}"));
    FhirResource appointment = value(actions.getAppointment("a-1.b", bench.call()));
    assertThat(appointment.etag()).isEqualTo("W/\"23\"");
    assertThat(appointment.lastModified()).isEqualTo("Thu, 16 Nov 2023 21:12:31 GMT");
    assertThat(appointment.json().toString()).contains("1.50");
    assertThat(bench.fhir.last().target()).isEqualTo(Bench.ROOT + "/Appointment/a-1.b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "..", ".", "1/2", "1?x=y", "1%2F2", "../Encounter", "ü", "1\n"})
  void whatIsNoIdIsNotFoundWithoutACall(String id) {
    assertThat(fault(actions.getPatient(id, bench.call())).code()).isEqualTo(FaultCode.NOT_FOUND);
    assertThat(fault(actions.getPatientEncounters(id, bench.call())).code())
        .isEqualTo(FaultCode.NOT_FOUND);
    assertThat(bench.fhir.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://other.example/r4/t/DocumentReference/77, W/\"1\", 1",
    "DocumentReference/77, W/\"410v795030969834\", 410v795030969834",
    "/r4/t/DocumentReference/77/_history/5, '', 5",
    "https://x/DocumentReference/77/, W/\"0$0\", 0$0"
  })
  void theNewIdIsReadFromLocation(String location, String etag, String version) {
    bench.fhir.does(
        request ->
            answer(
                201, Map.of("Location", location, "ETag", etag, "Content-Type", "text/html"), ""));
    Created created = value(actions.createDocument(Bodies.document(), bench.call()));
    assertThat(created).isEqualTo(new Created("DocumentReference", "77", version));
    assertThat(bench.fhir.last().header("Content-Type")).isEqualTo("application/fhir+json");
    assertThat(bench.fhir.last().body()).isEqualTo("{\"resourceType\":\"DocumentReference\"}");
  }

  @Test
  void theNewIdIsReadFromTheBodyWhereALocationIsMissing() {
    bench.fhir.does(
        request ->
            answer(
                201,
                Map.of(),
                "{\"resourceType\":\"DocumentReference\",\"id\":\"9\",\"meta\":{\"versionId\":\"2\"}}"));
    assertThat(value(actions.createDocument(Bodies.document(), bench.call())))
        .isEqualTo(new Created("DocumentReference", "9", "2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "https://x/r4/Patient/12", "https://x/DocumentReference/", "nonsense"})
  void aCreateWithoutAnIdLeavesTheOutcomeOpen(String location) {
    bench.fhir.does(request -> answer(201, Map.of("Location", location), ""));
    Fault fault = fault(actions.createDocument(Bodies.document(), bench.call()));
    assertThat(fault.code()).isEqualTo(FaultCode.UNREADABLE_ANSWER);
    assertThat(fault.nothingStored()).isFalse();
  }

  @Test
  void aNewPatientIsSentAsItIs() {
    bench.fhir.does(request -> answer(201, Map.of("Location", "Patient/5"), ""));
    value(actions.createPatient(Bodies.patient(), bench.call()));
    assertThat(bench.fhir.last().body()).isEqualTo(Bodies.patient().toString());
  }

  @Test
  void aNumberNamesOnePatientOrNoneOrSeveral() {
    String one = match("Patient", "1", EARLY);
    String two = match("Patient", "2", EARLY);
    bench.fhir.does(request -> json(bundle("", one)));
    assertThat(value(actions.findPatientByMrn("0081", Optional.empty(), bench.call())).id())
        .isEqualTo("1");
    assertThat(bench.fhir.last().parameters())
        .containsExactly(Map.entry("identifier", "urn:oid:2.16.840.1.113883.6.1000|0081"));

    bench.fhir.does(request -> json("{\"resourceType\":\"Bundle\",\"total\":0}"));
    assertThat(fault(actions.findPatientByMrn("1", Optional.of("urn:s"), bench.call())).code())
        .isEqualTo(FaultCode.NOT_FOUND);

    bench.fhir.does(request -> json(bundle("", one, two)));
    assertThat(fault(actions.findPatientByMrn("1", Optional.empty(), bench.call())).code())
        .isEqualTo(FaultCode.SEVERAL_FOUND);

    bench.fhir.does(
        request ->
            json(
                request.target().contains("page")
                    ? bundle("", two)
                    : bundle(bench.fhir.url(Bench.ROOT + "/Patient?-page=2").toString(), one)));
    assertThat(fault(actions.findPatientByMrn("1", Optional.empty(), bench.call())).code())
        .as("the second is on the second page")
        .isEqualTo(FaultCode.SEVERAL_FOUND);

    bench.fhir.does(request -> json(bundle("", one, Bodies.suppressed())));
    assertThat(fault(actions.findPatientByMrn("1", Optional.empty(), bench.call())).code())
        .as("another one that Cerner cannot show")
        .isEqualTo(FaultCode.RECORD_DEFECT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "12\uD800"})
  void whatIsNoNumberIsRefusedWithoutACall(String mrn) {
    assertThat(fault(actions.findPatientByMrn(mrn, Optional.empty(), bench.call())).code())
        .isEqualTo(FaultCode.REFUSED);
    assertThat(bench.fhir.requests()).isEmpty();
  }

  @Test
  void aSearchByWhatCernerWouldIgnoreIsRefusedWithoutACall() {
    List<List<Parameter>> wrong =
        List.of(
            List.of(),
            List.of(new Parameter("_count", "5")),
            List.of(new Parameter("family", "A"), new Parameter("nickname", "B")),
            List.of(new Parameter("family", " ")),
            List.of(new Parameter("family=x&given", "A")));
    for (List<Parameter> parameters : wrong) {
      assertThat(fault(actions.searchPatients(parameters, bench.call())).code())
          .isEqualTo(FaultCode.REFUSED);
      assertThat(fault(actions.searchEncounters(parameters, bench.call())).code())
          .isEqualTo(FaultCode.REFUSED);
    }
    assertThat(bench.fhir.requests()).isEmpty();
  }

  @Test
  void theSurvivorOfACombinedPatientIsFound() {
    Map<String, String> links = Map.of("1", "2", "2", "3", "8", "9", "9", "8", "5", "4");
    bench.fhir.does(
        request -> {
          String id = request.path().substring(request.path().lastIndexOf('/') + 1);
          if (id.equals("4")) {
            return ScriptedServer.status(404);
          }
          String link =
              links.containsKey(id)
                  ? ",\"active\":false,\"link\":[{\"type\":\"replaced-by\",\"other\":"
                      + "{\"reference\":\"Patient/"
                      + links.get(id)
                      + "\"}}]"
                  : "";
          return json("{\"resourceType\":\"Patient\",\"id\":\"" + id + "\"" + link + "}");
        });
    assertThat(value(actions.getPatient("1", bench.call())).id()).isEqualTo("1");
    assertThat(value(actions.getSurvivingPatient("1", bench.call())).id()).isEqualTo("3");
    assertThat(value(actions.getSurvivingPatient("3", bench.call())).id()).isEqualTo("3");
    assertThat(fault(actions.getSurvivingPatient("8", bench.call())).code())
        .as("in a circle")
        .isEqualTo(FaultCode.RECORD_DEFECT);
    assertThat(fault(actions.getSurvivingPatient("5", bench.call())).code())
        .as("into nobody, which is not: no such patient")
        .isEqualTo(FaultCode.RECORD_DEFECT);
    assertThat(fault(actions.getSurvivingPatient("4", bench.call())).code())
        .isEqualTo(FaultCode.NOT_FOUND);
  }

  @Test
  void encountersComeFromAllPagesEachOnceOldestFirst() {
    String next = bench.fhir.url(Bench.ROOT + "/Encounter") + "?patient=1&-pageContext=a|b=";
    bench.fhir.does(
        request ->
            json(
                request.target().contains("pageContext")
                    ? bundle("", match("Encounter", "b", LATE), encounter("c", "2020-05"))
                    : bundle(
                        next,
                        encounter("d", "2021-01-01T10:00:00+02:00"),
                        match("Encounter", "b", EARLY),
                        Bodies.suppressed())));
    List<ObjectNode> encounters = value(actions.getPatientEncounters("1", bench.call()));
    assertThat(encounters).extracting(e -> e.path("id").asText()).containsExactly("b", "c", "d");
    assertThat(encounters.get(0).at("/meta/lastUpdated").asText()).isEqualTo(LATE);
    assertThat(bench.seen)
        .extracting(Call.Exchange::pathTemplate)
        .containsExactly("Encounter?patient", "Encounter?page");
    assertThat(bench.fhir.last().target()).endsWith("-pageContext=a%7Cb=");

    bench.fhir.does(request -> json("{\"resourceType\":\"Bundle\"}"));
    assertThat(value(actions.getPatientEncounters("1", bench.call()))).isEmpty();
    bench.fhir.does(request -> json(bundle("", Bodies.suppressed())));
    assertThat(fault(actions.getPatientEncounters("1", bench.call())).code())
        .as("there are some, only not to be seen")
        .isEqualTo(FaultCode.RECORD_DEFECT);
  }

  private static String encounter(String id, String start) {
    return "{\"resource\":{\"resourceType\":\"Encounter\",\"id\":\""
        + id
        + "\",\"period\":{\"start\":\""
        + start
        + "\"}}}";
  }

  @Test
  void aPageOfASearchTellsWhatCernerLeftOut() {
    bench.fhir.does(
        request ->
            json(
                bundle(
                    "",
                    match("Patient", "1", EARLY),
                    Bodies.suppressed(),
                    "{\"search\":{\"mode\":\"include\"},\"resource\":{\"resourceType\":\"Provenance\"}}")));
    SearchPage page =
        value(actions.searchPatients(List.of(new Parameter("family", "S")), bench.call()));
    assertThat(page.matches()).hasSize(1);
    assertThat(page.next()).isEmpty();
    assertThat(page.warnings()).containsExactly("Other search results were found");
  }

  @Test
  void aLinkToAnotherOriginNeverGetsTheToken() {
    CernerActions withToken = bench.actions();
    try (ScriptedServer elsewhere = new ScriptedServer()) {
      String port = ":" + bench.fhir.url("/").getPort();
      for (String link :
          List.of(
              elsewhere.url(Bench.ROOT + "/Encounter?page=2").toString(),
              "https://127.0.0.1" + port + Bench.ROOT + "/Encounter?page=2",
              "http://127.0.0.1" + port + "@127.0.0.1:" + elsewhere.url("/").getPort() + Bench.ROOT,
              "//127.0.0.1:" + elsewhere.url("/").getPort() + Bench.ROOT + "/Encounter",
              bench.fhir.url("/r4/tenant-2/Encounter?page=2").toString(),
              bench.fhir.url(Bench.ROOT + "/../tenant-2/Encounter").toString(),
              bench.fhir.url(Bench.ROOT + "/%2e%2e/tenant-2/Encounter").toString(),
              bench.fhir.url(Bench.ROOT + "x/Encounter").toString(),
              "file:///etc/passwd",
              "http://")) {
        bench.fhir.does(request -> json(bundle(link, match("Encounter", "1", EARLY))));
        int before = bench.fhir.requests().size();
        assertThat(fault(withToken.getPatientEncounters("1", bench.call())).code())
            .as(link)
            .isEqualTo(FaultCode.UNREADABLE_ANSWER);
        assertThat(fault(withToken.nextPage(link, bench.call())).code())
            .as(link)
            .isEqualTo(FaultCode.REFUSED);
        assertThat(bench.fhir.requests()).hasSize(before + 1);
      }
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @Test
  void pagesThatNeverEndAreStopped() {
    String same = bench.fhir.url(Bench.ROOT + "/Encounter?page=same").toString();
    bench.fhir.does(request -> json(bundle(same, match("Encounter", "1", EARLY))));
    assertThat(fault(actions.getPatientEncounters("1", bench.call())).code())
        .isEqualTo(FaultCode.UNREADABLE_ANSWER);

    AtomicInteger page = new AtomicInteger();
    bench.fhir.does(request -> json(bundle(same + page.incrementAndGet())));
    assertThat(fault(actions.getPatientEncounters("1", bench.call())).code())
        .isEqualTo(FaultCode.TOO_MANY);
    assertThat(page).hasValue(Pages.MOST);
  }

  @Test
  void aPageLinkIsFollowedByItself() {
    String next = bench.fhir.url(Bench.ROOT + "/Patient?-pageContext=x").toString();
    bench.fhir.does(request -> json(bundle("", match("Patient", "2", EARLY))));
    assertThat(value(actions.nextPage(next, bench.call())).matches()).hasSize(1);
    String ofAnotherServer = bench.fhir.url(Bench.ROOT + "?_getpages=1").toString();
    assertThat(value(actions.nextPage(ofAnotherServer, bench.call())).matches()).hasSize(1);
    assertThat(bench.seen)
        .extracting(Call.Exchange::pathTemplate)
        .containsExactly("Patient?page", "page");
  }

  @Test
  void documentsAreLookedUpByPatientAndTime() {
    bench.fhir.does(request -> json(bundle("", match("DocumentReference", "7", LATE))));
    Instant since = Instant.parse("2026-11-20T09:59:58.750Z");
    FoundDocuments found = value(actions.findDocuments("12", since, bench.call()));
    assertThat(found.documents()).hasSize(1);
    assertThat(found.complete()).isTrue();
    assertThat(bench.fhir.last().parameters())
        .containsExactly(
            Map.entry("patient", "12"),
            Map.entry("_lastUpdated", "ge2026-11-20T09:59:58Z"),
            Map.entry("_count", "100"));

    bench.fhir.does(
        request -> json(bundle("", match("DocumentReference", "7", LATE), Bodies.suppressed())));
    assertThat(value(actions.findDocuments("12", since, bench.call())).complete())
        .as("the one looked for may be among those left out")
        .isFalse();
  }

  @Test
  void observersSeeEveryExchangeWithoutIdsAndValues() {
    bench.fhir.does(
        request ->
            request.method().equals("POST")
                ? answer(201, Map.of("Location", "Patient/4711", "X-Request-Id", "r"), "")
                : json(bundle("", match("Patient", "4711", EARLY))));
    CernerActions withToken = bench.actions();
    withToken.getPatient("4711", bench.call());
    withToken.findPatientByMrn("4711", Optional.empty(), bench.call());
    withToken.searchPatients(
        List.of(new Parameter("given", "4711"), new Parameter("family", "4711")), bench.call());
    withToken.createPatient(Bodies.patient(), bench.call());
    withToken.findDocuments("4711", Instant.EPOCH, bench.call());
    assertThat(bench.seen)
        .extracting(Call.Exchange::pathTemplate)
        .containsExactly(
            "token",
            "Patient/{id}",
            "Patient?identifier",
            "Patient?given&family",
            "Patient",
            "DocumentReference?patient&_lastUpdated");
    // All but the duration, whose digits may be any.
    assertThat(bench.seen)
        .allSatisfy(
            e ->
                assertThat(e.method() + e.pathTemplate() + e.requestId() + e.content())
                    .doesNotContain("4711"));
    assertThat(bench.seen.get(4).requestId()).isEqualTo("r");
  }
}
