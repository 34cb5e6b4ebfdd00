package org.millrace.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

class ObservationTest extends SandboxTest {
  private static String result(String code, String values) {
    return ("{'resourceType':'Observation','status':'final','category':[{'coding':[{'system':"
            + "'http://terminology.hl7.org/CodeSystem/observation-category',"
            + "'code':'laboratory'}]}],'code':{'coding':[{'system':'http://loinc.org','code':'"
            + code
            + "'}]},'subject':{'reference':'Patient/12990001'},"
            + "'effectiveDateTime':'2026-11-20T10:00:00Z',"
            + values
            + "}")
        .replace('\'', '"');
  }

  private int status(String observation) {
    return caller
        .send(caller.to("Observation").POST(BodyPublishers.ofString(observation)))
        .statusCode();
  }

  @Test
  void aQuantityHasANumberAndAResultOneValue() {
    assertThat(status(result("2823-3", "'valueQuantity':{'value':4.1,'unit':'mmol/L'}")))
        .isEqualTo(201);
    assertThat(status(result("2823-3", "'valueQuantity':{'unit':'mmol/L'}"))).isEqualTo(422);
    assertThat(status(result("2823-3", "'valueQuantity':{'value':4.1},'valueString':'high'")))
        .isEqualTo(422);
  }

  @Test
  void aPartHasANumberOrSaysWhyItHasNone() {
    String part =
        "'component':[{'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]},";
    assertThat(status(result("85354-9", part + "'valueQuantity':{'unit':'mm[Hg]'}}]")))
        .isEqualTo(422);
    assertThat(status(result("85354-9", part + "'dataAbsentReason':{'text':'not measured'}}]")))
        .isEqualTo(201);
  }
}
