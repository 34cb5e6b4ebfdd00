package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.rest.EngineInFrontOfSandbox.ROOT;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.note;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.delivery.ChartActions;
import org.millrace.delivery.Delivery;
import org.millrace.delivery.DeliverySettings;
import org.millrace.delivery.MessageMapping;
import org.millrace.guard.Principal;
import org.millrace.guard.Scopes;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.LedgerRow;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;

/** Creates that are stored, answered 202, and delivered like messages. */
class StoredCreatesTest {
  private static final DeliverySettings DELIVERY =
      new DeliverySettings(
          "urn:oid:2.16.840.1.113883.6.1000",
          DeliverySettings.PatientCheck.NONE,
          Optional.empty(),
          DeliverySettings.VisitMissing.FILE,
          Map.of(),
          new DeliverySettings.Pace(
              2,
              Duration.ofSeconds(1),
              Duration.ofMillis(50),
              Duration.ofMillis(200),
              Duration.ofSeconds(5),
              2,
              Duration.ofMillis(50),
              Duration.ofMillis(10)));

  @TempDir private Path folder;
  private EngineInFrontOfSandbox engine;
  private Optional<Delivery> delivery = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    engine = EngineInFrontOfSandbox.start(folder, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    delivery.ifPresent(Delivery::close);
    engine.close();
  }

  private void deliver() {
    Delivery begun =
        new Delivery(
            engine.journal,
            ChartActions.of(engine.cerner),
            MessageMapping.of(EngineInFrontOfSandbox.MAPPER),
            DELIVERY,
            (id, feed, state, reason) -> {},
            Clock.systemUTC());
    begun.start();
    delivery = Optional.of(begun);
  }

  private RestAnswer leave(String title, String caller, String... key) {
    return engine.fhir.handle(asked(note("12990001", title), caller, key));
  }

  private static RestRequest asked(ObjectNode document, String caller, String... key) {
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", "application/fhir+json");
    headers.put("prefer", "respond-async");
    if (key.length > 0) {
      headers.put("idempotency-key", key[0]);
    }
    return by(request("POST", "DocumentReference", headers, document.toString()), caller);
  }

  private static RestRequest by(RestRequest request, String caller) {
    return request.of(
        new Principal(caller, Principal.Proof.KEY, "k1", Scopes.NONE, Set.of()), "127.0.0.1");
  }

  private RestAnswer status(RestAnswer accepted, String caller) {
    String url = accepted.headers().get("Content-Location");
    assertThat(url).startsWith(ROOT + "/fhir/r4/_async/");
    return engine.fhir.handle(
        by(request("GET", url.substring((ROOT + "/fhir/r4/").length()), Map.of(), ""), caller));
  }

  private JsonNode outcome(RestAnswer accepted, String caller) {
    await().until(() -> status(accepted, caller).status() == 200);
    JsonNode bundle = json(status(accepted, caller));
    assertThat(bundle.path("type").asText()).isEqualTo("batch-response");
    return bundle.at("/entry/0/response");
  }

  private List<JsonNode> filed(String title) {
    return StreamSupport.stream(engine.stored("DocumentReference").spliterator(), false)
        .filter(each -> each.at("/content/0/attachment/title").asText().startsWith(title))
        .toList();
  }

  private MessageSummary line() {
    return engine.journal.listing().list(MessageFilter.any()).get(0);
  }

  @Test
  void itIsOnDiskWhenItIsAnsweredAndFiledOnceBehindIt() {
    RestAnswer accepted = leave("ZZTEST left", "portal");
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(json(accepted).at("/issue/0/severity").asText()).isEqualTo("information");
    try (JournalDatabase looking = JournalDatabase.openReadOnly(folder, Clock.systemUTC())) {
      assertThat(looking.listing().list(MessageFilter.any()))
          .singleElement()
          .satisfies(
              line -> {
                assertThat(line.state()).isEqualTo(MessageState.QUEUED);
                assertThat(line.feed()).isEqualTo("/fhir/r4");
                assertThat(line.sender()).isEqualTo("FHIR@portal");
                assertThat(line.type()).isEqualTo("DocumentReference");
              });
    }
    assertThat(engine.requests()).isEmpty();
    RestAnswer waiting = status(accepted, "portal");
    assertThat(waiting.status()).isEqualTo(202);
    assertThat(waiting.headers()).containsEntry("Retry-After", "5");

    deliver();
    JsonNode response = outcome(accepted, "portal");
    assertThat(filed("ZZTEST left")).hasSize(1);
    assertThat(response.path("status").asText()).isEqualTo("201 Created");
    assertThat(response.path("location").asText())
        .isEqualTo(
            ROOT + "/fhir/r4/DocumentReference/" + filed("ZZTEST left").get(0).path("id").asText());
    assertThat(response.path("etag").asText()).isNotEmpty();
    assertThat(line().state()).isEqualTo(MessageState.DELIVERED);
  }

