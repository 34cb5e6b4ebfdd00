package org.millrace.healtheintent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.cerner.Call;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Reply;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;

class IntentLookUpsTest {
  private static final PatientKey ANNA = new PatientKey.PersonId("12990001");
  private static Sandbox sandbox;
  private static HealtheIntent intent;

  @BeforeAll
  static void start() throws IOException {
    sandbox = Sandbox.start(SandboxOptions.defaults());
    intent = open(new HealtheIntentSettings.Account.Bearer(sandbox.healtheIntent().bearerToken()));
  }

  @AfterAll
  static void stop() {
    intent.close();
    sandbox.close();
  }

  @BeforeEach
  void reset() throws Exception {
    control("POST", "/reset", "");
  }

  private static HealtheIntent open(HealtheIntentSettings.Account account) {
    return new HealtheIntent(settings(account), Clock.systemUTC());
  }

  private static HealtheIntentSettings settings(HealtheIntentSettings.Account account) {
    return new HealtheIntentSettings(
        URI.create(sandbox.healtheIntent().url()),
        sandbox.healtheIntent().population(),
        sandbox.healtheIntent().dataPartition(),
        account,
        "urn:oid:2.16.840.1.113883.6.1000",
        HealtheIntentSettings.Limits.DEFAULT);
  }

