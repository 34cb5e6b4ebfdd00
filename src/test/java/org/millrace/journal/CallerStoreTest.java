package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys of callers on record. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class CallerStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-20T16:15:00Z");
  private static final CallerKey.Rights RIGHTS =
      new CallerKey.Rights("system/Patient.rs", "tenant", "LAB@NORTH LAB@SOUTH");

  @Parameter private TestJournals on;
  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(on.place(folder), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static CallerKey key(String id, String caller, Instant made, Optional<Instant> expires) {
    return CallerKey.fresh(
        id, caller, "digest of " + id, RIGHTS, new CallerKey.Act(made, "ana"), expires);
  }

  @Test
  void aKeyIsReadAsItWasPutOnRecord() throws Exception {
    assertThat(journal.callers().any()).isFalse();
    CallerKey key = key("a1", "portal", NOW, Optional.of(NOW.plusSeconds(60)));

    assertThat(journal.callers().add(key).get()).isTrue();

    assertThat(journal.callers().all()).containsExactly(key);
    assertThat(journal.callers().any()).isTrue();
    assertThat(journal.callers().goodSince(NOW)).containsExactly(key);
    assertThat(journal.callers().goodSince(NOW.plusSeconds(60))).isEmpty();
  }

  @Test
  void aCallerHasOneFirstKeyUntilThatIsOver() throws Exception {
    journal.callers().add(key("a1", "portal", NOW, Optional.of(NOW.plusSeconds(60)))).get();

    assertThat(journal.callers().add(key("a2", "portal", NOW, Optional.empty())).get()).isFalse();
    assertThat(journal.callers().add(key("b1", "desk", NOW, Optional.empty())).get()).isTrue();
    assertThat(
            journal.callers().add(key("a3", "portal", NOW.plusSeconds(60), Optional.empty())).get())
        .isTrue();
  }

  @Test
  void anotherKeyHasTheRightsAndTheTimeOfTheOneBeforeWhichEndsSoon() throws Exception {
    journal.callers().add(key("a1", "portal", NOW, Optional.of(NOW.plusSeconds(3600)))).get();
    Instant later = NOW.plusSeconds(100);
    CallerKey next =
        CallerKey.fresh(
            "a2",
            "portal",
            "digest of a2",
            new CallerKey.Rights("", "", ""),
            new CallerKey.Act(later, "bob"),
            Optional.empty());

    CallerKey made =
        journal.callers().rotate(next, false, Duration.ofSeconds(10)).get().orElseThrow();

    assertThat(made.rights()).isEqualTo(RIGHTS);
    assertThat(made.expires()).contains(later.plusSeconds(3600));
    assertThat(journal.callers().all())
        .extracting(CallerKey::id, CallerKey::expires)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a1", Optional.of(later.plusSeconds(10))),
            org.assertj.core.groups.Tuple.tuple("a2", Optional.of(later.plusSeconds(3600))));
    assertThat(
            journal
                .callers()
                .rotate(key("b1", "nobody", NOW, Optional.empty()), false, Duration.ZERO)
                .get())
        .isEmpty();
  }

  @Test
  void keysAreRevokedByCallerOrOneByOne() throws Exception {
    journal.callers().add(key("a1", "portal", NOW, Optional.empty())).get();
    journal
        .callers()
        .rotate(key("a2", "portal", NOW, Optional.empty()), true, Duration.ofDays(1))
        .get();
    journal.callers().add(key("b1", "desk", NOW, Optional.empty())).get();
    CallerKey.Act act = new CallerKey.Act(NOW.plusSeconds(5), "ana");

    assertThat(journal.callers().revoke("a1", act).get()).hasSize(1);
    assertThat(journal.callers().revoke("a1", act).get()).isEmpty();
    assertThat(journal.callers().revoke("portal", act).get())
        .extracting(CallerKey::id)
        .containsExactly("a2");
    assertThat(journal.callers().goodSince(NOW)).extracting(CallerKey::id).containsExactly("b1");
    assertThat(journal.callers().all())
        .filteredOn(key -> key.caller().equals("portal"))
        .allSatisfy(key -> assertThat(key.revoked()).contains(act));
  }
}
