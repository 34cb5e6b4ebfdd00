package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.V2Message;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.MessageState;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestPostgres;

/** The database dies under load, and comes back; the engine stays. */
class PostgresRestartTest {
  private static final int SENDERS = 4;

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean enough;

  @Test
  void noAcknowledgedMessageIsLostOrFiledTwice(@TempDir Path folder) throws Exception {
    try (TestPostgres server = TestPostgres.own(folder);
        DeliveryFixture engine =
            new DeliveryFixture(new JournalPlace.Server(server.newDatabase()))) {
      engine.start();
      ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
      List<Future<?>> sending = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        int sender = i;
        engine.chart.patient("700" + i, "P" + i, "Markley", "1976-04-29");
        sending.add(senders.submit(() -> send(engine, sender)));
      }
      for (int crashes = 1; crashes <= 2; crashes++) {
        awaitMore(engine, acknowledged::size, 40);
        server.crash();
        awaitMore(engine, refused::get, 8);
        server.startAgain();
      }
      awaitMore(engine, acknowledged::size, 40);
      enough = true;
      for (Future<?> each : sending) {
        each.get();
      }
      senders.shutdown();

      awaitDelivered(engine);
      assertThat(engine.chart.texts()).doesNotHaveDuplicates().containsAll(acknowledged);
      for (int i = 0; i < SENDERS; i++) {
        String own = i + "-";
        assertThat(engine.chart.texts().stream().filter(text -> text.startsWith(own)))
            .isSortedAccordingTo((a, b) -> number(a) - number(b));
      }
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text.substring(text.indexOf('-') + 1));
  }

  /** As a sender does: the next one only after the one before was taken, the same until then. */
  private void send(DeliveryFixture engine, int sender) {
    for (int i = 0; !enough; i++) {
      String text = sender + "-" + i;
      V2Message message = SampleMessages.oruOf("700" + sender + "^^^MRN^MR", text, text);
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofSeconds(90))
          .until(() -> taken(engine.accept(message)));
      acknowledged.add(text);
    }
  }

  private boolean taken(String code) {
    boolean taken = code.equals("AA");
    refused.addAndGet(taken ? 0 : 1);
    return taken;
  }

  private static void awaitMore(DeliveryFixture engine, IntSupplier counted, int more) {
    int before = counted.getAsInt();
    Awaitility.await()
        .until(
            () -> {
              engine.clock.forward(Duration.ofSeconds(1));
              return counted.getAsInt() >= before + more;
            });
  }

  private void awaitDelivered(DeliveryFixture engine) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> {
              engine.clock.forward(Duration.ofSeconds(3));
              assertThat(engine.journal.listing().counts())
                  .isEqualTo(Map.of(MessageState.DELIVERED, (long) acknowledged.size()));
            });
  }
}
