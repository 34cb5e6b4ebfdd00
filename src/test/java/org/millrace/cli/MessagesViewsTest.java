package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Message;
import org.millrace.intake.Intake;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageFilter;
import org.millrace.journal.MessageState;
import org.millrace.journal.SampleMessages;

/** Lists of messages that were named at the console, at the command line. */
final class MessagesViewsTest {
  private static final AuditEvent.Actor ANA = AuditEvent.Actor.user("ana");

  @TempDir Path folder;
  private JournalDatabase journal;

  @BeforeEach
  void open() throws Exception {
    Clock clock = Clock.systemUTC();
    journal = JournalDatabase.open(folder, clock);
    Replies replies = new Replies(clock, ZoneOffset.UTC, new ControlIds(clock));
    Intake intake = new Intake(journal, replies, clock, Duration.ofSeconds(10), Optional.empty());
    for (String sender : List.of("LAB", "RIS")) {
      String text =
          "MSH|^~\\&|" + sender + "|NORTH|M|H|20261120101500||ORU^R01|OF-" + sender + "|D|2.5.1\r";
      intake.accept(
          V2Message.read(text.getBytes(StandardCharsets.UTF_8)),
          SampleMessages.FEED,
          "127.0.0.1:40112");
    }
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private void keep(String owner, String name, MessageFilter filter) throws Exception {
    journal.savedViews().keep(owner, name, filter, ANA).get();
  }

  private Ran messages(String... arguments) {
    List<String> all = new ArrayList<>(List.of("messages"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--data", folder.toString()));
    return Ran.run(all.toArray(String[]::new));
  }

  @Test
  void aViewShowsItsMessagesAndOptionsGoBeforeIt() throws Exception {
    keep("", "of the lab", MessageFilter.any().ofSender("LAB@NORTH"));

    Ran listed = messages("--view", "of the lab");
    assertThat(listed.exitCode()).as(listed.err()).isZero();
    assertThat(listed.out()).contains("OF-LAB").doesNotContain("OF-RIS");
    assertThat(messages("list", "--view", "of the lab", "--json").out())
        .contains("\"controlId\":\"OF-LAB\"");
    assertThat(messages("--view", "of the lab", "--sender", "RIS@NORTH").out())
        .contains("OF-RIS")
        .doesNotContain("OF-LAB");
    assertThat(messages("--view", "of the lab", "--state", "DISCARDED").out())
        .doesNotContain("OF-LAB");
  }

  @Test
  void viewsAreListedWithWhatTheyShowAndForWhom() throws Exception {
    keep("", "stopped", MessageFilter.any().in(Set.of(MessageState.REFUSED, MessageState.HELD)));
    keep("ana", "mine", MessageFilter.any().ofFeed("results").because("no-such-patient"));

    assertThat(messages("views").out().lines().toList())
        .satisfiesExactly(
            head -> assertThat(head).startsWith("view"),
            one -> assertThat(one).matches("stopped +all +--state HELD,REFUSED"),
            two -> assertThat(two).matches("mine +ana +--reason no-such-patient --feed results"));
    assertThat(messages("views", "--json").out())
        .contains("{\"view\":\"stopped\",\"for\":\"all\",\"states\":\"HELD,REFUSED\"");
  }

  @Test
  void whoseViewIsMeantIsSaidWhereSeveralPeopleHaveOne() throws Exception {
    keep("ana", "mine", MessageFilter.any().ofSender("LAB@NORTH"));
    assertThat(messages("--view", "mine").out()).contains("OF-LAB");
    keep("ben", "mine", MessageFilter.any().ofSender("RIS@NORTH"));

    assertThat(messages("--view", "mine").err()).contains("say whose: ana:mine");
    assertThat(messages("--view", "ben:mine").out()).contains("OF-RIS").doesNotContain("OF-LAB");
    assertThat(messages("--view", "cleo:mine").err()).contains("there is no view of this name");
    keep("", "mine", MessageFilter.any().ofSender("LAB@NORTH"));
    assertThat(messages("--view", "mine").out()).contains("OF-LAB");
  }
}
