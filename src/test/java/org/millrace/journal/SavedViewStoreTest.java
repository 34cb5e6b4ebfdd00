package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists of messages that people have named, on record. */
@ParameterizedClass
@EnumSource(TestJournals.class)
class SavedViewStoreTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T16:15:00Z"), ZoneOffset.UTC);
  private static final AuditEvent.Actor ANA = AuditEvent.Actor.user("ana");
  private static final MessageFilter HELD =
      MessageFilter.any()
          .in(Set.of(MessageState.HELD, MessageState.REFUSED))
          .because("no-such-patient")
          .ofFeed("results")
          .ofSender("LAB@NORTH")
          .since(Instant.parse("2026-11-20T08:00:00Z"))
          .until(Instant.parse("2026-11-21T08:00:00Z"));

  @Parameter private TestJournals on;
  private JournalPlace place;
  private JournalDatabase journal;
  private SavedViewStore views;

  @BeforeEach
  void open(@TempDir Path folder) {
    place = on.place(folder);
    journal = JournalDatabase.open(place, CLOCK);
    views = journal.savedViews();
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static List<String> names(List<SavedView> views) {
    return views.stream().map(SavedView::name).toList();
  }

  @Test
  void whatWasKeptIsThereAfterARestartAndForOtherProcesses() throws Exception {
    views.keep("ana", "held ones", HELD, ANA).get();
    views.keep("", "all of it", MessageFilter.any().ofFeed("results"), ANA).get();
    try (JournalDatabase beside = JournalDatabase.openReadOnly(place, CLOCK)) {
      assertThat(names(beside.savedViews().all())).containsExactly("all of it", "held ones");
    }
    journal.close();
    journal = JournalDatabase.open(place, CLOCK);

    assertThat(journal.savedViews().of("ana"))
        .containsExactly(
            new SavedView(1, "ana", "held ones", HELD),
            new SavedView(2, "", "all of it", MessageFilter.any().ofFeed("results")));
  }

  @Test
  void everybodySeesTheirOwnAndWhatIsForAll() throws Exception {
    views.keep("ana", "b", HELD, ANA).get();
    views.keep("ana", "A", HELD, ANA).get();
    views.keep("ben", "c", HELD, ANA).get();
    views.keep("", "d", HELD, ANA).get();

    assertThat(names(views.of("ana"))).containsExactly("A", "b", "d");
    assertThat(names(views.of("ben"))).containsExactly("c", "d");
    assertThat(names(views.of("cleo"))).containsExactly("d");
    assertThat(names(views.of(""))).containsExactly("d");
  }

  @Test
  void aNameIsGivenOnceByEachOwner() throws Exception {
    assertThat(views.keep("ana", "held", HELD, ANA).get()).isEqualTo(SavedViewStore.Outcome.DONE);
    assertThat(views.keep("ana", "held", MessageFilter.any(), ANA).get())
        .isEqualTo(SavedViewStore.Outcome.NAME_TAKEN);
    assertThat(views.keep("ben", "held", HELD, ANA).get()).isEqualTo(SavedViewStore.Outcome.DONE);
    assertThat(views.keep("", "held", HELD, ANA).get()).isEqualTo(SavedViewStore.Outcome.DONE);
    assertThat(views.keep("ana", "other", HELD, ANA).get()).isEqualTo(SavedViewStore.Outcome.DONE);

    assertThat(views.rename("ana", 4, "held", ANA).get())
        .isEqualTo(SavedViewStore.Outcome.NAME_TAKEN);
    assertThat(views.rename("ana", 4, "other", ANA).get()).isEqualTo(SavedViewStore.Outcome.DONE);
    assertThat(views.rename("ana", 4, "another", ANA).get()).isEqualTo(SavedViewStore.Outcome.DONE);
    assertThat(names(views.of("ana"))).containsExactly("another", "held", "held");
  }

  @Test
  void nobodyChangesWhatIsAnothers() throws Exception {
    views.keep("ana", "held", HELD, ANA).get();
    views.keep("", "shared", HELD, ANA).get();

    for (String owner : List.of("ben", "")) {
      assertThat(views.rename(owner, 1, "mine", ANA).get())
          .isEqualTo(SavedViewStore.Outcome.NOT_THERE);
      assertThat(views.remove(owner, 1, ANA).get()).isFalse();
    }
    assertThat(views.remove("ana", 2, ANA).get()).isFalse();
    assertThat(names(views.all())).containsExactly("shared", "held");

    assertThat(views.remove("ana", 1, ANA).get()).isTrue();
    assertThat(views.remove("", 2, ANA).get()).isTrue();
    assertThat(views.all()).isEmpty();
  }

  @Test
  void thereAreNoMoreThanSoManyOfEachOwner() throws Exception {
    for (int i = 0; i < SavedViewStore.MOST; i++) {
      views.keep("ana", "view " + i, HELD, ANA).get();
    }
    assertThat(views.keep("ana", "more", HELD, ANA).get())
        .isEqualTo(SavedViewStore.Outcome.TOO_MANY);
    assertThat(views.keep("ben", "more", HELD, ANA).get()).isEqualTo(SavedViewStore.Outcome.DONE);
  }

  @Test
  void aPatientsNumberIsNeverKept() {
    MessageFilter ofPatient =
        MessageFilter.any().with(new BusinessKey(BusinessKey.Kind.PATIENT, "6931"));
    for (MessageFilter each : List.of(ofPatient, MessageFilter.any().withControlId("C1"))) {
      assertThatThrownBy(() -> views.keep("ana", "held", each, ANA))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(views.all()).isEmpty();
  }

  @Test
  void eachChangeIsAnEntryOfTheAuditTrail() throws Exception {
    views.keep("ana", "held", HELD, ANA).get();
    views.keep("ana", "held", HELD, ANA).get();
    views.rename("ana", 1, "stopped", ANA).get();
    views.remove("ana", 1, ANA).get();

    AuditFilter byAna =
        new AuditFilter(
            "ana", "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0);
    assertThat(journal.auditTrail().list(byAna, 10, true))
        .extracting(each -> each.event().what() + " " + each.event().subject())
        .containsExactlyInAnyOrder("keep-view view 1", "rename-view view 1", "remove-view view 1");
  }

  @Test
  void aNameIsShortAndPrintable() {
    assertThat(SavedView.faultOf("Held, since Monday")).isEmpty();
    assertThat(SavedView.faultOf("x".repeat(60))).isEmpty();
    for (String name : List.of("", " ", "x".repeat(61), "two\nlines", "back\u202ewards")) {
      assertThat(SavedView.faultOf(name)).as(name).isPresent();
    }
  }
}
