package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ActionMapTest {
  private static Mapper.ActionRun run(String action, String fields) {
    return Maps.MAPPER.toFhir(
        action, Maps.json(fields), Maps.context(Map.of("now", "2026-11-20T12:00:00Z")));
  }

  @Test
  void aPatientIsMadeAsCernerTakesIt() {
    Mapper.ActionRun run =
        run(
            "create-patient",
            "{'assigningOrganizationId':'675844','givenName':'Ada','familyName':'Zztest','ssn':'123-45-6789',"
                + "'birthDate':'1980-01-31','gender':'female','email':'ada@example.org'}");
    assertThat(run.faults()).isEmpty();
    assertThat(run.resource())
        .isEqualTo(
            Maps.json(
                """
        {'resourceType':'Patient','identifier':[{'assigner':{'reference':'Organization/675844'}},
          {'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'SS'}]},
           'system':'http://hl7.org/fhir/sid/us-ssn','value':'123-45-6789'}],
         'name':[{'use':'official','family':'Zztest','given':['Ada']}],'birthDate':'1980-01-31','gender':'female',
         'telecom':[{'system':'email','use':'home','value':'ada@example.org'}],'active':true}
        """));
  }

  @Test
  void everyFaultOfEveryFieldIsToldAtOnce() {
    Mapper.ActionRun run =
        CERNER.toFhir(
            "create-patient",
            Maps.json(
                "{'givenName':'Ada','familyName':7,'ssn':'123456789','birthDate':'1980-02-31',"
                    + "'gender':'f','shoe':'x'}"),
            Maps.CONTEXT);
    assertThat(run.resource()).isEmpty();
    assertThat(run.faults())
        .extracting(Mapper.FieldFault::field)
        .containsExactlyInAnyOrder(
            "assigningOrganizationId", "familyName", "ssn", "birthDate", "gender", "shoe");
  }

  private static final Mapper CERNER = Maps.MAPPER.forTarget("cerner");
  private static final Mapper SITE = CERNER.forSite(Map.of("organization", "Organization/7"));
  private static final String ADA = "'givenName':'Ada','familyName':'Zztest','ssn':'123-45-6789'";

  private static ObjectNode made(Mapper mapper, String fields) {
    Mapper.ActionRun run =
        mapper.toFhir("create-patient", Maps.json("{" + fields + "}"), Maps.CONTEXT);
    assertThat(run.faults()).isEmpty();
    return run.resource();
  }

  private static boolean mustNameOrganization(Mapper mapper) {
    return mapper.actions().stream()
        .filter(action -> action.name().equals("create-patient"))
        .flatMap(action -> action.input().stream())
        .filter(field -> field.name().equals("assigningOrganizationId"))
        .findFirst()
        .orElseThrow()
        .required();
  }

  @Test
  void aServerThatWantsNoOrganizationIsSentNone() {
    ObjectNode patient = made(Maps.MAPPER.forTarget("none"), ADA);

    assertThat(patient.path("identifier")).hasSize(1);
    assertThat(patient.at("/identifier/0/value").asText()).isEqualTo("123-45-6789");
    assertThat(mustNameOrganization(Maps.MAPPER.forTarget("none"))).isFalse();
    assertThat(mustNameOrganization(CERNER)).isTrue();
  }

  @Test
  void theOrganizationOfTheSiteEnrollsWhereTheCallerNamesNone() {
    ObjectNode patient = made(SITE, ADA);

    assertThat(patient.at("/identifier/0"))
        .isEqualTo(Maps.json("{'assigner':{'reference':'Organization/7'}}"));
    assertThat(patient.at("/identifier/1/value").asText()).isEqualTo("123-45-6789");
    assertThat(mustNameOrganization(SITE)).isFalse();
    assertThat(
            made(SITE, ADA + ",'assigningOrganizationId':'8'")
                .path("identifier")
                .findValuesAsText("reference"))
        .containsExactly("Organization/8");
  }

  @Test
  void aNoteIsFiledWithDefaults() {
    Mapper.ActionRun run =
        run("create-document", "{'patientResourceId':'12','note':'Zoë is well','title':'Visit'}");
    assertThat(run.resource())
        .isEqualTo(
            Maps.json(
                """
        {'resourceType':'DocumentReference','subject':{'reference':'Patient/12'},
         'content':[{'attachment':{'contentType':'text/plain;charset=utf-8','data':'Wm/DqyBpcyB3ZWxs','title':'Visit'}}],
         'type':{'coding':[{'system':'http://loinc.org','code':'11506-3','display':'Progress note'}]},
         'status':'current','docStatus':'final','context':{'period':{'end':'2026-11-20T12:00:00Z'}}}
        """));
  }

  @Test
  void aDocumentsTypeIsALoincCodeOrAName() {
    assertThat(
            run(
                    "create-document",
                    "{'patientResourceId':'12','note':'x','type':'discharge summary'}")
                .resource()
                .at("/type/coding/0/code")
                .asText())
        .isEqualTo("18842-5");
    assertThat(
            run("create-document", "{'patientResourceId':'12','note':'x','type':'nonsense'}")
                .faults())
        .extracting(Mapper.FieldFault::field)
        .containsExactly("type");
  }

  @Test
  void aContentTypeIsTakenAsItIsWrittenAndSentAsCernerTakesIt() {
    String fields = "{'patientResourceId':'12','note':'x','contentType':'%s'}";
    for (String said :
        new String[] {
          "text/html", "TEXT/HTML", "text/html; charset=UTF-8", "text/html;charset=\\\"utf-8\\\""
        }) {
      Mapper.ActionRun run = run("create-document", fields.formatted(said));
      assertThat(run.faults()).as(said).isEmpty();
      assertThat(run.resource().at("/content/0/attachment/contentType").asText())
          .isEqualTo("text/html;charset=utf-8");
    }
    for (String said : new String[] {"text", "text/html;charset=iso-8859-1", "image/png"}) {
      assertThat(run("create-document", fields.formatted(said)).faults())
          .as(said)
          .extracting(Mapper.FieldFault::field)
          .containsExactly("contentType");
    }
    assertThat(
            run(
                    "create-document",
                    "{'patientResourceId':'12','note':'JVBERi0=','contentType':'Application/PDF'}")
                .resource()
                .at("/content/0/attachment/data")
                .asText())
        .isEqualTo("JVBERi0=");
  }

  @Test
  void aDocumentWithoutATitleIsCalledByItsKind() {
    String fields = "{'patientResourceId':'12','note':'x'%s}";
    String title = "/content/0/attachment/title";
    assertThat(run("create-document", fields.formatted("")).resource().at(title).asText())
        .isEqualTo("Progress note");
    assertThat(
            run("create-document", fields.formatted(",'type':'OPERATIVE note'"))
                .resource()
                .at(title)
                .asText())
        .isEqualTo("Surgical operation note");
    assertThat(
            run("create-document", fields.formatted(",'title':'Mine','type':'Discharge summary'"))
                .resource()
                .at(title)
                .asText())
        .isEqualTo("Mine");
  }

  @Test
  void aPdfMustBeBase64() {
    String fields = "{'patientResourceId':'12','contentType':'application/pdf','note':'%s'}";
    assertThat(run("create-document", fields.formatted("not base64!")).faults())
        .extracting(Mapper.FieldFault::field)
        .containsExactly("note");
    assertThat(
            run("create-document", fields.formatted("JVBERi0="))
                .resource()
                .at("/content/0/attachment/data")
                .asText())
        .isEqualTo("JVBERi0=");
  }

  @Test
  void anAppointmentsAnswersAreDrawnOut() {
    ObjectNode appointment =
        Maps.json(
            """
        {'resourceType':'Appointment','id':'4822366','status':'booked','start':'2020-01-23T22:10:00Z',
         'serviceType':[{'coding':[{'system':'https://fhir.cerner.com/t/codeSet/14249','code':'24477854'}]}],
         'participant':[{'actor':{'reference':'Practitioner/593923'}},{'actor':{'reference':'Patient/12724066'}}]}
        """);
    ObjectNode answer = Maps.MAPPER.fromFhir("get-appointment", appointment, Maps.CONTEXT);
    assertThat(answer.path("patientId").asText()).isEqualTo("12724066");
    assertThat(answer.path("appointmentStatus").asText()).isEqualTo("booked");
    assertThat(answer.path("appointmentStartDateTime").asText()).isEqualTo("2020-01-23T22:10:00Z");
    assertThat(answer.path("appointmentTypeCode").asText()).isEqualTo("24477854");
    assertThat(answer.path("appointment")).isEqualTo(appointment);
  }

  @Test
  void everyFileIsAnActionThatIsListedForThoseWhoDescribeThem() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("mappings", "actions"))) {
      assertThat(Maps.MAPPER.actions())
          .extracting(ActionShape::name)
          .containsExactlyElementsOf(
              files
                  .map(file -> file.getFileName().toString().replace(".yaml", ""))
                  .sorted()
                  .toList());
    }
  }
}
