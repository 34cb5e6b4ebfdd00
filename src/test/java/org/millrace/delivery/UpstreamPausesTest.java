package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.cerner.Fault;
import org.millrace.cerner.FaultCode;
import org.millrace.cerner.Pause;
import org.millrace.journal.JournalDatabase;

class UpstreamPausesTest {
  private static final String VISITS = "Encounter.read";

  private final TestClock clock = new TestClock();
  private final ScriptedChart chart = new ScriptedChart(clock);
  private final UpstreamPauses pauses =
      new UpstreamPauses(
          TenantCharts.only(chart, "urn:oid:1.2.3"), (id, feed, state, reason) -> {}, clock);

  private Pause pause(String what) {
    Fault fault =
        new Fault(FaultCode.NOT_PERMITTED, "No.", "", 403, "", Optional.empty(), true, what);
    return new Pause(
        what, fault, clock.instant(), clock.instant().plus(Duration.ofMinutes(5)), false);
  }

  @Test
  void aMessageThatCameUponAPauseWaitsForItsEnd() {
    chart.paused.add(pause(VISITS));
    pauses.noted(1, VISITS);

    assertThat(pauses.heldUntil(1L)).contains(clock.instant().plus(Duration.ofMinutes(5)));
    assertThat(pauses.heldUntil(2L)).isEmpty();

    chart.paused.clear();
    assertThat(pauses.heldUntil(1L)).isEmpty();
  }

  @Test
  void whatAnOperatorEndedDuringAPauseIsForgotten(@TempDir Path folder) {
    chart.paused.add(pause(VISITS));
    pauses.noted(1, VISITS);
    pauses.noted(2, VISITS);
    try (JournalDatabase journal = JournalDatabase.open(folder, clock)) {
      FirstLook look = new FirstLook(journal, new TextPerReport());
      LookAhead ahead =
          new LookAhead(journal, look, sender -> 0, ids -> Set.of(), (id, sender, lane, due) -> {});
      RunningDelivery running =
          new RunningDelivery(
              new RunningDelivery.Waiting(new ReentrantLock(), new WaitingLine(), pauses),
              look,
              ahead,
              clock,
              () -> {});

      running.ended(1);
    }

    assertThat(pauses.heldUntil(1L)).as("nothing is kept of it").isEmpty();
    assertThat(pauses.heldUntil(2L)).isPresent();
  }

  /** Lanes go to other engines, and messages come to their ends there. */
  @Test
  void withThePauseAllThatWaitedForItAreForgottenAndNoOthers() {
    chart.paused.add(pause(VISITS));
    chart.paused.add(pause("Observation.read"));
    pauses.noted(1, VISITS);
    pauses.noted(2, "Observation.read");
    pauses.tell();
    assertThat(pauses.heldUntil(1L)).isPresent();

    chart.paused.remove(0);
    pauses.tell();
    chart.paused.add(pause(VISITS));

    assertThat(pauses.heldUntil(1L)).as("it may try once, and be noted again").isEmpty();
    assertThat(pauses.heldUntil(2L)).isPresent();
  }
}
