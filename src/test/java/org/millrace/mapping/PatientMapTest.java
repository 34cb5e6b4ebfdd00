package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatientMapTest {
  private static final String PID =
      "PID|1||A123^^^MRN&2.16.840.1.113883.6.1000&ISO^MR~77^^^CLINIC^PI||ZZTEST^Ada^M^Jr^Dr^^L~Byron^Ada^^^^^M"
          + "||19800131|F||2106-3^White^HL70005|1 Main St^Apt 2^Kansas City^MO^64199^US^H^^Jackson"
          + "||(816)501-0580^PRN^PH~^NET^Internet^ada@example.org|(816)555-0100^WPN^PH|es^Spanish^HL70296"
          + "|M^Married^HL70002||||||N^Not Hispanic or Latino^HL70189||Y|2";

  @Test
  void aPatientComesBackAsItWas() {
    MappingRun run = Maps.toFhir(PID);
    ObjectNode patient = Maps.resource(run, "Patient");
    Maps.Written back = Maps.write(List.of(patient), Maps.context(java.util.Map.of("set-id", "1")));
    assertThat(back.segment("PID")).isEqualTo(PID);
  }
}
