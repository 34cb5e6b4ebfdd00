package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.PeerBlock;

/** Addresses are blocked beside no engine at all. */
final class WireCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void makeJournal() {
    JournalDatabase.open(folder, Clock.systemUTC()).close();
  }

  private Ran ran(String... arguments) {
    List<String> all = new ArrayList<>(List.of("wire"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--data", folder.toString()));
    return Ran.run(all.toArray(String[]::new));
  }

  @Test
  void anAddressIsBlockedWithAReasonAndUnblocked() {
    Ran blocked = ran("block", "fd00::17", "--for", "4h", "--why", "it sends garbage");
    assertThat(blocked.out()).startsWith("fd00:0:0:0:0:0:0:17: blocked until 20");
    assertThat(blocked.exitCode()).isZero();
    assertThat(ran().out())
        .contains("fd00:0:0:0:0:0:0:17 is blocked by ")
        .doesNotContain("garbage");
    try (JournalDatabase journal = JournalDatabase.openReadOnly(folder, Clock.systemUTC())) {
      assertThat(journal.peerBlocks().inForce())
          .extracting(PeerBlock::who, PeerBlock::why)
          .containsExactly(tuple(System.getProperty("user.name"), "it sends garbage"));
    }

    assertThat(ran("unblock", "fd00::17").out()).contains("may connect again");
    assertThat(ran().out()).doesNotContain("blocked");
    Ran again = ran("unblock", "fd00::17");
    assertThat(again.exitCode()).isEqualTo(Millrace.FAILED);
    assertThat(again.out()).contains("refused: it is not blocked");
  }

  @Test
  void whatIsNoAddressNoTimeAndNoReasonIsTold() {
    for (String none : List.of("localhost", "10.1.2.0/24", "10.1.2.3:2575")) {
      assertThat(ran("block", none, "--for", "4h", "--why", "x").err())
          .as(none)
          .contains("ADDRESS is one such as 10.1.2.3 or fd00::17");
    }
    assertThat(ran("block", "10.1.2.3", "--for", "31d", "--why", "x").err()).contains("--for ");
    assertThat(ran("block", "10.1.2.3", "--for", "4h", "--why", " ").err()).contains("--why must");
    assertThat(ran().out()).doesNotContain("blocked");
  }
}
