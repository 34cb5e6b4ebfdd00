package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Delivery over a journal that cannot be read. */
class UnreadableJournalTest {
  private static final DeliverySettings.Pace ASKS_TWICE_A_SECOND =
      new DeliverySettings.Pace(
          4,
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          3,
          Duration.ofMinutes(5),
          Duration.ofMillis(500));

  @TempDir private Path folder;
  private final Logger log = (Logger) LoggerFactory.getLogger(Delivery.class);
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();

  @BeforeEach
  void listen() {
    told.start();
    log.addAppender(told);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(told);
  }

  @Test
  void itIsAskedNowAndThenAndNotInARush() {
    try (DeliveryFixture engine =
        new DeliveryFixture(folder).with(DeliveryFixture.settings(ASKS_TWICE_A_SECOND))) {
      engine.journal.close();
      engine.start();

      await().until(() -> told.list.size() >= 6);
      int before = told.list.size();
      await().pollDelay(Duration.ofSeconds(2)).until(() -> true);

      // Four times, three questions each; a rush would be thousands.
      assertThat(told.list.size() - before).isBetween(1, 60);
    }
  }
}
