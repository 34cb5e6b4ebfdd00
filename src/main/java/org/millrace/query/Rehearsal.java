package org.millrace.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;

/** A query of nobody and the patient found by it, both invented. */
final class Rehearsal {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String QUERY =
      """
      MSH|^~\\&|REHEARSAL|HERE|MILLRACE|HERE|20200101000000||QRY^A19^QRY_A19|1|P|2.5.1
      QRD|20200101000000|R|I|1|||1^RD|0^^^^^^^^FHIR|DEM
      """
          .replace('\n', '\r');

  private static final String PATIENT =
      """
      {"resourceType": "Patient", "id": "0", "active": true,
       "identifier": [{"system": "urn:oid:1.2.3", "value": "0", "type": {"coding":
         [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}}],
       "name": [{"use": "official", "family": "Nobody", "given": ["At", "All"]}],
       "telecom": [{"system": "phone", "value": "0", "use": "home"}],
       "gender": "unknown", "birthDate": "2000-01-01",
       "address": [{"use": "home", "line": ["Nowhere"], "city": "None", "country": "US"}]}
      """;

  private static final String VISIT =
      """
      {"resourceType": "Encounter", "id": "0", "status": "finished",
       "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
       "subject": {"reference": "Patient/0"},
       "period": {"start": "2020-01-01T00:00:00Z", "end": "2020-01-01T01:00:00Z"}}
      """;

  private Rehearsal() {}

  static V2Message query() {
    try {
      return V2Message.read(QUERY.getBytes(StandardCharsets.US_ASCII), Optional.empty());
    } catch (V2FormatException ours) {
      throw new IllegalStateException(ours);
    }
  }

  /** The only page of its answer. */
  static Page page() {
    Match match = new Match(resource(PATIENT), List.of());
    return new Page(
        List.of(new Page.Shown(match, List.of(resource(VISIT)))),
        1,
        0,
        Optional.empty(),
        List.of(),
        List.of());
  }

  private static ObjectNode resource(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return (ObjectNode) json;
    } catch (JsonProcessingException ours) {
      throw new IllegalStateException(ours);
    }
  }
}
