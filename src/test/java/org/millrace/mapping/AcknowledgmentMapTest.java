package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.HL7Exception;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.V2Message;

/** MSH, MSA, ERR, QAK and MessageHeader, Provenance, OperationOutcome, both ways. */
class AcknowledgmentMapTest {
  private static final String MSA = "MSA|AE|3003786103_4988249";
  private static final String[] ERRORS = {
    "ERR||PID^1^3^2^1^2|101^Required field missing^HL70357|E|LAB-7^Number missing^LN||id-1|The number is missing",
    "ERR||OBX^2~OBR^1^4|102^Data type error^HL70357|W||||A date is none",
  };

  private static MappingRun map(String type, String... segments) {
    return Maps.MAPPER.map(Maps.message(type, segments), Maps.CONTEXT);
  }

  @Test
  void eachErrorIsAnIssueAndComesBackAsItWas() throws IOException, HL7Exception {
    V2Message sent = Maps.message("ACK^R01^ACK", MSA, ERRORS[0], ERRORS[1]);
    MappingRun run = Maps.MAPPER.map(sent, Maps.CONTEXT);
    Trips.validR4(run);
    assertThat(Trips.untold(sent, run)).isEmpty();
    JsonNode issues = Maps.resource(run, "OperationOutcome").path("issue");
    assertThat(issues).hasSize(2);
    assertThat(issues.at("/0/location/0").asText()).isEqualTo("PID[1]-3[2].1.2");
    assertThat(issues.at("/0/code").asText()).isEqualTo("required");
    assertThat(issues.at("/0/details/text").asText()).isEqualTo("The number is missing");
    assertThat(issues.at("/1/severity").asText()).isEqualTo("warning");
    assertThat(issues.at("/1/location").size()).isEqualTo(2);
    Trips.Back back = Trips.back(Maps.MAPPER, "ACK^R01", Trips.resources(run));
    Trips.validV2(back.message());
    assertThat(back.message().all("MSA").get(0).raw()).isEqualTo(MSA);
    assertThat(back.message().all("ERR"))
        .extracting(segment -> segment.raw())
        .containsExactly(ERRORS);
    assertThat(back.run().coverage()).isEmpty();
  }

  @Test
  void aControlIdThatIsNoFhirIdIsKeptBeside() {
    ObjectNode header = Maps.resource(map("ACK", "MSA|AA|a_b c"), "MessageHeader");
    assertThat(header.path("response").has("identifier")).isFalse();
    assertThat(header.at("/response/_identifier/extension/0/valueString").asText())
        .isEqualTo("a_b c");
    assertThat(header.at("/response/code").asText()).isEqualTo("ok");
  }

  @Test
  void anAcknowledgmentWithoutErrorsStillIsAnOutcome() {
    MappingRun run = map("ACK", "MSA|AA|1");
    Trips.validR4(run);
    assertThat(Maps.resource(run, "OperationOutcome").at("/issue/0"))
        .isEqualTo(Maps.json("{'severity':'information','code':'informational'}"));
    Trips.Back back = Trips.back(Maps.MAPPER, "ACK", Trips.resources(run));
    assertThat(back.message().segments())
        .extracting(segment -> segment.name())
        .containsExactly("MSH", "MSA");
    assertThat(back.segment("MSA")).isEqualTo("MSA|AA|1");
    MappingRun refused = map("ACK", "MSA|AR|1|Not now");
    Trips.validR4(refused);
    assertThat(Maps.resource(refused, "OperationOutcome").at("/issue/0/details/text").asText())
        .isEqualTo("Not now");
  }

  @Test
  void errorsBeforeVersion25StandInErr1() {
    MappingRun run = map("ACK", "MSA|AE|1", "ERR|PID^1^5^101&Required field missing&HL70357");
    Trips.validR4(run);
    JsonNode issue = Maps.resource(run, "OperationOutcome").at("/issue/0");
    assertThat(issue.at("/location/0").asText()).isEqualTo("PID[1]-5");
    assertThat(issue.path("code").asText()).isEqualTo("required");
    assertThat(issue.at("/details/text").asText()).isEqualTo("Required field missing");
  }

