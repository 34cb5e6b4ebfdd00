package org.millrace.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.millrace.hl7.Replies;
import org.millrace.mllp.MllpClient;
import org.millrace.mllp.MllpException;
import org.millrace.replay.MessageFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description = {
      "Send messages over MLLP, print the replies.",
      "Any line ends, many messages in one file. Exit code 1 if a reply is not AA or CA."
    })
final class SendCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files of HL7 v2 messages.")
  private List<Path> files = List.of();

  @Option(
      names = "--to",
      paramLabel = "HOST:PORT",
      defaultValue = "",
      description = "Where to; MILLRACE_BIND and MILLRACE_MLLP_PORT if absent.")
  private String to = "";

  @Option(
      names = "--reply-within",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long one reply may take; default ${DEFAULT-VALUE}.")
  private int replyWithin;

  @Mixin private SettingsOption settings = new SettingsOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Address address = to.isEmpty() ? ofSettings() : Address.parse(to);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int sent = 0;
    int refused = 0;
    try (MllpClient client =
        MllpClient.connect(
            address.host(),
            address.port(),
            new MllpClient.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(replyWithin)))) {
      for (Path file : files) {
        for (byte[] message : messages(file)) {
          byte[] reply = client.exchange(message);
          sent++;
          refused += isPositive(reply) ? 0 : 1;
          out.println(shown(reply));
          out.println();
        }
      }
    } catch (MllpException e) {
      err.println("millrace: " + e.getMessage());
      return Millrace.FAILED;
    }
    err.println(sent + " sent, " + refused + " not accepted");
    return refused == 0 ? 0 : Millrace.FAILED;
  }

  private Address ofSettings() throws PlainException {
    return Address.ofListener(settings.source());
  }

  private static List<byte[]> messages(Path file) throws PlainException {
    try {
      List<byte[]> messages = MessageFile.messages(Files.readAllBytes(file), "\r");
      if (messages.isEmpty()) {
        throw new PlainException(file + " is empty; there is no message to send");
      }
      return messages;
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read; is the name right?");
    }
  }

  private static boolean isPositive(byte[] reply) {
    return Replies.judge(reply)
        .map(judged -> judged.code().equals("AA") || judged.code().equals("CA"))
        .orElse(false);
  }

  private static String shown(byte[] reply) {
    String text = new String(reply, StandardCharsets.UTF_8);
    return text.replace("\r", System.lineSeparator()).stripTrailing();
  }
}