  private static void control(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(sandbox.controlUrl() + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
        .isEqualTo(204);
  }

  private static Call call() {
    return Call.within(Duration.ofSeconds(5));
  }

  private static <T> T value(Reply<T> reply) {
    assertThat(reply).isInstanceOf(Reply.Done.class);
    return ((Reply.Done<T>) reply).value();
  }

  private static <T> Fault fault(Reply<T> reply) {
    assertThat(reply).isInstanceOf(Reply.Failed.class);
    return ((Reply.Failed<T>) reply).fault();
  }

  private static PatientKey number(String number) {
    return new PatientKey.RecordNumber(number, Optional.empty());
  }

  @Test
  void aPatientIsFoundByPersonIdAndByRecordNumber() {
    String id = value(intent.findPatient(ANNA, call()));
    assertThat(value(intent.findPatient(number("9900101"), call()))).isEqualTo(id);
    assertThat(fault(intent.findPatient(number("9900110"), call())).code())
        .isEqualTo(FaultCode.SEVERAL_FOUND);
    assertThat(fault(intent.findPatient(number("990 &?{{x}}"), call())).code())
        .isEqualTo(FaultCode.NOT_FOUND);
    assertThat(fault(intent.findPatient(new PatientKey.PersonId("1/../2?x{{y}}"), call())).code())
        .isEqualTo(FaultCode.NOT_FOUND);
  }

  @Test
  void everyListOfThePatientIsReadWhole() {
    for (RecordList list : RecordList.values()) {
      assertThat(value(intent.list(list, ANNA, call()))).as(list.path()).isNotEmpty();
    }
    List<ObjectNode> many =
        value(intent.list(RecordList.OBSERVATIONS, new PatientKey.PersonId("12990006"), call()));
    assertThat(many).hasSize(230);
    assertThat(many.get(229).path("id").asText()).isEqualTo("o-12990006-230");
    assertThat(many.get(0).at("/value/quantity/value").decimalValue()).hasToString("36.8");
    assertThat(
            value(intent.list(RecordList.ALLERGIES, new PatientKey.PersonId("12990002"), call())))
        .isEmpty();
  }

  @Test
  void aDocumentAndPersonnelAreRead() {
    assertThat(value(intent.document(ANNA, "doc-12990001-1", call())).at("/type/text").asText())
        .isEqualTo("Summary of care");
    assertThat(fault(intent.document(ANNA, "doc-2", call())).code()).isEqualTo(FaultCode.NOT_FOUND);
    assertThat(value(intent.personnelByNpi("9900000026", call()))).hasSize(1);
    assertThat(value(intent.personnelByNpi("9900000099", call()))).isEmpty();
  }

  @Test
  void anIdThatChangesBetweenTwoLookUpsIsNotMissed() throws Exception {
    String before = value(intent.findPatient(ANNA, call()));
    control("POST", "/healtheintent/rematch", "");
    assertThat(value(intent.list(RecordList.ALLERGIES, ANNA, call()))).hasSize(3);
    assertThat(value(intent.findPatient(ANNA, call()))).isNotEqualTo(before);
  }

  @Test
  void oauthTokensAreFetchedOnceAndAnewWhenTheyAreRefused() throws Exception {
    URI access = URI.create(sandbox.healtheIntent().url() + "/oauth/access");
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (HealtheIntent signing =
        open(new HealtheIntentSettings.Account.Consumer(
                sandbox.clientId(), sandbox.clientSecret(), access))
            .measuredBy(meters)) {
      assertThat(value(signing.list(RecordList.ALLERGIES, ANNA, call()))).hasSize(3);
      control(
          "PUT",
          "/faults",
          "{\"faults\":[{\"path\":\"healtheintent/allergy\",\"times\":1,\"expiredToken\":true}]}");
      assertThat(value(signing.list(RecordList.ALLERGIES, ANNA, call()))).hasSize(3);
    }
    assertThat(
            meters
                .get("millrace.healtheintent.calls")
                .tags("lookup", "allergies", "status", "4xx")
                .counter()
                .count())
        .isEqualTo(1);
    try (HealtheIntent wrong =
        open(new HealtheIntentSettings.Account.Consumer(sandbox.clientId(), "guess", access))) {
      Fault refused = fault(wrong.findPatient(ANNA, call()));
      assertThat(refused.code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
      assertThat(refused.sentence()).contains("MILLRACE_HEALTHEINTENT_CONSUMER_SECRET");
    }
  }

  @Test
  void allergiesThatHoldNowAreGivenTheShapeOfAllergyIntolerance() {
    KnownAllergies anna = value(intent.allergies(ANNA, call()));
    assertThat(anna.past()).isEqualTo(1);
    assertThat(anna.withoutSubstance()).isZero();
    assertThat(anna.allergies()).hasSize(2);
    ObjectNode penicillin = anna.allergies().get(0);
    assertThat(penicillin.at("/code/coding/0/system").asText())
        .isEqualTo("http://www.nlm.nih.gov/research/umls/rxnorm");
    assertThat(penicillin.at("/code/text").asText()).isEqualTo("Penicillin");
    assertThat(penicillin.at("/clinicalStatus/coding/0/code").asText()).isEqualTo("active");
    assertThat(penicillin.path("type").asText()).isEqualTo("allergy");
    assertThat(penicillin.at("/category/0").asText()).isEqualTo("medication");
    assertThat(penicillin.path("criticality").asText()).isEqualTo("high");
    assertThat(penicillin.path("onsetDateTime").asText()).isEqualTo("2011-08-19");
    assertThat(penicillin.at("/reaction/0/severity").asText()).isEqualTo("severe");
    assertThat(penicillin.at("/reaction/1/manifestation/0/text").asText()).isEqualTo("Hives");
    assertThat(anna.allergies().get(1).at("/category/0").asText()).isEqualTo("food");
    // The same from 23 entries is one allergy.
    assertThat(value(intent.allergies(new PatientKey.PersonId("12990006"), call())).allergies())
        .hasSize(1);
  }

  @Test
  void faultsTellWhoActsAndWhatToDo() throws Exception {
    try (HealtheIntent stranger = open(new HealtheIntentSettings.Account.Bearer("guess"))) {
      Fault refused = fault(stranger.findPatient(ANNA, call()));
      assertThat(refused.code()).isEqualTo(FaultCode.CREDENTIALS_REFUSED);
      assertThat(refused.sentence())
          .contains("MILLRACE_HEALTHEINTENT_TOKEN")
          .doesNotContain("guess");
      assertThat(refused.requestId()).isNotEmpty();
    }
    control(
        "PUT",
        "/faults",
        "{\"faults\":[{\"path\":\"healtheintent/allergy\",\"status\":403},"
            + "{\"path\":\"healtheintent/condition\",\"status\":404,\"text\":\"gateway\"},"
            + "{\"path\":\"healtheintent/encounter\",\"status\":302}]}");
    assertThat(fault(intent.list(RecordList.ALLERGIES, ANNA, call())).sentence())
        .contains("HealtheIntent Console");
    assertThat(fault(intent.list(RecordList.CONDITIONS, ANNA, call())).sentence())
        .contains("MILLRACE_HEALTHEINTENT_URL");
    assertThat(fault(intent.list(RecordList.ENCOUNTERS, ANNA, call())).code())
        .isEqualTo(FaultCode.UNREADABLE_ANSWER);
  }
}
