package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WrittenGroupTest {
  private static final String CS = "https://fhir.cerner.com/t/codeSet/";
  private static final ObjectNode PATIENT =
      Maps.json(
          """
      {'resourceType':'Patient','id':'12744580','meta':{'versionId':'23','lastUpdated':'2023-11-16T21:12:31.000Z'},
       'text':{'status':'generated','div':'<div/>'},
       'extension':[
        {'url':'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race','extension':[
          {'url':'ombCategory','valueCoding':{'system':'urn:oid:2.16.840.1.113883.6.238','code':'2106-3','display':'White','userSelected':false}},
          {'url':'text','valueString':'White'}]},
        {'url':'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex','valueCode':'M'}],
       'identifier':[
        {'id':'CI-2','use':'usual','type':{'coding':[{'system':'%s4','code':'2553236771','display':'Federated'}],'text':'Federated'},
         'system':'urn:oid:9.9.9','value':'fed1'},
        {'id':'CI-1','use':'usual','type':{'coding':[{'system':'%s4','code':'10','display':'MRN','userSelected':true},
          {'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MR'}],'text':'MRN'},
         'system':'urn:oid:2.16.840.1.113883.6.1000','value':'8230',
         '_value':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/rendered-value','valueString':'00000008230'}]},
         'period':{'start':'2020-10-02T19:33:59.000Z'}},
        {'_system':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'unknown'}]},'value':'77'},
        {'system':'http://hl7.org/fhir/sid/us-ssn','_value':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'masked'}]}}],
       'active':true,
       'name':[{'use':'old','text':'OLD, SMART','family':'OLD','given':['SMART']},
         {'id':'CI-0','use':'official','text':'JOHN, SMART','family':'JOHN','given':['SMART','Q','R']}],
       'telecom':[{'id':'CI-PH','extension':[{'url':'http://hl7.org/fhir/StructureDefinition/iso21090-TEL-address','valueUrl':'(816)501-0580'}],
          'system':'phone','value':'8165010580','use':'home','rank':1},
         {'system':'email','value':'smart@example.org','use':'home'},
         {'system':'phone','value':'8165559999','use':'mobile'},
         {'system':'phone','value':'8165550000','use':'work'}],
       '_gender':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'unknown'}]},
       'birthDate':'1990-09','deceasedDateTime':'2024-03-10T12:00:00Z',
       'address':[{'id':'CI-A','use':'home','text':'x','line':['line1','line2'],'city':'KC','district':'Jackson','state':'KS','postalCode':'64199','country':'US'}],
       'maritalStatus':{'coding':[{'system':'%s38','code':'309237'},{'system':'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus','code':'M'}],'text':'Married'},
       'contact':[{'relationship':[{'coding':[{'system':'%s351','code':'1152'},{'system':'http://terminology.hl7.org/CodeSystem/v2-0131','code':'C'}],'text':'Emergency Contact'}],
          'name':{'use':'official','text':'SMART, STEPHEN'}},
         {'relationship':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-RoleCode','code':'WIFE'}]}],
          'name':{'family':'SMART','given':['ANN']},'gender':'female'}],
       'communication':[{'language':{'coding':[{'system':'%s36','code':'151'},{'system':'urn:ietf:bcp:47','code':'en'}],'text':'English'},'preferred':true}],
       'generalPractitioner':[{'id':'CI-G','reference':'Practitioner/12744840','display':'Lara, Tomas'}]}
      """
              .formatted(CS, CS, CS, CS, CS));
  private static final ObjectNode ENCOUNTER =
      Maps.json(
          """
      {'resourceType':'Encounter','id':'97954261','meta':{'lastUpdated':'2024-03-10T12:00:00Z'},
       'identifier':[{'use':'usual','system':'urn:oid:1.2.3','value':'other'},
         {'type':{'coding':[{'system':'%s319','code':'1077'},{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'AN'}]},
          'system':'urn:oid:2.16.840.1.113883.3.13.6.1','value':'16132'}],
       'status':'in-progress','class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'ACUTE'},
       'type':[{'text':'Inpatient'}],
       'serviceType':{'coding':[{'system':'%s34','code':'313011'}],'text':'Cardiology'},
       'subject':{'reference':'Patient/12744580','display':'JOHN, SMART'},
       'participant':[
        {'type':[{'coding':[{'system':'%s333','code':'1119'}]}],'individual':{'reference':'Practitioner/1','display':'Doe, Jane Q'}},
        {'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ParticipationType','code':'CON'}]}],'individual':{'reference':'Practitioner/2','display':'Roe, Rex'}},
        {'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ParticipationType','code':'CON'}]}],'individual':{'display':'Poe'}}],
       'period':{'start':'2024-07-01T13:30:00Z'},
       'hospitalization':{'admitSource':{'coding':[{'system':'%s2','code':'309198'}],'text':'Clinic'}},
       'location':[{'location':{'reference':'Location/bed','display':'ICU bed 4'},'status':'active'}]}
      """
              .formatted(CS, CS, CS, CS));

  private static Maps.Written write(ObjectNode... resources) {
    return Maps.write(List.of(resources), Maps.context(Map.of("set-id", "3")));
  }

  @Test
  void aPatientAsCernerWritesItBecomesPid() {
    Maps.Written written = write(PATIENT, ENCOUNTER);
    assertThat(written.segment("PID"))
        .isEqualTo(
            "PID|3||8230^^^MRN&2.16.840.1.113883.6.1000&ISO^MR^^20201002~fed1^^^&9.9.9&ISO^2553236771~77||JOHN^SMART^Q R^^^^L"
                + "~OLD^SMART^^^^^A||199009|||2106-3^White^HL70005|line1^line2^KC^KS^64199^US^H^^Jackson||(816)501-0580^PRN^PH"
                + "~^NET^Internet^smart@example.org~(816)555-9999^PRN^CP|(816)555-0000^WPN^PH|en^English^HL70296|M^Married^HL70002"
                + "||16132^^^FIN&2.16.840.1.113883.3.13.6.1&ISO^AN|||||||||||20240310070000-0500|Y|||20231116151231.000-0600");
  }

  @Test
  void contactsPractitionerAndVisitFollow() {
    Maps.Written written = write(PATIENT, ENCOUNTER);
    assertThat(written.segment("PD1")).isEqualTo("PD1||||12744840^Lara^Tomas^^^^^^FHIR");
    assertThat(written.message().all("NK1").get(0).raw())
        .isEqualTo("NK1|1|SMART^STEPHEN^^^^^L|||||C^Emergency Contact^HL70131");
    assertThat(written.message().all("NK1").get(1).raw())
        .isEqualTo("NK1|2|SMART^ANN|SPO^Spouse^HL70063||||||||||||F");
    assertThat(written.segment("PV1"))
        .startsWith("PV1|1|I|^^^^^^^^ICU bed 4")
        .contains("|1^Doe^Jane^Q^^^^^FHIR||2^Roe^Rex^^^^^^FHIR~^Poe|313011||||309198||")
        .contains("||Inpatient|16132^^^FIN&2.16.840.1.113883.3.13.6.1&ISO^AN|")
        .endsWith("|20240701083000-0500");
  }

  @Test
  void aVisitsLocationIsReadFromTheLocationsThatComeWithIt() {
    Maps.Written written =
        write(
            PATIENT,
            ENCOUNTER,
            Maps.json(
                "{'resourceType':'Location','id':'bed','name':'4','physicalType':{'coding':[{'code':'bd'}]},'partOf':{'reference':'Location/ward'}}"),
            Maps.json(
                "{'resourceType':'Location','id':'ward','name':'ICU','physicalType':{'coding':[{'code':'wa'}]}}"));
    assertThat(written.segment("PV1")).startsWith("PV1|1|I|ICU^^4^^^^^^ICU bed 4");
  }

  @Test
  void theKindOfVisitIsThePatientTypeAndOnlyAnAdmissionTypeStandsInPv14() {
    String type =
        "{'resourceType':'Encounter','type':[{'coding':[{'system':'%s71','code':'309308'},"
            + "{'system':'http://terminology.hl7.org/CodeSystem/v2-0004','code':'I'}],'text':'Inpatient'}%s]}";
    assertThat(write(PATIENT, Maps.json(type.formatted(CS, ""))).segment("PV1"))
        .isEqualTo("PV1|1|U||||||||||||||||Inpatient");
    String urgent =
        ",{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0007','code':'E'}]}";
    assertThat(write(PATIENT, Maps.json(type.formatted(CS, urgent))).segment("PV1"))
        .isEqualTo("PV1|1|U||E||||||||||||||Inpatient");
  }

  @Test
  void codesThatAReceiverWouldMisreadAreNotPassedOn() {
    Maps.Written written =
        write(
            Maps.json(
                """
            {'resourceType':'Patient','maritalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus','code':'P'}],
              'text':'Polygamous'},
             'name':[{'use':'temp','family':'NEW'},{'use':'old','family':'OLD'}],
             'contact':[{'relationship':[{'coding':[{'system':'%s351','code':'1153'}],'text':'Neighbour'},{'text':'Keyholder'}]}]}
            """
                    .formatted(CS)));
    assertThat(written.message().value("PID-16")).isEqualTo("O");
    assertThat(written.message().value("PID-16.2")).isEqualTo("Polygamous");
    assertThat(written.message().value("PID-5.7")).isEqualTo("U");
    assertThat(written.message().value("PID-5[2].7")).isEqualTo("A");
    assertThat(written.segment("NK1")).startsWith("NK1|1||1153^Neighbour^");
  }

  @Test
  void onlyTenDigitsBecomeATelephoneNumberOfTheUnitedStates() {
    Maps.Written written =
        write(
            Maps.json(
                """
            {'resourceType':'Patient','telecom':[{'system':'phone','use':'home','value':'8165010580'},
              {'system':'phone','use':'home','value':'+49 221 4710'},{'system':'phone','use':'home','value':'816-501-0580'}]}
            """));
    assertThat(written.segment("PID"))
        .endsWith("|(816)501-0580^PRN^PH~+49 221 4710^PRN^PH~816-501-0580^PRN^PH");
  }

  @Test
  void aPatientWithoutVisitHasClassN() {
    assertThat(write(PATIENT).segment("PV1")).isEqualTo("PV1||N");
  }

  @Test
  void aVisitWithAClassThatNoTableKnowsIsUnknownAndSaysSo() {
    Maps.Written written =
        write(PATIENT, Maps.json("{'resourceType':'Encounter','class':{'code':'ZZ'}}"));
    assertThat(written.segment("PV1")).isEqualTo("PV1|1|U");
    assertThat(written.run().coverage())
        .extracting(CoverageNote::kind)
        .contains(CoverageNote.Kind.UNKNOWN_CODE, CoverageNote.Kind.DEFAULTED);
  }

  @Test
  void whatNoRuleReadsIsToldByItsPath() {
    assertThat(write(PATIENT, ENCOUNTER).run().coverage())
        .filteredOn(note -> note.kind() == CoverageNote.Kind.UNREAD)
        .extracting(CoverageNote::path)
        .containsExactlyInAnyOrder("Patient.extension[1]");
  }

  @Test
  void everyWrittenValueHasASource() {
    Maps.Written written = write(PATIENT, ENCOUNTER);
    assertThat(written.run().lineage())
        .filteredOn(way -> way.target().equals("PID-5[1].1.1"))
        .extracting(Lineage::source)
        .containsExactly("Patient.name[1].family");
    assertThat(written.run().lineage())
        .allMatch(way -> !way.source().isEmpty() && way.rule().contains(".yaml:"));
  }

  @Test
  void anEmptyPatientStillHasAPid() {
    Maps.Written written = write(Maps.json("{'resourceType':'Patient'}"));
    assertThat(written.segment("PID")).isEqualTo("PID|3");
    assertThat(written.message().all("PD1")).isEmpty();
  }
}