  @Test
  void aQueryThatFoundNothingSaysSo() {
    V2Message sent = Maps.message("ACK", "MSA|AA|1", "QAK|Q1|NF|^Patients|0|0|0");
    MappingRun run = Maps.MAPPER.map(sent, Maps.CONTEXT);
    Trips.validR4(run);
    assertThat(Trips.untold(sent, run)).isEmpty();
    assertThat(Maps.resource(run, "OperationOutcome").at("/issue/1/code").asText())
        .isEqualTo("not-found");
    Trips.Back back = Trips.back(Maps.MAPPER, "ACK", Trips.resources(run));
    assertThat(back.segment("QAK")).isEqualTo("QAK||NF");
    assertThat(back.message().all("ERR")).isEmpty();
  }

  @Test
  void anOutcomeAloneIsAnsweredWithTheControlIdGiven() {
    ObjectNode outcome =
        Maps.json(
            "{'resourceType':'OperationOutcome','issue':[{'severity':'fatal','code':'throttled','diagnostics':'x','expression':['Patient.name']}]}");
    Trips.Back back = Trips.back(Maps.MAPPER, "ACK", Map.of("OperationOutcome/1", outcome));
    assertThat(back.segment("MSA")).isEqualTo("MSA|AE");
    assertThat(back.segment("ERR")).isEqualTo("ERR|||207^Application error^HL70357|E|||x");
    assertThat(back.run().coverage())
        .extracting(CoverageNote::path)
        .containsExactly(
            // 207 is read as an exception, E as an error.
            "OperationOutcome.issue[0].code",
            "OperationOutcome.issue[0].severity",
            "OperationOutcome.issue[0].expression[0]");
  }

  @Test
  void everyFieldOfEverySegmentIsToldOf() {
    String fields = "|a^b&c^d^e^f^g^h^i^j~n^o";
    for (List<String> segments :
        List.of(
            List.of("MSA" + fields.repeat(6), "ERR" + fields.repeat(12), "QAK" + fields.repeat(6)),
            List.of("MSA" + fields.repeat(6)))) {
      V2Message message = Maps.message("ACK", segments.toArray(new String[0]));
      MappingRun run = Maps.MAPPER.map(message, Maps.CONTEXT);
      assertThat(Trips.untold(message, run)).isEmpty();
    }
  }

  @Test
  void theHeaderAndItsProvenanceComeBack() throws IOException, HL7Exception {
    String msh =
        "LABAPP^2.16.840.1.113883.19.3^ISO|HOSP^2.16.840.1.113883.19^ISO|RCV^http://rcv.example.org/x^URI|CLINIC|20261120120000-0600|SEC|ACK|C-1|D^A|2.5.1|||AL|NE|USA|UNICODE UTF-8|en";
    V2Message sent = message("MSH|^~\\&|" + msh + "\rMSA|AA|1\r");
    MappingRun run = Maps.MAPPER.map(sent, Maps.CONTEXT);
    Trips.validR4(run);
    assertThat(Trips.untold(sent, run)).isEmpty();
    Trips.Back back = Trips.back(Maps.MAPPER, "ACK", Trips.resources(run));
    Trips.validV2(back.message());
    for (String path :
        List.of(
            "MSH-3.1",
            "MSH-3.2",
            "MSH-3.3",
            "MSH-4.1",
            "MSH-4.2",
            "MSH-4.3",
            "MSH-5.1",
            "MSH-5.2",
            "MSH-5.3",
            "MSH-6",
            "MSH-7",
            "MSH-8",
            "MSH-10",
            "MSH-11.1",
            "MSH-11.2",
            "MSH-19")) {
      assertThat(back.message().value(path)).as(path).isEqualTo(sent.value(path));
    }
  }

  @Test
  void aHeaderThatSaysNothingIsStillValid() {
    V2Message sent = message("MSH|^~\\&|||||||ACK||D|2.5.1\rMSA|AA|1\r");
    Trips.validR4(Maps.MAPPER.map(sent, Maps.CONTEXT));
  }

  private static V2Message message(String text) {
    try {
      return V2Message.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (org.millrace.hl7.V2FormatException e) {
      throw new IllegalStateException(e);
    }
  }
}
