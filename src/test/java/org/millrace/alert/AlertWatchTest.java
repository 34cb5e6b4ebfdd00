package org.millrace.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.SettableClock;
import org.millrace.journal.Alert;
import org.millrace.journal.AlertFilter;
import org.millrace.journal.AlertNotice;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.Snooze;
import org.millrace.journal.Symptom;
import org.millrace.journal.TestJournals;

/** When an alert begins and ends, and that each is told once, in both kinds of database. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class AlertWatchTest {
  private static final Duration QUIET = Duration.ofMinutes(5);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String STARTED = "Millrace: held of results has started";
  private static final String STANDS = "Millrace: held of results still stands";
  private static final String ENDED = "Millrace: held of results has ended";

  private static final AuditEvent.Actor ANA = AuditEvent.Actor.user("ana");

  @Parameter private TestJournals on;
  private final SettableClock clock = new SettableClock();
  private final List<Symptom> matter = new ArrayList<>();
  private final Inbox inbox = new Inbox();
  private JournalPlace place;
  private JournalDatabase journal;
  private AlertWatch watch;

  @BeforeEach
  void open(@TempDir Path folder) {
    place = on.place(folder);
    journal = JournalDatabase.open(place, clock);
    watch = watch(journal, inbox);
  }

  @AfterEach
  void close() {
    watch.close();
    journal.close();
  }

  private AlertWatch watch(JournalDatabase of, Inbox told) {
    return new AlertWatch(of.alerts(), List.of(() -> matter), List.of(told), QUIET, clock);
  }

  private void held(int messages) {
    matter.clear();
    matter.add(AlertKind.HELD.symptom("results", messages + " messages are HELD"));
  }

  private void turn(AlertWatch of) {
    of.look();
    of.tell();
  }

  private void turns(int minutes) {
    for (int i = 0; i < minutes; i++) {
      clock.forward(MINUTE);
      turn(watch);
    }
  }

  @Test
  void whatLastsIsToldOnceWhenItBeginsAndOnceWhenItEnds() {
    held(1);
    turn(watch);
    held(3);
    turns(20);
    assertThat(inbox.words()).containsExactly(STARTED);

    matter.clear();
    turns(4);
    assertThat(inbox.words()).containsExactly(STARTED);
    turns(20);

    assertThat(inbox.words()).containsExactly(STARTED, ENDED);
    assertThat(journal.alerts().open()).isEmpty();
    assertThat(ended())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.started()).isEqualTo(SettableClock.BEGIN);
              assertThat(each.sentence()).isEqualTo("3 messages are HELD");
              assertThat(each.ended()).contains(SettableClock.BEGIN.plus(MINUTE.multipliedBy(25)));
            });
  }

  @Test
  void aWayThatBreaksKeepsNoOtherFromTelling() {
    NoticeWay broken =
        new NoticeWay() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public void send(AlertNotice notice) {
            throw new IllegalStateException("a bug");
          }
        };
    try (AlertWatch both =
        new AlertWatch(
            journal.alerts(), List.of(() -> matter), List.of(broken, inbox), QUIET, clock)) {
      held(1);
      turn(both);

      assertThat(inbox.words()).containsExactly(STARTED);
      assertThat(journal.alerts().untold()).containsEntry("broken", 1L);
    }
  }

  @Test
  void whatComesAndGoesIsOneAlert() {
    for (int i = 0; i < 10; i++) {
      held(1);
      turns(1);
      matter.clear();
      turns(3);
    }
    assertThat(inbox.words()).containsExactly(STARTED);

    turns(10);
    held(1);
    turns(1);

    assertThat(inbox.words()).containsExactly(STARTED, ENDED, STARTED);
  }

  @Test
  void eachFeedAndKindHasAnAlertOfItsOwn() {
    held(1);
    matter.add(AlertKind.HELD.symptom("documents", "1 messages are HELD"));
    matter.add(AlertKind.DISK.symptom("", "full"));
    turns(2);

    assertThat(inbox.words())
        .containsExactlyInAnyOrder(
            STARTED, "Millrace: held of documents has started", "Millrace: disk has started");
  }

  @Test
  void anOpenAlertIsStillTheSameAfterARestart() {
    held(1);
    turns(1);
    watch.close();
    journal.close();
    clock.forward(Duration.ofHours(3));
    journal = JournalDatabase.open(place, clock);
    watch = watch(journal, inbox);
    turns(10);
    assertThat(inbox.words()).containsExactly(STARTED);

    matter.clear();
    turns(10);

    assertThat(inbox.words()).containsExactly(STARTED, ENDED);
  }

  @Test
  void nothingEndsBeforeTheEngineHasLookedForTheQuietTime() {
    held(1);
    turns(1);
    watch.close();
    matter.clear();
    clock.forward(Duration.ofHours(3));
    watch = watch(journal, inbox);

    turns(5);
    assertThat(journal.alerts().open()).hasSize(1);
    turns(1);

    assertThat(journal.alerts().open()).isEmpty();
  }

  @Test
  void aReceiverThatIsDownGetsEverythingLaterAndInOrder() {
    inbox.down = true;
    held(1);
    turns(1);
    matter.clear();
    turns(60);
    assertThat(inbox.taken).isEmpty();
    // After 10 s at first, then ever more seldom: not once a minute.
    assertThat(inbox.refused).isBetween(5, 15);
    assertThat(journal.alerts().untold()).containsEntry("inbox", 2L);

    inbox.down = false;
    turns(12);

    assertThat(inbox.words()).containsExactly(STARTED, ENDED);
    assertThat(journal.alerts().untold()).isEmpty();
  }

  @Test
  void whatWasNotTakenIsSentAfterARestart() {
    inbox.down = true;
    held(1);
    turns(1);
    watch.close();
    journal.close();
    inbox.down = false;
    journal = JournalDatabase.open(place, clock);
    watch = watch(journal, inbox);

    turns(1);

    assertThat(inbox.words()).containsExactly(STARTED);
  }

  @Test
  void ofSeveralEnginesOneTells() {
    on.mustBe(TestJournals.POSTGRES, "engines share a journal in PostgreSQL only");
    Inbox other = new Inbox();
    List<Symptom> seenByOther = new ArrayList<>();
    try (JournalDatabase shared = JournalDatabase.open(place, clock);
        AlertWatch second =
            new AlertWatch(
                shared.alerts(), List.of(() -> seenByOther), List.of(other), QUIET, clock)) {
      held(1);
      seenByOther.addAll(matter);
      for (int i = 0; i < 10; i++) {
        clock.forward(MINUTE);
        watch.look();
        second.look();
        second.tell();
        watch.tell();
        // From now on the first one alone still sees it.
        seenByOther.clear();
      }
      assertThat(shared.alerts().open()).hasSize(1);
      matter.clear();
      for (int i = 0; i < 10; i++) {
        clock.forward(MINUTE);
        turn(second);
        turn(watch);
      }
    }
    List<String> all = new ArrayList<>(other.words());
    all.addAll(inbox.words());

    assertThat(all).containsExactlyInAnyOrder(STARTED, ENDED);
  }

  @Test
  void aLookThatFailsEndsNothing() {
    held(1);
    turns(6);
    matter.clear();
    AlertWatch failing =
        new AlertWatch(
            journal.alerts(),
            List.of(
                () -> {
                  throw new IllegalStateException("as a test");
                }),
            List.of(inbox),
            QUIET,
            clock);
    for (int i = 0; i < 10; i++) {
      clock.forward(MINUTE);
      assertThatThrownBy(failing::look).isInstanceOf(IllegalStateException.class);
    }
    failing.close();

    assertThat(journal.alerts().open()).extracting(Alert::kind).containsExactly("held");
  }

  @Test
  void whatEndedLongAgoIsRemovedWithItsNotices() {
    inbox.down = true;
    held(1);
    turns(1);
    matter.clear();
    turns(10);
    assertThat(ended()).hasSize(1);

    clock.forward(Duration.ofDays(91));
    watch.look();

    assertThat(ended()).isEmpty();
    assertThat(journal.alerts().untold()).isEmpty();
  }

  @Test
  void whatIsOpenIsMeasuredByKind() {
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    watch.measuredBy(metrics);
    held(1);
    watch.look();

    assertThat(metrics.get("millrace.alerts.open").tag("kind", "held").gauge().value())
        .isEqualTo(1);
    assertThat(metrics.get("millrace.alerts.open").tag("kind", "disk").gauge().value()).isZero();
    assertThat(metrics.get("millrace.alerts.untold").gauge().value()).isEqualTo(1);

    snooze(Duration.ofHours(1));
    watch.look();
    assertThat(metrics.get("millrace.alerts.open").tag("kind", "held").gauge().value()).isZero();
    assertThat(metrics.get("millrace.alerts.snoozed").gauge().value()).isEqualTo(1);
  }

  private long standing() {
    return journal.alerts().open().get(0).id();
  }

  private void snooze(Duration time) {
    assertThat(journal.snoozes().snooze(standing(), time, ANA, "the lab moves").join())
        .contains(clock.instant().plus(time));
  }

  @Test
  void whatIsSnoozedIsToldOnceMoreIfItStandsWhenTheTimeIsOver() {
    held(1);
    turns(1);
    snooze(Duration.ofHours(1));
    turns(59);
    assertThat(inbox.words()).containsExactly(STARTED);
    assertThat(journal.alerts().awake()).isEmpty();
    assertThat(journal.snoozes().inForce())
        .containsExactly(
            new Snooze(
                1,
                "held",
                "results",
                "ana",
                "the lab moves",
                SettableClock.BEGIN.plus(MINUTE),
                SettableClock.BEGIN.plus(MINUTE.multipliedBy(61))));

    turns(60);
    assertThat(inbox.words()).containsExactly(STARTED, STANDS);
    assertThat(journal.snoozes().inForce()).isEmpty();
    assertThat(journal.alerts().awake()).containsEntry("held", 1L);

    matter.clear();
    turns(10);
    assertThat(inbox.words()).containsExactly(STARTED, STANDS, ENDED);
  }

  @Test
  void whatEndsWhileItIsSnoozedIsToldToHaveEnded() {
    held(1);
    turns(1);
    snooze(Duration.ofHours(1));
    matter.clear();
    turns(90);

    assertThat(inbox.words()).containsExactly(STARTED, ENDED);
  }

  @Test
  void whatComesAndGoesWhileItIsSnoozedIsNotTold() {
    held(1);
    turns(1);
    snooze(Duration.ofHours(2));
    matter.clear();
    turns(10);
    for (int i = 0; i < 3; i++) {
      held(1);
      turns(10);
      matter.clear();
      turns(10);
    }
    assertThat(ended()).hasSize(4);

    turns(90);

    assertThat(inbox.words()).containsExactly(STARTED, ENDED);
  }

  @Test
  void whatBeganWhileItWasSnoozedIsToldToHaveStarted() {
    held(1);
    turns(1);
    snooze(Duration.ofHours(1));
    matter.clear();
    turns(10);
    held(2);
    turns(40);
    assertThat(inbox.words()).containsExactly(STARTED, ENDED);

    turns(20);
    assertThat(inbox.words()).containsExactly(STARTED, ENDED, STARTED);

    matter.clear();
    turns(10);
    assertThat(inbox.words()).containsExactly(STARTED, ENDED, STARTED, ENDED);
  }

  @Test
  void whatIsWokenIsToldAtTheNextLook() {
    held(1);
    turns(1);
    snooze(Duration.ofDays(1));
    turns(5);
    assertThat(journal.snoozes().wake(standing(), ANA).join()).isTrue();
    assertThat(journal.snoozes().inForce()).isEmpty();
    assertThat(journal.snoozes().wake(standing(), ANA).join()).isFalse();

    turns(5);

    assertThat(inbox.words()).containsExactly(STARTED, STANDS);
  }

  /** It is seen, and can be woken: the next one would not be told. */
  @Test
  void aSnoozeOfWhatHasEndedIsInForceAndIsWoken() {
    held(1);
    turns(1);
    long alert = standing();
    snooze(Duration.ofDays(7));
    matter.clear();
    turns(10);
    assertThat(journal.snoozes().inForce())
        .extracting(Snooze::alert, Snooze::kind)
        .containsExactly(tuple(alert, "held"));

    assertThat(journal.snoozes().wake(alert, ANA).join()).isTrue();
    turns(1);
    held(1);
    turns(1);

    assertThat(inbox.words()).containsExactly(STARTED, ENDED, STARTED);
  }

  @Test
  void whoSnoozesAnewPutsItOffFromThenOn() {
    held(1);
    turns(1);
    snooze(Duration.ofMinutes(10));
    turns(5);
    snooze(Duration.ofMinutes(30));
    turns(25);
    assertThat(inbox.words()).containsExactly(STARTED);

    // One that was woken may be snoozed again before an engine has looked.
    journal.snoozes().wake(standing(), ANA).join();
    snooze(Duration.ofMinutes(10));
    turns(9);
    assertThat(inbox.words()).containsExactly(STARTED);
    turns(2);

    assertThat(inbox.words()).containsExactly(STARTED, STANDS);
  }

  @Test
  void anotherFeedIsToldWhileOneIsSnoozed() {
    held(1);
    turns(1);
    snooze(Duration.ofHours(1));
    matter.add(AlertKind.HELD.symptom("documents", "1 messages are HELD"));
    turns(5);

    assertThat(inbox.words()).containsExactly(STARTED, "Millrace: held of documents has started");
  }

  @Test
  void aSnoozeHoldsOverARestartAndIsOverWhileNoEngineRuns() {
    held(1);
    turns(1);
    snooze(Duration.ofHours(1));
    watch.close();
    journal.close();
    clock.forward(Duration.ofMinutes(30));
    journal = JournalDatabase.open(place, clock);
    watch = watch(journal, inbox);
    turns(1);
    assertThat(inbox.words()).containsExactly(STARTED);
    watch.close();
    clock.forward(Duration.ofHours(3));
    watch = watch(journal, inbox);

    turns(2);

    assertThat(inbox.words()).containsExactly(STARTED, STANDS);
  }

  @Test
  void nothingThatHasEndedOrNeverWasIsSnoozed() {
    held(1);
    turns(1);
    long alert = standing();
    matter.clear();
    turns(10);

    for (long number : new long[] {alert, 77}) {
      assertThat(journal.snoozes().snooze(number, MINUTE, ANA, "x").join()).isEmpty();
      assertThat(journal.snoozes().wake(number, ANA).join()).isFalse();
    }
    assertThat(journal.snoozes().inForce()).isEmpty();
  }

  @Test
  void ofSeveralEnginesOneTellsThatASnoozeIsOver() {
    on.mustBe(TestJournals.POSTGRES, "engines share a journal in PostgreSQL only");
    Inbox other = new Inbox();
    try (JournalDatabase shared = JournalDatabase.open(place, clock);
        AlertWatch second =
            new AlertWatch(shared.alerts(), List.of(() -> matter), List.of(other), QUIET, clock)) {
      held(1);
      turns(1);
      turn(second);
      snooze(Duration.ofMinutes(10));
      for (int i = 0; i < 20; i++) {
        clock.forward(MINUTE);
        second.look();
        watch.look();
        second.tell();
        watch.tell();
      }
    }
    List<String> all = new ArrayList<>(inbox.words());
    all.addAll(other.words());

    assertThat(all).containsExactly(STARTED, STANDS);
  }

  @Test
  void anEndIsToldToThoseWhoWereToldOfTheBeginning() {
    watch.close();
    try (AlertWatch toNobody =
        new AlertWatch(journal.alerts(), List.of(() -> matter), List.of(), QUIET, clock)) {
      held(1);
      turn(toNobody);
    }
    watch = watch(journal, inbox);
    turns(1);
    matter.clear();
    turns(10);

    assertThat(ended()).hasSize(1);
    assertThat(inbox.words()).isEmpty();
  }

  private List<Alert> ended() {
    return journal
        .alerts()
        .list(AlertFilter.of(Optional.of(AlertFilter.Standing.ENDED), "", 10))
        .ended();
  }
}
