package org.millrace.guard;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.AuditEvent.AuditEventOutcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.millrace.OfficialValidator;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditEvent;

/** Entries of the trail as FHIR; the judge is the official validator. */
class FhirAuditEventsTest {
  private static final Instant AT = Instant.parse("2026-11-20T16:15:00.123Z");
  private static OfficialValidator validator;

  @BeforeAll
  static void start() {
    validator = new OfficialValidator();
  }

  private static ObjectNode written(AuditEvent event) {
    ObjectNode json = FhirAuditEvents.of(new AuditEntry(7, "engine", 12, event, "c", "h"));
    assertThat(
            FhirContext.forR4Cached()
                .newJsonParser()
                .setParserErrorHandler(new StrictErrorHandler())
                .parseResource(json.toString()))
        .isNotNull();
    assertThat(validator.errors(json.toString())).as(json.toString()).isEmpty();
    return json;
  }

  private static AuditEvent read(AuditEvent.Outcome outcome, int status) {
    return new AuditEvent(
        AT,
        "read",
        outcome,
        status,
        new AuditEvent.Actor("portal", "key abc", "10.1.2.3"),
        "Encounter",
        "req-1",
        List.of("12990006"),
        Map.of("request", "GET /fhir/r4/Encounter/77"));
  }

  @Test
  void aReadNamesCallerPatientAndRequest() {
    ObjectNode json = written(read(AuditEvent.Outcome.DONE, 200));

    assertThat(json.at("/type/code").asText()).isEqualTo("rest");
    assertThat(json.at("/subtype/0/code").asText()).isEqualTo("read");
    assertThat(json.path("action").asText()).isEqualTo("R");
    assertThat(json.path("outcome").asText()).isEqualTo(AuditEventOutcome._0.toCode());
    assertThat(json.at("/agent/0/who/display").asText()).isEqualTo("portal");
    assertThat(json.at("/agent/0/network/address").asText()).isEqualTo("10.1.2.3");
    assertThat(json.at("/entity/0/what/reference").asText()).isEqualTo("Patient/12990006");
    assertThat(
            new String(
                Base64.getDecoder().decode(json.at("/entity/1/query").asText()),
                StandardCharsets.UTF_8))
        .isEqualTo("GET /fhir/r4/Encounter/77");
    assertThat(json.at("/entity/2/what/identifier/value").asText()).isEqualTo("req-1");
  }

  @Test
  void aDocumentThatIsOpenedOrDownloadedIsARead() {
    for (String what : List.of("view", "download")) {
      AuditEvent.Actor who = new AuditEvent.Actor("ana", "account", "10.1.2.3");
      ObjectNode json =
          written(AuditEvent.of(AT, what, who, "message 12, document OBX[2]-5", Map.of()));

      assertThat(json.path("action").asText()).isEqualTo("R");
      assertThat(json.at("/subtype/0/code").asText()).isEqualTo(what);
      assertThat(json.at("/entity/0/name").asText()).isEqualTo("message 12, document OBX[2]-5");
    }
  }

  @Test
  void aDenialAndAFailureAreToldApart() {
    assertThat(written(read(AuditEvent.Outcome.DENIED, 403)).path("outcome").asText())
        .isEqualTo("4");
    assertThat(written(read(AuditEvent.Outcome.FAILED, 503)).path("outcome").asText())
        .isEqualTo("8");
  }

  @Test
  void aCallerThatIsNotKnownIsSaidToBeSo() {
    ObjectNode json =
        written(
            new AuditEvent(
                AT,
                "ask",
                AuditEvent.Outcome.DENIED,
                401,
                new AuditEvent.Actor("", "none", "10.1.2.3"),
                "/fhir/r4",
                "",
                List.of(),
                Map.of("why", "the key is not known, or was revoked")));

    assertThat(json.at("/agent/0/who/display").asText()).isEqualTo("not known");
    assertThat(json.at("/entity/0/detail/0/valueString").asText()).contains("revoked");
  }

  @Test
  void whatAnOperatorDoesIsAnActivityOfTheApplication() {
    ObjectNode json =
        written(AuditEvent.ofUser(AT, "retry", "ana", "message 12", Map.of("why", "mended")));

    assertThat(json.at("/type/code").asText()).isEqualTo("110100");
    assertThat(json.at("/subtype/0/system").asText()).isEqualTo("urn:millrace:audit");
    assertThat(json.at("/entity/0/name").asText()).isEqualTo("message 12");
  }
}
