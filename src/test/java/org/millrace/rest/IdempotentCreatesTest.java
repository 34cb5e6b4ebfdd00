package org.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.millrace.rest.EngineInFrontOfSandbox.json;
import static org.millrace.rest.EngineInFrontOfSandbox.newcomer;
import static org.millrace.rest.EngineInFrontOfSandbox.request;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.SettableClock;
import org.millrace.guard.Principal;
import org.millrace.guard.Scopes;
import org.millrace.journal.JournalDatabase;

/** Creates under an Idempotency-Key. */
class IdempotentCreatesTest {
  private static final SettableClock CLOCK = new SettableClock();
  private static final String RESULT =
      "{'patientResourceId':'12990001','category':'laboratory','code':'2823-3',"
          + "'effectiveDateTime':'2026-11-20T10:00:00Z','quantity':'%s','unit':'mmol/L'}";

  @TempDir static Path folder;
  private static EngineInFrontOfSandbox engine;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineInFrontOfSandbox.start(folder, CLOCK);
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void reset() {
    engine.reset();
    CLOCK.forward(Duration.ofDays(8));
  }

  private static RestAnswer patient(String family, String key, String... prefer) {
    return engine.post(
        "Patient",
        newcomer(family),
        prefer.length == 0
            ? Map.of("idempotency-key", key)
            : Map.of("idempotency-key", key, "prefer", prefer[0]));
  }

  private static RestAnswer result(String value, String key) {
    return engine.actions.handle(resultOf(value, key));
  }

  private static RestRequest resultOf(String value, String key) {
    return request(
        "POST",
        "create-observation",
        Map.of("content-type", "application/json", "idempotency-key", key),
        RESULT.formatted(value).replace('\'', '"'));
  }

  private static RestRequest of(RestRequest request, String caller) {
    return request.of(
        new Principal(caller, Principal.Proof.KEY, "k1", Scopes.NONE, Set.of()), "127.0.0.1");
  }

  private static String code(RestAnswer answer) {
    return json(answer).at("/issue/0/details/coding/0/code").asText()
        + json(answer).path("code").asText();
  }

