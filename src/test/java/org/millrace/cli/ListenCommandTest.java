package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Typed;
import org.millrace.mllp.MllpPartner;
import picocli.CommandLine;

/** The two commands against each other: what one answers, the other must tell. */
class ListenCommandTest {
  @TempDir private Path folder;
  private final List<MllpPartner> open = new ArrayList<>();
  private final StringWriter heard = new StringWriter();

  private MllpPartner listen(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--port", "0"));
    ListenCommand command = new ListenCommand();
    new CommandLine(command)
        .setOut(new PrintWriter(heard, true))
        .parseArgs(all.toArray(String[]::new));
    MllpPartner partner = command.open();
    open.add(partner);
    return partner;
  }

  private Ran send(MllpPartner to, String... messages) throws Exception {
    Path file = folder.resolve("messages.hl7");
    Files.writeString(file, String.join("\r", messages), StandardCharsets.UTF_8);
    return Ran.run(
        "send", "--to", "127.0.0.1:" + to.port(), "--reply-within", "2", file.toString());
  }

  @AfterEach
  void close() throws Exception {
    for (MllpPartner each : open) {
      each.close();
    }
  }

  @Test
  void aPositiveReplyIsPrintedAndTheMessageNamedWithoutItsContent() throws Exception {
    Ran ran = send(listen(), Typed.result("L1", "F1"), Typed.result("L2", "F2"));

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("MSA|AA|L1").contains("MSA|AA|L2");
    assertThat(ran.err()).contains("2 sent, 0 not accepted");
    assertThat(heard.toString())
        .contains("1  ORU^R01  L1  ")
        .contains("2  ORU^R01  L2  ")
        .doesNotContain("ZZTEST");
  }

  @Test
  void aRefusalIsPrintedAndTheNextMessageIsSentAllTheSame() throws Exception {
    Ran ran = send(listen("--ack", "AE"), Typed.result("L1", "F1"), Typed.result("L2", "F2"));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).contains("MSA|AE|L1").contains("MSA|AE|L2");
    assertThat(ran.err()).contains("2 sent, 2 not accepted");
  }

  @Test
  void theReplyToAnotherMessageIsNoSuccess() throws Exception {
    Ran ran = send(listen("--wrong-id"), Typed.result("L1", "F1"));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).contains("MSA|AA|NOT-THAT-ONE");
    assertThat(ran.err()).contains("MSA-2").contains("the receiver may have the message");
  }

  @Test
  void noReplyIsToldAsThat() throws Exception {
    Ran ran = send(listen("--ack", "NONE"), Typed.result("L1", "F1"));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("no whole reply within 2000 ms")
        .contains("the receiver may have the message");
  }

  @Test
  void whatWasReceivedIsKeptWhereAskedFor() throws Exception {
    Path kept = folder.resolve("kept");
    String message = Typed.result("L1", "F1");

    assertThat(send(listen("--save", kept.toString()), message).exitCode()).isZero();

    assertThat(kept.resolve("000001.hl7")).content(StandardCharsets.UTF_8).isEqualTo(message);
  }

  @Test
  void aTimeThatIsNoneIsOneSentence() {
    assertThatThrownBy(() -> listen("--delay", "soon"))
        .isInstanceOf(PlainException.class)
        .hasMessageStartingWith("--delay ");
  }
}
