package org.millrace.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millrace.SettableClock;
import org.millrace.journal.Symptom;

/** What is the matter with the engine itself. */
class EngineLookTest {
  private static final long MEGABYTE = 1024 * 1024;
  private static final EngineFacts WELL =
      new EngineFacts(Optional.empty(), Optional.empty(), List.of(), Map.of("journal", 0L));

  private final SettableClock clock = new SettableClock();
  private EngineFacts facts = WELL;
  private final EngineLook look =
      new EngineLook(() -> facts, AlertSettings.DEFAULT.engine(), clock);

  private List<Symptom> with(EngineFacts now) {
    facts = now;
    return look.get();
  }

  private static EngineFacts expiring(Instant at) {
    return new EngineFacts(Optional.of(at), Optional.empty(), List.of(), Map.of());
  }

  private static EngineFacts free(long megabytes) {
    return new EngineFacts(
        Optional.empty(), Optional.of(megabytes * MEGABYTE), List.of(), Map.of());
  }

  private static EngineFacts lost(long journal, long audit) {
    return new EngineFacts(
        Optional.empty(), Optional.empty(), List.of(), Map.of("journal", journal, "audit", audit));
  }

  @Test
  void nothingIsTheMatterWithAnEngineThatIsWell() {
    assertThat(look.get()).isEmpty();
  }

  @Test
  void aCertificateIsTheMatterFourteenDaysBeforeItExpires() {
    assertThat(with(expiring(SettableClock.BEGIN.plus(Duration.ofDays(14))))).isEmpty();
    assertThat(with(expiring(SettableClock.BEGIN.plus(Duration.ofDays(13)).plusSeconds(1))))
        .extracting(Symptom::sentence)
        .containsExactly(
            "our certificate is valid for less than 14 days, until 2026-12-03T16:15:01Z");
    assertThat(with(expiring(SettableClock.BEGIN.minusSeconds(5))))
        .extracting(Symptom::sentence)
        .containsExactly("our certificate has expired on 2026-11-20T16:14:55Z");
  }

  @Test
  void aDiskIsTheMatterBelowAGigabyte() {
    assertThat(with(free(1024))).isEmpty();
    assertThat(with(free(1023)))
        .containsExactly(
            new Symptom("disk", "", "the disk of the journal has 1023 MB left, less than 1024"));
  }

  @Test
  void whatIsNotAskedOfCernerIsTheMatterAfterFiveMinutes() {
    facts =
        new EngineFacts(
            Optional.empty(),
            Optional.empty(),
            List.of(
                new EngineFacts.Standstill(
                    "", "connection", "unreachable: no answer", clock.instant()),
                new EngineFacts.Standstill(
                    "north", "Encounter.read", "not-permitted: 403", clock.instant())),
            Map.of());
    assertThat(look.get()).isEmpty();

    clock.forward(Duration.ofMinutes(5));

    assertThat(look.get())
        .containsExactly(
            new Symptom(
                "cerner-paused",
                "connection",
                "not asked of Cerner since 2026-11-20T16:15:00Z: unreachable: no answer"),
            new Symptom(
                "cerner-paused",
                "north: Encounter.read",
                "not asked of Cerner since 2026-11-20T16:15:00Z: not-permitted: 403"));
  }

  @Test
  void lostRecordsAreTheMatterAsLongAsTheyBecomeMore() {
    assertThat(with(lost(0, 0))).isEmpty();
    assertThat(with(lost(0, 3)))
        .containsExactly(
            new Symptom(
                "records-lost", "audit", "could not be written: 3 since the start of this engine"));
    assertThat(with(lost(0, 3))).isEmpty();
    assertThat(with(lost(2, 3))).extracting(Symptom::subject).containsExactly("journal");
  }
}
