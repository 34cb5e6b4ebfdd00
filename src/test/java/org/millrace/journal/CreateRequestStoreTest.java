package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.journal.CreateRequest.Answer;
import org.millrace.journal.CreateRequest.Asked;
import org.millrace.journal.CreateRequest.OnRecord;

/** Creates under keys of callers, on record. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class CreateRequestStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-20T16:15:00Z");
  private static final Instant UNTIL = NOW.plusSeconds(45);
  private static final Asked ASKED = new Asked("t", "KEY portal", "k-1", "/fhir/r4/Patient", "d1");
  private static final Answer ANSWER =
      new Answer(
          201,
          Map.of("Location", "http://x/y", "ETag", "W/\"1\""),
          "{\"family\":\"ZZTEST\"}\n".getBytes(StandardCharsets.UTF_8));

  @Parameter private TestJournals on;
  private JournalDatabase journal;
  private CreateRequestStore store;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal =
        JournalDatabase.open(
            on.place(folder), Clock.fixed(NOW.plus(Duration.ofDays(7)), ZoneOffset.UTC));
    store = journal.createRequests();
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private long begun() throws Exception {
    return ((OnRecord.Begun) store.begin(ASKED, NOW, UNTIL).get()).id();
  }

  @Test
  void ofSeveralAtOnceOneBegins() throws Exception {
    CompletableFuture<OnRecord> first = store.begin(ASKED, NOW, UNTIL);
    CompletableFuture<OnRecord> second = store.begin(ASKED, NOW, UNTIL);

    assertThat(first.get()).isInstanceOf(OnRecord.Begun.class);
    assertThat(second.get()).isEqualTo(new OnRecord.UnderWay(UNTIL));
    assertThat(store.find(ASKED, UNTIL.minusMillis(1))).contains(new OnRecord.UnderWay(UNTIL));
    assertThat(store.find(ASKED, UNTIL)).contains(new OnRecord.Lost());
  }

  @Test
  void whatWasAnsweredIsReadAsItWas() throws Exception {
    store.answered(begun(), ANSWER).get();

    Optional<OnRecord> found = store.find(ASKED, UNTIL);
    assertThat(found).get().isInstanceOf(OnRecord.Answered.class);
    Answer answer = ((OnRecord.Answered) found.orElseThrow()).answer();
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers()).isEqualTo(ANSWER.headers());
    assertThat(answer.body()).isEqualTo(ANSWER.body());
  }

  @Test
  void anAnswerWithoutHeadersAndBodyIsOne() throws Exception {
    store.answered(begun(), new Answer(201, Map.of(), new byte[0])).get();

    assertThat(store.find(ASKED, NOW)).get().isInstanceOf(OnRecord.Answered.class);
  }

  @Test
  void theSameKeyIsAnotherOneOfAnotherCallerOrTenantAndIsNotForAnotherBody() throws Exception {
    begun();

    assertThat(store.find(new Asked("t", "KEY desk", "k-1", "/fhir/r4/Patient", "d1"), NOW))
        .isEmpty();
    assertThat(store.find(new Asked("u", "KEY portal", "k-1", "/fhir/r4/Patient", "d1"), NOW))
        .isEmpty();
    assertThat(store.find(new Asked("t", "KEY portal", "k-1", "/fhir/r4/Patient", "d2"), NOW))
        .contains(new OnRecord.Other());
    assertThat(store.begin(new Asked("t", "KEY portal", "k-1", "/x", "d1"), NOW, UNTIL).get())
        .isEqualTo(new OnRecord.Other());
  }

  @Test
  void aKeyUnderWhichNothingWasStoredIsFree() throws Exception {
    store.nothingStored(begun()).get();

    assertThat(store.find(ASKED, NOW)).isEmpty();
    begun();
  }

  @Test
  void whatIsOlderThanItsTimeIsNotThereAndIsRemoved() throws Exception {
    store.answered(begun(), ANSWER).get();
    Instant over = NOW.plus(CreateRequestStore.KEPT);

    assertThat(store.find(ASKED, over.minusMillis(1))).isPresent();
    assertThat(store.find(ASKED, over)).isEmpty();
    assertThat(store.begin(ASKED, over, over.plusSeconds(45)).get())
        .isInstanceOf(OnRecord.Begun.class);
    store.keepFor(Duration.ofHours(1));
    store.begin(new Asked("t", "KEY portal", "k-2", "/x", "d1"), NOW, UNTIL).get();

    store.removeSome();

    long left =
        journal.read(
            handle ->
                handle.createQuery("SELECT count(*) FROM create_request").mapTo(Long.class).one());
    assertThat(left).as("the one that was begun just now stays").isEqualTo(1);
  }
}
