package org.millrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.SettableClock;

/** Blocks of addresses, in each database. */
@ParameterizedClass
@EnumSource(TestJournals.class)
final class PeerBlockTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final AuditEvent.Actor ANA = AuditEvent.Actor.user("ana");

  @Parameter private TestJournals on;
  private final SettableClock clock = new SettableClock(NOW);
  private JournalDatabase journal;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(on.place(folder), ContentKeys.NONE, clock);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private Instant blocked(String address, int minutes, String why) throws Exception {
    return journal.peerBlocks().block(address, Duration.ofMinutes(minutes), ANA, why).get();
  }

  @Test
  void aBlockHoldsUntilItsTimeIsOver() throws Exception {
    assertThat(blocked("10.1.2.3", 10, "garbage")).isEqualTo(NOW.plusSeconds(600));
    assertThat(journal.peerBlocks().inForce())
        .containsExactly(new PeerBlock("10.1.2.3", "ana", "garbage", NOW, NOW.plusSeconds(600)));
    assertThat(journal.peerBlocks().inForceWithoutWords())
        .singleElement()
        .satisfies(each -> assertThat(each.why()).isEmpty());

    clock.forward(Duration.ofSeconds(599));
    assertThat(journal.peerBlocks().addresses()).containsExactly("10.1.2.3");
    clock.forward(Duration.ofSeconds(1));
    assertThat(journal.peerBlocks().addresses()).isEmpty();
    assertThat(journal.peerBlocks().unblock("10.1.2.3", ANA).get()).isFalse();
  }

  @Test
  void anotherBlockTakesThePlaceOfTheFirst() throws Exception {
    blocked("10.1.2.3", 10, "garbage");
    blocked("10.1.2.4", 10, "garbage as well");
    clock.forward(Duration.ofMinutes(5));
    blocked("10.1.2.3", 1, "soon over");

    assertThat(journal.peerBlocks().inForce())
        .extracting(PeerBlock::address, PeerBlock::until)
        .containsExactly(
            tuple("10.1.2.4", NOW.plusSeconds(600)), tuple("10.1.2.3", NOW.plusSeconds(360)));
  }

  @Test
  void whoBeganAndEndedOneIsOnRecord() throws Exception {
    blocked("10.1.2.3", 10, "garbage");
    assertThat(journal.peerBlocks().unblock("10.1.2.3", ANA).get()).isTrue();
    assertThat(journal.peerBlocks().unblock("10.1.2.3", ANA).get()).isFalse();

    assertThat(journal.peerBlocks().addresses()).isEmpty();
    assertThat(TestTrail.of(journal, "block"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.event().subject()).isEqualTo("connections of 10.1.2.3");
              assertThat(entry.event().details()).containsEntry("why", "garbage");
            });
    assertThat(TestTrail.of(journal, "unblock"))
        .singleElement()
        .satisfies(
            entry -> assertThat(entry.event().subject()).isEqualTo("connections of 10.1.2.3"));
  }
}
