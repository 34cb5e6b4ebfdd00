package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.MessageState;
import org.millrace.journal.SampleMessages;
import org.millrace.journal.TestJournals;
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

  @Test
  void aMessageWhoseBytesWereChangedIsHeldAndKeepsNobodyWaiting() {
    try (DeliveryFixture engine = new DeliveryFixture(folder)) {
      engine.accept(SampleMessages.oru("A1", "first"));
      engine.accept(SampleMessages.oru("A2", "second"));
      // As a sealed value is written, but cut off.
      Jdbi.create(() -> TestJournals.connect(new JournalPlace.Folder(folder)))
          .useHandle(
              handle ->
                  handle.execute(
                      "UPDATE message_content SET raw = ? WHERE message_id = ?",
                      new byte[] {(byte) 0x81, 0, 0, 1},
                      engine.line("A1").id()));
      engine.start();

      engine.await("A2", MessageState.DELIVERED);
      assertThat(engine.await("A1", MessageState.HELD).reason().code())
          .isEqualTo("content-damaged");
      assertThat(engine.told(1)).singleElement().asString().endsWith("content-damaged");
    }
  }
}
