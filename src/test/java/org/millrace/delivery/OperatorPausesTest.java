package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.delivery.ScriptedChart.Create;
import org.millrace.journal.BacklogStore;
import org.millrace.journal.DeliveryPause.Kind;
import org.millrace.journal.Feed;
import org.millrace.journal.LaneName;
import org.millrace.journal.MessageState;
import org.millrace.journal.PauseStore;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;
import org.millrace.mapping.CoverageMetrics;

/** Feeds and lanes that an operator has paused. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class OperatorPausesTest {
  private static final Feed OTHER =
      new Feed(
          "others",
          SampleMessages.FEED.messageTypes(),
          SampleMessages.FEED.zone(),
          SampleMessages.FEED.charset());

  @Parameter private TestJournals on;
  private DeliveryFixture engine;

  @BeforeEach
  void set(@TempDir Path folder) {
    engine = new DeliveryFixture(on.place(folder));
    engine.chart.patient("7", "P7", "Markley", "1976-04-29");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private PauseStore pauses() {
    return engine.journal.pauses();
  }

  private void pause(Kind kind, String name) {
    assertThat(Committed.await(pauses().pause(kind, name, "ana", "Cerner moves"))).isTrue();
  }

  private void resume(Kind kind, String name) {
    assertThat(Committed.await(pauses().resume(kind, name, "ben"))).isTrue();
  }

  /** The engine asks for pauses before it carries out requests. */
  private void awaitThatTheEngineHasLooked(String controlId) {
    assertThat(engine.ask("retry", controlId)).startsWith("refused");
  }

  @Test
  void aPausedFeedTakesMessagesAndDeliversNoneUntilItIsResumed() {
    pause(Kind.FEED, "results");
    engine.start();
    for (int i = 0; i < 5; i++) {
      assertThat(engine.accept(SampleMessages.oru("A" + i, "text " + i))).isEqualTo("AA");
    }
    engine.accept(SampleMessages.oru("B1", "other"), OTHER);
    engine.await("B1", MessageState.DELIVERED);
    engine.restart();
    engine.accept(SampleMessages.oru("B2", "more"), OTHER);
    engine.await("B2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("other", "more");
    assertThat(engine.journal.backlog().feeds())
        .filteredOn(feed -> feed.feed().name().equals("results"))
        .singleElement()
        .satisfies(feed -> assertThat(feed.waiting()).isEqualTo(5))
        .satisfies(feed -> assertThat(feed.pause()).isPresent())
        .satisfies(feed -> assertThat(feed.oldest()).contains(engine.line("A0").receivedAt()));

    resume(Kind.FEED, "results");

    engine.await("A4", MessageState.DELIVERED);
    assertThat(engine.chart.texts())
        .containsExactly("other", "more", "text 0", "text 1", "text 2", "text 3", "text 4");
  }

  @Test
  void whatWaitsInMemoryStaysWhereItIs() {
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.RETRYING);
    engine.accept(SampleMessages.oru("A2", "two"));
    engine.accept(SampleMessages.oruOf("7^^^MRN^MR", "B1", "other"), OTHER);
    engine.await("B1", MessageState.DELIVERED);
    pause(Kind.FEED, "results");
    awaitThatTheEngineHasLooked("B1");

    engine.clock.forward(Duration.ofMinutes(5));
    engine.accept(SampleMessages.oruOf("7^^^MRN^MR", "B2", "another"), OTHER);
    engine.await("B2", MessageState.DELIVERED);
    assertThat(engine.line("A1").attempts()).isEqualTo(1);

    resume(Kind.FEED, "results");
    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("other", "another", "one", "two");
  }

  @Test
  void aPausedLaneHoldsOnePatientOnly() {
    engine.chart.next(Create.UNAVAILABLE);
    engine.start().accept(SampleMessages.oru("A1", "one"));
    engine.await("A1", MessageState.RETRYING);
    List<BacklogStore.OfLane> lanes = engine.journal.backlog().lanes(10);
    assertThat(lanes)
        .singleElement()
        .satisfies(lane -> assertThat(lane.waiting()).isEqualTo(1))
        .satisfies(
            lane -> assertThat(lane.head().orElseThrow().reason().code()).isEqualTo("unavailable"));
    String name = LaneName.of(lanes.get(0).lane());
    assertThat(engine.journal.backlog().lanesBeginning(name)).containsExactly(lanes.get(0).lane());
    pause(Kind.LANE, lanes.get(0).lane());
    engine.accept(SampleMessages.oruOf("7^^^MRN^MR", "B1", "other"));
    engine.await("B1", MessageState.DELIVERED);
    awaitThatTheEngineHasLooked("B1");

    engine.clock.forward(Duration.ofMinutes(5));
    engine.accept(SampleMessages.oru("A2", "two"));
    engine.accept(SampleMessages.oruOf("7^^^MRN^MR", "B2", "another"));
    engine.await("B2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("other", "another");

    resume(Kind.LANE, lanes.get(0).lane());
    engine.await("A2", MessageState.DELIVERED);
    assertThat(engine.chart.texts()).containsExactly("other", "another", "one", "two");
  }

  @Test
  void aPauseIsBegunAndEndedOnceAndMeasured() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    engine.measuredBy(meters, new CoverageMetrics(meters));
    pause(Kind.FEED, "results");
    assertThat(Committed.await(pauses().pause(Kind.FEED, "results", "ben", "again"))).isFalse();
    assertThat(pauses().inForce())
        .singleElement()
        .satisfies(pause -> assertThat(pause.who()).isEqualTo("ana"))
        .satisfies(pause -> assertThat(pause.why()).isEqualTo("Cerner moves"))
        .satisfies(pause -> assertThat(pause.toString()).doesNotContain("moves"));
    engine.start().accept(SampleMessages.oru("B1", "other"), OTHER);
    engine.await("B1", MessageState.DELIVERED);
    assertThat(meters.get("millrace.paused").tag("kind", "feed").gauge().value()).isEqualTo(1);
    assertThat(meters.get("millrace.paused").tag("kind", "lane").gauge().value()).isZero();

    resume(Kind.FEED, "results");
    assertThat(Committed.await(pauses().resume(Kind.FEED, "results", "ben"))).isFalse();
    assertThat(pauses().inForce()).isEmpty();
    pause(Kind.FEED, "results");
  }
}
