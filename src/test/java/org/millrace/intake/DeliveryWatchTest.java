package org.millrace.intake;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Digests;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.NewMessage;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.Standing;
import org.millrace.journal.Stored;
import org.millrace.journal.TestJournals;

/** What other engines concluded is found, also while very many wait. */
class DeliveryWatchTest {
  /** More than are asked for at a time. */
  private static final int WAITING = 2_600;

  private static CompletableFuture<Stored> store(JournalDatabase journal, int number) {
    V2Message message = SampleMessages.oru("W" + number, "text");
    return journal
        .intake()
        .store(
            new NewMessage(
                message.header(),
                SampleMessages.FEED,
                "127.0.0.1:40112",
                Clock.systemUTC().instant(),
                message.bytes(),
                Digests.ofContent(message.bytes()),
                new byte[0]));
  }

  @Test
  void thoseBeforeThatDoNotEndKeepNobodyFromBeingAskedFor(@TempDir Path folder) throws Exception {
    try (JournalDatabase journal = JournalDatabase.open(folder, Clock.systemUTC());
        DeliveryWatch watch = new DeliveryWatch(journal, Duration.ofMillis(10))) {
      List<CompletableFuture<Stored>> stored = new ArrayList<>();
      for (int i = 0; i < WAITING; i++) {
        stored.add(store(journal, i));
      }
      List<CompletableFuture<Optional<Standing>>> told = new ArrayList<>();
      for (CompletableFuture<Stored> each : stored) {
        told.add(watch.settled(each.get().id()));
      }
      try (Connection another = TestJournals.connect(new JournalPlace.Folder(folder));
          Statement statement = another.createStatement()) {
        statement.execute("PRAGMA busy_timeout = 10000");
        long last = stored.get(WAITING - 1).get().id();
        statement.executeUpdate("UPDATE message SET state = 'DELIVERED' WHERE id = " + last);
      }
      await().until(told.get(WAITING - 1)::isDone);
    }
  }
}
