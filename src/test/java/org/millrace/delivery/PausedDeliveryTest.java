package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.MessageState;
import org.millrace.journal.MessageSummary;
import org.millrace.journal.Note;

/** Delivery with the real client, in front of a sandbox that fails for a while. */
class PausedDeliveryTest {
  private UpstreamFixture engine;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    engine = new UpstreamFixture(folder);
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static List<String> ids(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  private void acceptAll(List<String> controlIds) {
    for (int i = 0; i < controlIds.size(); i++) {
      engine.accept(controlIds.get(i), i % 4, "text of " + controlIds.get(i));
    }
  }

  private void assertDeliveredOnceWithFewAttempts(List<String> controlIds, int most)
      throws Exception {
    assertThat(engine.filedIds()).containsExactlyInAnyOrderElementsOf(controlIds);
    for (String controlId : controlIds) {
      MessageSummary line = engine.line(controlId);
      assertThat(line.state()).as(controlId).isEqualTo(MessageState.DELIVERED);
      assertThat(line.attempts()).as(controlId).isBetween(1, most);
    }
  }

  /** The last probe may be on its way still: its message stands in SENDING for that long. */
  private void awaitAllWaiting(List<String> controlIds, int mostAttempts, MessageState... states) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(controlIds)
                    .allSatisfy(
                        id -> {
                          assertThat(engine.line(id).state()).isIn((Object[]) states);
                          assertThat(engine.line(id).attempts()).isBetween(0, mostAttempts);
                        }));
  }

  @Test
  void a403OnNotesPausesDeliveryTellsOnceAndGoesOnByItself() throws Exception {
    engine.faults(
        """
        {"faults":[{"method":"POST","path":"DocumentReference","status":403}]}""");
    List<String> all = ids("A", 40);
    acceptAll(all);
    engine.awaitTold(1);
    assertThat(engine.told.get(0)).startsWith("paused DocumentReference.write not-permitted us");

    for (int minute = 0; minute < 30; minute++) {
      engine.clock.forward(Duration.ofMinutes(1));
      engine.awaitQuiet();
    }
    long posts = engine.asked("POST", "DocumentReference");
    assertThat(posts).as("probes, and the few calls before").isBetween(10L, 60L);
    awaitAllWaiting(all, 1, MessageState.QUEUED, MessageState.RETRYING);
    assertThat(engine.told).hasSize(1);

    engine.faults("{\"faults\":[]}");
    engine.run(Duration.ofMinutes(3), () -> engine.delivered() == all.size());

    assertDeliveredOnceWithFewAttempts(all, 2);
    engine.awaitTold(2);
    assertThat(engine.told.get(1)).startsWith("restored DocumentReference.write");
    assertThat(engine.told).hasSize(2);
    assertThat(engine.stopped).isEmpty();
  }

  @Test
  void refusedCredentialsPauseEverythingAndRefuseNothing() throws Exception {
    engine.faults(
        """
        {"faults":[{"path":"token","status":401,"body":{"error":"invalid_client"}}]}""");
    List<String> all = ids("A", 30);
    acceptAll(all);
    engine.awaitTold(1);
    assertThat(engine.told.get(0)).startsWith("paused connection credentials-refused us");
    for (int minute = 0; minute < 10; minute++) {
      engine.clock.forward(Duration.ofMinutes(1));
      engine.awaitQuiet();
    }
    assertThat(engine.asked("POST", "token")).isBetween(5L, 30L);
    awaitAllWaiting(all, 0, MessageState.QUEUED);
    assertThat(engine.told).hasSize(1);

    engine.faults("{\"faults\":[]}");
    engine.run(Duration.ofMinutes(3), () -> engine.delivered() == all.size());

    assertDeliveredOnceWithFewAttempts(all, 1);
    engine.awaitTold(2);
    assertThat(engine.told).hasSize(2);
  }

  @Test
  void theQueueHoldsWhileTheTokenServerIsDownForTenMinutes() throws Exception {
    engine.faults("{\"faults\":[{\"path\":\"token\",\"status\":503}]}");
    List<String> all = new ArrayList<>();
    for (int second = 0; second < 600; second += 5) {
      String controlId = "A" + second;
      all.add(controlId);
      engine.accept(controlId, second % 4, "text");
      engine.clock.forward(Duration.ofSeconds(5));
    }
    assertThat(engine.delivered()).isZero();
    assertThat(engine.asked("POST", "token")).isLessThan(60);

    engine.faults("{\"faults\":[]}");
    engine.run(Duration.ofMinutes(3), () -> engine.delivered() == all.size());

    assertDeliveredOnceWithFewAttempts(all, 6);
    assertThat(engine.told).as("no person can do anything about it").isEmpty();
  }

  @Test
  void aMissingPermissionForVisitsHoldsBackOnlyMessagesWithAVisit() throws Exception {
    engine.faults("{\"faults\":[{\"method\":\"GET\",\"path\":\"Encounter\",\"status\":403}]}");
    for (int i = 0; i < 8; i++) {
      engine.acceptWithVisit("V" + i, i % 4, "with a visit");
    }
    engine.run(Duration.ofMinutes(5), () -> engine.told.size() == 1);
    assertThat(engine.told.get(0)).startsWith("paused Encounter.read");

    engine.accept("A1", 5, "without");
    engine.await("A1", MessageState.DELIVERED);
    assertThat(engine.asked("GET", "Encounter")).isLessThan(30);

    engine.faults("{\"faults\":[]}");
    engine.run(Duration.ofMinutes(3), () -> engine.delivered() == 9);
    engine.awaitTold(2);
    assertThat(engine.told.get(1)).startsWith("restored Encounter.read");
  }

  @Test
  void twoHoursOfOutageCostNoMessageAndNoOrder() throws Exception {
    // 50 messages a second for two hours would be 360,000: here one in two hundred of them comes.
    engine.faults("{\"faults\":[{\"path\":\"\",\"status\":503}]}");
    int count = 1_800;
    for (int i = 0; i < count; i++) {
      assertThat(engine.accept("A" + i, i % 20, "note " + i)).isEqualTo("AA");
      engine.clock.forward(Duration.ofSeconds(4));
    }
    assertThat(engine.delivered()).isZero();
    assertThat(engine.askedInAll()).as("calls in two hours").isLessThan(600);

    engine.faults("{\"faults\":[]}");
    engine.run(Duration.ofMinutes(30), () -> engine.delivered() == count);

    assertThat(engine.filedIds()).hasSize(count).doesNotHaveDuplicates();
    engine.assertInOrderOfEachPatient();
    long inflated =
        IntStream.range(0, count).filter(i -> engine.line("A" + i).attempts() > 6).count();
    assertThat(inflated).isZero();
  }

  @Test
  void aMessageThatWaitedShowsWhyAndThatNoAttemptCounts() throws Exception {
    engine.faults(
        """
        {"faults":[{"path":"token","status":401,"body":{"error":"invalid_client"}}]}""");
    engine.accept("A1", 0, "text");
    engine.awaitTold(1);
    Awaitility.await().until(() -> !engine.line("A1").reason().code().isEmpty());
    MessageSummary line = engine.line("A1");
    assertThat(line.state()).isEqualTo(MessageState.QUEUED);
    assertThat(line.reason().code()).isEqualTo("credentials-refused");
    assertThat(line.reason().remedy()).contains("goes on by itself");
    assertThat(line.attempts()).isZero();
    assertThat(engine.journey("A1").notes()).extracting(Note::code).containsOnly("queued");
  }
}
