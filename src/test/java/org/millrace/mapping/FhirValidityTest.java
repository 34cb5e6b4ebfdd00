package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millrace.OfficialValidator;

class FhirValidityTest {
  private static final FhirContext FHIR = FhirContext.forR4Cached();
  private static final OfficialValidator VALIDATOR = new OfficialValidator();

  private static void valid(ObjectNode resource) {
    IParser parser = FHIR.newJsonParser().setParserErrorHandler(new StrictErrorHandler());
    parser.parseResource(resource.toString());
    assertThat(VALIDATOR.errors(resource.toString())).isEmpty();
  }

  @Test
  void patientsAndEncountersAreValidR4() {
    MappingRun run =
        Maps.toFhir(
            "PID|1|OLD1|A123^^^MRN^MR~9^^^LAB~X^^^&2.16.840.1.113883.19.5&ISO||ZZTEST&van&Test^Ada^M^Jr^Dr^MD^R^^^^^20200101^^RN||198001310412|A||2106-3^White^CDCREC~B^Black^L|1 Main^2^KC^MO^64199^US^BDL^^Jackson~PO 5^^^^^^M|J|(816)501-0580^ORN^CP~^NET^Internet^a@b.org|5550100^WPN^PH|es|G^Living together^HL70002||FIN1|123-45-6789|||H^Hispanic^HL70189|Rome|Y|2||||20200101|Y|||20200101",
            "PD1|||Clinic^^^^^^^^^7|9^Lara^Tomas",
            "NK1|1|SMART^ANN|SPO^Spouse^HL70063|2 Main^^KC|555-1^PRN^PH|555-2^WPN^PH|C^Emergency^HL70131|20200101||||||||F",
            "NK1|2|SMART^BOB|ZZ^Odd^L",
            "PV1|1|O|ICU^1^2^HOSP|U|||1^Doe^Jane|2^Roe^Rex|3^Poe^Pam|MED||||7|||4^Adm^It||V77^^^FIN^VN|||||||||||||||||01||||||||202601011200|20260102120000");
    Maps.resource(run, "Encounter").putObject("subject").put("reference", "Patient/1");
    valid(Maps.resource(run, "Patient"));
    valid(Maps.resource(run, "Encounter"));
  }

  @Test
  void documentsAreValidR4() {
    MappingRun run =
        Maps.MAPPER.map(
            Maps.message(
                "ORU^R01",
                "PID|1||A1^^^MRN",
                "OBR|1|P1|F1|18842-5^Discharge summary^LN|||202601020304||||||||||||||||||F",
                "OBX|1|TX|||Text||||||F"),
            Maps.context(
                Map.of(
                    "subject",
                    "Patient/1",
                    "encounter",
                    "Encounter/2",
                    "author",
                    "Practitioner/3")));
    assertThat(run.resources()).hasSize(1);
    valid(run.resources().get(0).json());
  }

  @Test
  void whatTheActionsMakeIsValidR4() {
    for (Map.Entry<String, String> action :
        List.of(
            Map.entry(
                "create-patient",
                "{'assigningOrganizationId':'6','givenName':'Ada','familyName':'Z','ssn':'123-45-6789','email':'a@b.org'}"),
            Map.entry(
                "create-document",
                "{'patientResourceId':'1','note':'x','encounterResourceId':'2'}"),
            Map.entry(
                "update-document",
                "{'resourceId':'3','patientResourceId':'1','note':'x','type':'11506-3'}"))) {
      Mapper.ActionRun run =
          Maps.MAPPER.toFhir(
              action.getKey(),
              Maps.json(action.getValue()),
              Maps.context(Map.of("now", "2026-11-20T12:00:00Z")));
      assertThat(run.faults()).isEmpty();
      valid(run.resource());
    }
  }
}
