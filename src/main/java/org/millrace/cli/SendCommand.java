package org.millrace.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.millrace.hl7.V2FormatException;
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
    exitCodeList = "1:A reply is not AA or CA, or there is none.",
    description = {
      "Send messages over MLLP, print the replies.",
      "Any line ends, many messages in one file."
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

  @Mixin private TlsOptions tls = new TlsOptions();

  @Option(names = "--tls", description = "Send over TLS.")
  private boolean overTls;

  @Mixin private SettingsOption settings = new SettingsOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Address address = to.isEmpty() ? ofSettings() : Address.parse(to);
    PrintWriter err = spec.commandLine().getErr();
    int sent = 0;
    int refused = 0;
    try (MllpClient client =
        MllpClient.connect(
            address.host(),
            address.port(),
            new MllpClient.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(replyWithin)),
            tls.out(overTls))) {
      for (Path file : files) {
        for (byte[] message : messages(file)) {
          sent++;
          refused += accepted(message, file, client) ? 0 : 1;
        }
      }
    } catch (MllpException e) {
      print(e.reply());
      err.println("millrace: " + e.getMessage() + "; " + told(e.reason()));
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

  /** False if the receiver answers that it did not take the message; the next one may be sent. */
  private boolean accepted(byte[] message, Path file, MllpClient client)
      throws MllpException, PlainException {
    try {
      print(client.deliver(message));
      return true;
    } catch (MllpException e) {
      if (e.reason() != MllpException.Reason.NOT_ACCEPTED) {
        throw e;
      }
      print(e.reply());
      return false;
    } catch (V2FormatException unreadable) {
      throw new PlainException(file + ": " + unreadable.sentence());
    }
  }

  private static String told(MllpException.Reason reason) {
    return switch (reason) {
      case UNKNOWN_HOST, REFUSED, NOT_SENDABLE, CLOSED, TLS, NOT_COMMITTED ->
          "the message was not taken";
      case NOT_MLLP -> "the message was hardly taken: is it the right port?";
      case RESET, NO_REPLY, REPLY_TOO_LONG, NO_ACKNOWLEDGMENT, WRONG_ID ->
          "the receiver may have the message";
      case NOT_ACCEPTED -> "the receiver refused it";
    };
  }

  private void print(byte[] reply) {
    if (reply.length > 0) {
      PrintWriter out = spec.commandLine().getOut();
      String text = new String(reply, StandardCharsets.UTF_8);
      out.println(text.replace("\r", System.lineSeparator()).stripTrailing());
      out.println();
    }
  }
}