  @Test
  void onlyWhoAskedIsToldWhatCameOfIt() {
    RestAnswer accepted = leave("ZZTEST mine", "portal");
    assertThat(status(accepted, "portal").status()).isEqualTo(202);
    assertThat(status(accepted, "desk").status()).isEqualTo(404);
    RestAnswer guessed =
        engine.fhir.handle(by(request("GET", "_async/guessed", Map.of(), ""), "portal"));
    assertThat(guessed.status()).isEqualTo(404);
    RestAnswer cancelled =
        engine.fhir.handle(by(request("DELETE", "_async/guessed", Map.of(), ""), "portal"));
    assertThat(cancelled.status()).isEqualTo(405);
  }

  @Test
  void underAKeyItIsStoredOnceAndAnsweredAgain() {
    RestAnswer first = leave("ZZTEST once", "portal", "k-1");
    RestAnswer again = leave("ZZTEST once", "portal", "k-1");
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.headers())
        .containsEntry("Content-Location", first.headers().get("Content-Location"))
        .containsEntry("Idempotency-Replayed", "true");
    assertThat(leave("ZZTEST other", "portal", "k-1").status()).isEqualTo(422);
    assertThat(engine.journal.listing().list(MessageFilter.any())).hasSize(1);
    assertThat(leave("ZZTEST once", "desk", "k-1").status()).isEqualTo(202);
    assertThat(engine.journal.listing().list(MessageFilter.any())).hasSize(2);
  }

  @Test
  void whatCernerIsDownForIsTriedAgainAndToldSo() {
    engine.faults("[{'method':'POST','path':'DocumentReference','status':503,'times':1000}]");
    RestAnswer accepted = leave("ZZTEST later", "portal");
    deliver();
    await()
        .until(
            () -> json(status(accepted, "portal")).at("/issue/0/details/text").asText(),
            text -> text.startsWith("It is tried again: "));
    assertThat(status(accepted, "portal").status()).isEqualTo(202);
    engine.addFaults("[]");
    assertThat(outcome(accepted, "portal").path("status").asText()).isEqualTo("201 Created");
    assertThat(filed("ZZTEST later")).hasSize(1);
  }

  @Test
  void aLostAnswerIsSettledByTheLedger() {
    engine.faults("[{'method':'POST','path':'DocumentReference','drop':'after-commit','times':1}]");
    RestAnswer accepted = leave("ZZTEST lost", "portal");
    deliver();
    assertThat(outcome(accepted, "portal").path("status").asText()).isEqualTo("201 Created");
    assertThat(filed("ZZTEST lost")).hasSize(1);
    assertThat(engine.journal.ledger().rows(line().id()))
        .singleElement()
        .extracting(LedgerRow::resourceId)
        .isEqualTo(filed("ZZTEST lost").get(0).path("id").asText());
  }

  @Test
  void whatCernerRefusesIsToldInItsWords() {
    engine.faults(
        "[{'method':'POST','path':'DocumentReference','status':422,'times':1,'body':"
            + "{'resourceType':'OperationOutcome','issue':[{'severity':'error','code':'invalid',"
            + "'details':{'text':'No such type'}}]}}]");
    RestAnswer accepted = leave("ZZTEST refused", "portal");
    deliver();
    JsonNode response = outcome(accepted, "portal");
    assertThat(response.path("status").asText()).isEqualTo("422");
    assertThat(response.at("/outcome/issue/0/details/coding/0/code").asText()).isEqualTo("refused");
    assertThat(response.at("/outcome/issue/0/diagnostics").asText()).contains("No such type");
    assertThat(line().state()).isEqualTo(MessageState.REFUSED);
  }

  @Test
  void anUnknownOutcomeIsToldAsThat() {
    engine.faults(
        "[{'method':'POST','path':'DocumentReference','drop':'after-commit','times':1},"
            + "{'method':'GET','path':'DocumentReference','status':403,'times':1000}]");
    RestAnswer accepted = leave("ZZTEST unknown", "portal");
    deliver();
    JsonNode response = outcome(accepted, "portal");
    assertThat(response.at("/outcome/issue/0/details/coding/0/code").asText())
        .isEqualTo("outcome-unknown");
    assertThat(response.path("status").asText()).isEqualTo("504");
    assertThat(filed("ZZTEST unknown")).hasSize(1);
  }

  @Test
  void whatIsFoundFaultyIsRefusedAtOnceAndNotStored() {
    ObjectNode faulty = note("12990001", "ZZTEST faulty");
    faulty.remove("content");
    RestAnswer answer = engine.fhir.handle(asked(faulty, "portal", "k-1"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(engine.journal.listing().list(MessageFilter.any())).isEmpty();
    assertThat(leave("ZZTEST faulty", "portal", "k-1").status()).isEqualTo(202);
  }

  @Test
  void aJournalThatIsClosedIsToldAndNothingIsSent() {
    engine.journal.close();
    RestAnswer answer = leave("ZZTEST closed", "portal");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(json(answer).at("/issue/0/details/coding/0/code").asText())
        .isEqualTo("journal-unavailable");
    assertThat(answer.headers()).containsKey("Retry-After");
  }
}
