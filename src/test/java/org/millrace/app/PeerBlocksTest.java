package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;
import org.millrace.mllp.PeerAddress;

/** What an engine knows of blocked addresses. */
final class PeerBlocksTest {
  private static final AuditEvent.Actor ANA = AuditEvent.Actor.user("ana");
  private static final InetAddress PEER = PeerAddress.read("fd00::17").orElseThrow();

  private static void block(JournalDatabase journal) throws Exception {
    String address = PeerAddress.text(PEER);
    journal.peerBlocks().block(address, Duration.ofHours(1), ANA, "it floods").get();
  }

  @Test
  void whatIsBlockedSinceBeforeItStartedIsNeverLetIn(@TempDir Path folder) throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(folder, Clock.systemUTC())) {
      block(journal);
    }
    try (JournalDatabase journal = JournalDatabase.open(folder, Clock.systemUTC());
        PeerBlocks blocks = new PeerBlocks(journal.peerBlocks())) {
      assertThat(blocks.test(PEER)).isTrue();
      assertThat(blocks.test(InetAddress.getLoopbackAddress())).isFalse();
    }
  }

  @Test
  void eachEngineOnTheJournalFollows(@TempDir Path folder) throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(folder, Clock.systemUTC());
        PeerBlocks one = new PeerBlocks(journal.peerBlocks());
        PeerBlocks two = new PeerBlocks(journal.peerBlocks())) {
      assertThat(one.test(PEER)).isFalse();
      block(journal);
      await().until(() -> one.test(PEER) && two.test(PEER));
      journal.peerBlocks().unblock(PeerAddress.text(PEER), ANA).get();
      await().until(() -> !one.test(PEER) && !two.test(PEER));
    }
  }

  @Test
  void withoutTheJournalItHoldsToWhatItKnewLast(@TempDir Path folder) throws Exception {
    JournalDatabase journal = JournalDatabase.open(folder, Clock.systemUTC());
    block(journal);
    try (PeerBlocks blocks = new PeerBlocks(journal.peerBlocks())) {
      journal.close();
      await()
          .during(Duration.ofSeconds(5))
          .atMost(Duration.ofSeconds(20))
          .until(() -> blocks.test(PEER));
    }
  }
}
