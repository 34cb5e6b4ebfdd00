package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.app.Typed.field;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.Digests;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalFiles;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.MessageState;

/** What the files of an engine's journal show of a patient, while it runs and afterwards. */
final class EncryptedEngineTest {
  private static final String[] MARKS = {"ZZTESTMILLER", "9900101", "Seen on the ward", "FKEPT"};

  @TempDir private Path data;

  @Test
  void noFileOfTheJournalShowsAPatientWhateverBecameOfTheMessage() throws Exception {
    ContentKeys.Key key = ContentKeys.fresh("test");
    try (SandboxBench bench = SandboxBench.start();
        Engine engine =
            bench.engine(data, Map.of("MILLRACE_JOURNAL_KEY", ContentKeys.written(key)))) {
      send(engine, Typed.result("K1", "FKEPT1"));
      standing(engine, "DELIVERED", 1);
      send(engine, Typed.result("K2", "FKEPT2", "9900101777", "F"));
      standing(engine, "HELD", 1);
      bench.faults(
          "[{'method':'POST','path':'DocumentReference','status':422,"
              + "'text':'ANNA ZZTESTMILLER (9900101) takes no more documents'}]");
      send(engine, Typed.result("K3", "FKEPT3"));
      standing(engine, "REFUSED", 1);
      send(engine, Typed.query("K4", "9900101"));

      assertThat(JournalFiles.found(data, MARKS)).isEmpty();
      assertThat(JournalFiles.found(data, Digests.of("LABSYS@NORTH", "9900101"))).isEmpty();
      mustShowAll(new ContentKeys(List.of(key)));
    }
    assertThat(JournalFiles.found(data, MARKS)).isEmpty();
    assertThat(JournalFiles.found(data, "LABSYS@NORTH")).isNotEmpty();
  }

  private void mustShowAll(ContentKeys keys) {
    try (JournalDatabase journal =
        JournalDatabase.openReadOnly(new JournalPlace.Folder(data), keys, Clock.systemUTC())) {
      MessageJourney refused = journal.listing().show(3).orElseThrow();
      assertThat(refused.summary().state()).isEqualTo(MessageState.REFUSED);
      assertThat(refused.raw()).asString().contains("ZZTESTMILLER");
      assertThat(refused.ledger().get(0).cernerText()).contains("ZZTESTMILLER");
      await()
          .untilAsserted(
              () ->
                  assertThat(journal.calls().contents(3).values())
                      .anySatisfy(
                          call -> {
                            assertThat(call.target()).endsWith("/DocumentReference");
                            assertThat(call.request()).asString().contains("\"subject\"");
                            assertThat(call.response()).asString().contains("takes no more");
                          })
                      .anySatisfy(
                          call ->
                              assertThat(call.target()).contains("/Patient?").contains("9900101")));
    }
  }

  private static void send(Engine engine, String message) throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(field(socket.exchange(message), "MSA", 1)).isEqualTo("AA");
    }
  }

  private static void standing(Engine engine, String state, int count) {
    await().until(() -> SandboxBench.standing(engine.managementPort(), state) == count);
  }
}
