package org.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Feed;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageState;
import org.millrace.journal.QueuedMessage;
import org.millrace.journal.SampleMessages;

/** Which messages stand in one lane. */
class LaneKeyTest {
  private JournalDatabase journal;
  private long ids;

  @BeforeEach
  void open(@TempDir Path folder) {
    journal = JournalDatabase.open(folder, new TestClock());
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private String lane(String by, V2Message message, String peer) {
    return lane(SampleMessages.feedWith("lane", by), message, peer);
  }

  private String lane(Feed feed, V2Message message, String peer) {
    QueuedMessage queued =
        new QueuedMessage(
            ++ids,
            feed,
            message.header().sender(),
            peer,
            "A1",
            "ORU^R01",
            Instant.EPOCH,
            MessageState.QUEUED,
            0,
            Optional.empty(),
            "hash",
            message.bytes(),
            Optional.empty());
    return LaneKey.of(queued, Optional.of(message), journal.searchKeys());
  }

  private String lane(String by, V2Message message) {
    return lane(by, message, "10.0.0.1:40000");
  }

  private static V2Message message(String patient, String visit, String placer, String filler) {
    return message("LAB", patient, visit, placer, filler);
  }

  private static V2Message message(
      String sender, String patient, String visit, String placer, String filler) {
    return SampleMessages.read(
        "MSH|^~\\&|" + sender + "|NORTH|M|H|20261120101500||ORU^R01|A1|D|2.5.1",
        "PID|1||" + patient + "^^^MRN^MR~77^^^X",
        "PV1|1|I" + "|".repeat(17) + visit + "^^^V",
        "OBR|1|" + placer + "^P|" + filler + "^F|11506-3");
  }

  @Test
  void withoutAWordItIsSenderAndPatientAsItWasBeforeThereWereOthers() {
    V2Message message = message("69", "V1", "P1", "F1");

    assertThat(lane(SampleMessages.FEED, message, ""))
        .isEqualTo(journal.searchKeys().of("lane", "LAB@NORTH", "69"))
        .isEqualTo(lane("patient", message("69", "V2", "P2", "F2")))
        .isNotEqualTo(lane("patient", message("70", "V1", "P1", "F1")))
        .isNotEqualTo(lane("patient", message("RIS", "69", "V1", "P1", "F1")));
  }

  @Test
  void aVisitIsALaneAndWithoutOneThePatientIs() {
    assertThat(lane("visit", message("69", "V1", "P1", "F1")))
        .isEqualTo(lane("visit", message("70", "V1", "P2", "F2")))
        .isNotEqualTo(lane("visit", message("69", "V2", "P1", "F1")))
        .isNotEqualTo(lane("visit", message("RIS", "69", "V1", "P1", "F1")));
    for (String none : new String[] {"", "\"\""}) {
      assertThat(lane("visit", message("69", none, "P1", "F1")))
          .isEqualTo(lane("patient", message("69", "V2", "P2", "F2")));
    }
  }

  @Test
  void anOrderIsThePlacersNumberElseTheFillersElseThePatient() {
    assertThat(lane("order", message("69", "V1", "P1", "F1")))
        .isEqualTo(lane("order", message("70", "V2", "P1", "F2")))
        .isNotEqualTo(lane("order", message("69", "V1", "P2", "F1")));
    assertThat(lane("order", message("69", "V1", "", "F1")))
        .isEqualTo(lane("order", message("70", "V2", "", "F1")))
        .isNotEqualTo(lane("order", message("69", "V1", "", "F2")));
    assertThat(lane("order", message("69", "V1", "", "")))
        .isEqualTo(lane("patient", message("69", "V2", "P2", "F2")));
    assertThat(lane("order", message("69", "1", "P", "F")))
        .as("a visit of the same number is another lane")
        .isNotEqualTo(lane("visit", message("69", "P", "", "")));
  }

  @Test
  void aConnectionIsWhatComesFromOneAddressWhateverItsPort() {
    V2Message message = message("69", "V1", "P1", "F1");

    assertThat(lane("connection", message, "10.0.0.1:40000"))
        .isEqualTo(lane("connection", message("70", "V2", "P2", "F2"), "10.0.0.1:40001"))
        .isNotEqualTo(lane("connection", message, "10.0.0.2:40000"))
        .isNotEqualTo(lane("connection", message("RIS", "69", "V1", "P1", "F1"), "10.0.0.1:40000"));
    assertThat(lane("connection", message, "0:0:0:0:0:0:0:1:40000"))
        .isEqualTo(lane("connection", message, "0:0:0:0:0:0:0:1:40001"));
    assertThat(lane("connection", message, "")).isEqualTo(lane("connection", message, ""));
  }

  @Test
  void withNoneEachMessageIsByItself() {
    V2Message message = message("69", "V1", "P1", "F1");

    assertThat(lane("none", message)).isNotEqualTo(lane("none", message));
  }

  @Test
  void whatCannotBeReadSharesALaneOfItsSender() {
    for (String by : new String[] {"patient", "visit", "order"}) {
      QueuedMessage unreadable =
          new QueuedMessage(
              1,
              SampleMessages.feedWith("lane", by),
              "LAB@NORTH",
              "",
              "A1",
              "ORU^R01",
              Instant.EPOCH,
              MessageState.QUEUED,
              0,
              Optional.empty(),
              "hash",
              new byte[0],
              Optional.empty());
      assertThat(LaneKey.of(unreadable, Optional.empty(), journal.searchKeys()))
          .isEqualTo(journal.searchKeys().of("lane", "LAB@NORTH", ""));
    }
  }
}