  private static void same(RestAnswer again, RestAnswer first) {
    assertThat(again.status()).isEqualTo(first.status());
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers()).containsAllEntriesOf(first.headers());
    assertThat(again.headers()).containsEntry("Idempotency-Replayed", "true");
    assertThat(first.headers()).doesNotContainKey("Idempotency-Replayed");
  }

  @Test
  void aCreateOfTheFhirFaceThatIsSentAgainIsAnsweredAgainAndNotMadeAgain() {
    int before = engine.stored("Patient").size();
    RestAnswer first = patient("ZZTESTONCE", "k-1", "return=representation");
    assertThat(first.status()).isEqualTo(201);
    same(patient("ZZTESTONCE", "k-1"), first);
    assertThat(engine.stored("Patient")).hasSize(before + 1);
    assertThat(patient("ZZTESTONCE", "k-2").headers().get("Location"))
        .isNotEqualTo(first.headers().get("Location"));
  }

  @Test
  void soIsACreateAction() {
    int before = engine.stored("Observation").size();
    RestAnswer first = result("4.1", "k-1");
    assertThat(first.status()).isEqualTo(201);
    same(result("4.1", "k-1"), first);
    assertThat(engine.stored("Observation")).hasSize(before + 1);
  }

  @Test
  void aKeyThatWasUsedForAnotherBodyOrPathIsRefused() {
    assertThat(result("4.1", "k-1").status()).isEqualTo(201);
    RestAnswer other = result("4.2", "k-1");
    assertThat(other.status()).isEqualTo(422);
    assertThat(code(other)).isEqualTo("key-used");
    RestAnswer face = patient("ZZTESTONCE", "k-1");
    assertThat(face.status()).isEqualTo(422);
    assertThat(code(face)).isEqualTo("key-used");
  }

  @Test
  void callersDoNotShareTheirKeys() {
    RestAnswer mine = engine.actions.handle(of(resultOf("4.1", "k-1"), "portal"));
    RestAnswer theirs = engine.actions.handle(of(resultOf("4.2", "k-1"), "desk"));
    assertThat(mine.status()).isEqualTo(201);
    assertThat(theirs.status()).isEqualTo(201);
    same(engine.actions.handle(of(resultOf("4.1", "k-1"), "portal")), mine);
  }

  @Test
  void aRequestThatIsRefusedBeforeItIsSentLeavesItsKeyFree() {
    assertThat(result("high", "k-1").status()).isEqualTo(400);
    assertThat(result("4.1", "k-1").status()).isEqualTo(201);
  }

  @Test
  void aCreateThatStoredNothingMayBeTriedAgain() {
    engine.faults("[{'method':'POST','path':'Observation','status':503,'times':1}]");
    assertThat(result("4.1", "k-1").status()).isEqualTo(503);
    RestAnswer second = result("4.1", "k-1");
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.headers()).doesNotContainKey("Idempotency-Replayed");
  }

  @Test
  void aCreateWhoseOutcomeIsUnknownIsNeverMadeAgain() {
    engine.faults("[{'method':'POST','path':'Patient','drop':'before'}]");
    RestAnswer first = patient("ZZTESTLOST", "k-1");
    assertThat(first.status()).isEqualTo(504);
    engine.reset();
    same(patient("ZZTESTLOST", "k-1"), first);
    assertThat(engine.requests()).isEmpty();
  }

  @Test
  void whileTheFirstIsUnderWayTheSecondIsTurnedAway() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    IdempotentCreates creates =
        new IdempotentCreates(engine.journal.createRequests(), "t", engine.settings, CLOCK);
    RestRequest request = resultOf("4.1", "k-1");
    ExecutorService callers = Executors.newSingleThreadExecutor();
    try {
      Future<RestAnswer> first =
          callers.submit(
              () ->
                  creates.create(
                      request,
                      Actions.MOUNT,
                      Problems::answer,
                      sending ->
                          sending.send(
                              () -> {
                                sent.countDown();
                                waitFor(goOn);
                                return made();
                              })));
      waitFor(sent);
      RestAnswer second = again(creates, request);
      assertThat(second.status()).isEqualTo(409);
      assertThat(code(second)).isEqualTo("key-under-way");
      assertThat(second.headers()).containsEntry("Retry-After", "2");
      goOn.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(201);
      assertThat(again(creates, request).status()).isEqualTo(201);
    } finally {
      callers.shutdownNow();
    }
  }

  private static IdempotentCreates.Sent made() {
    return new IdempotentCreates.Sent(
        new RestAnswer(201, Map.of(), "made".getBytes(StandardCharsets.UTF_8)), true);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stop) {
      throw new AssertionError(stop);
    }
  }

  private static RestAnswer again(IdempotentCreates creates, RestRequest request) {
    return creates.create(
        request,
        Actions.MOUNT,
        Problems::answer,
        sending -> {
          throw new AssertionError("it is made again");
        });
  }

  @Test
  void afterARestartTheFirstAnswerStandsAndWhatWasUnderWayIsUnknown(@TempDir Path other)
      throws Exception {
    RestRequest answered = resultOf("4.1", "k-1");
    RestRequest torn = resultOf("4.2", "k-2");
    try (JournalDatabase journal = JournalDatabase.open(other, CLOCK)) {
      IdempotentCreates creates =
          new IdempotentCreates(journal.createRequests(), "t", engine.settings, CLOCK);
      creates.create(
          answered, Actions.MOUNT, Problems::answer, sending -> sending.send(() -> made()));
      assertThat(
              catchThrowable(
                  () ->
                      creates.create(
                          torn,
                          Actions.MOUNT,
                          Problems::answer,
                          sending ->
                              sending.send(
                                  () -> {
                                    throw new IllegalStateException("the engine stops here");
                                  }))))
          .isNotNull();
    }
    try (JournalDatabase journal = JournalDatabase.open(other, CLOCK)) {
      IdempotentCreates creates =
          new IdempotentCreates(journal.createRequests(), "t", engine.settings, CLOCK);
      assertThat(again(creates, answered).body()).asString().isEqualTo("made");
      assertThat(again(creates, torn).status()).isEqualTo(409);
      CLOCK.forward(Duration.ofMinutes(1));
      RestAnswer unknown = again(creates, torn);
      assertThat(unknown.status()).isEqualTo(504);
      assertThat(code(unknown)).isEqualTo("outcome-unknown");
      assertThat(json(unknown).path("detail").asText()).contains("engine stopped");
    }
  }

  @Test
  void aKeyIsForgottenWhenItsTimeIsOver() {
    RestAnswer first = result("4.1", "k-1");
    CLOCK.forward(Duration.ofDays(7).minusSeconds(1));
    same(result("4.1", "k-1"), first);
    CLOCK.forward(Duration.ofSeconds(1));
    assertThat(result("4.2", "k-1").headers()).doesNotContainKey("Idempotency-Replayed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "ünicode"})
  void aKeyIsOfPlainCharacters(String key) {
    RestAnswer answer = result("4.1", key);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(json(answer).path("detail").asText()).contains("1 to 255 characters");
    assertThat(result("4.1", "k".repeat(256)).status()).isEqualTo(400);
  }

  @Test
  void whereTheJournalCannotBeUsedNothingIsCreated(@TempDir Path other) {
    JournalDatabase journal = JournalDatabase.open(other, CLOCK);
    journal.close();
    IdempotentCreates creates =
        new IdempotentCreates(journal.createRequests(), "t", engine.settings, CLOCK);
    RestAnswer answer = again(creates, resultOf("4.1", "k-1"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(code(answer)).isEqualTo("keys-unavailable");
  }

  @Test
  void aWriteThatIsToBeAnsweredLaterIsRefusedByName() {
    RestAnswer create = patient("ZZTESTLATER", "k-1", "respond-async, return=minimal");
    assertThat(create.status()).isEqualTo(400);
    assertThat(code(create)).isEqualTo("preference-not-supported");
    RestAnswer action =
        engine.actions.handle(
            request(
                "POST",
                "create-observation",
                Map.of("content-type", "application/json", "prefer", "Respond-Async"),
                RESULT.formatted("4.1").replace('\'', '"')));
    assertThat(code(action)).isEqualTo("preference-not-supported");
    assertThat(engine.requests()).isEmpty();
  }
}
