package org.millrace.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.ControlIds;
import org.millrace.hl7.ErrorCode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.journal.Printable;
import org.millrace.journal.WrittenDuration;
import org.millrace.mllp.MllpPartner;
import org.millrace.mllp.Tls;
import org.millrace.mllp.TlsFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "listen",
    mixinStandardHelpOptions = true,
    description = {
      "Be a receiving system over MLLP, to try out whoever sends: a line for each message, and the reply you choose.",
      "On loopback. Nothing is kept unless --save says where."
    })
final class ListenCommand implements Callable<Integer> {
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

  /** What nobody sent. */
  private static final byte[] ANOTHER =
      "MSH|^~\\&|||||||ORU^R01|NOT-THAT-ONE|P|2.5.1\r".getBytes(StandardCharsets.US_ASCII);

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "2576",
      description = "0 for any free one; default ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--ack",
      paramLabel = "CODE",
      defaultValue = "AA",
      description =
          "MSA-1 of the replies, or none: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Reply ack = Reply.AA;

  @Option(names = "--wrong-id", description = "Reply with another control id in MSA-2.")
  private boolean wrongId;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      defaultValue = "",
      description = "How long a reply takes, for example 500ms or 40s; at most 10m.")
  private String delay = "";

  @Option(
      names = "--save",
      paramLabel = "FOLDER",
      description = "A file for each message, as received. They may hold patient data.")
  private Optional<Path> save = Optional.empty();

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "PEM of a certificate to speak TLS with; its key too, unless --key names it.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "PEM of its private key.")
  private @Nullable Path key;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** What is replied. */
  enum Reply {
    AA,
    AE,
    AR,
    CA,
    CE,
    CR,
    NONE
  }

  private final AtomicLong received = new AtomicLong();
  private final Replies replies =
      new Replies(Clock.systemUTC(), ZoneOffset.UTC, new ControlIds(Clock.systemUTC()));

  @Override
  public Integer call() throws Exception {
    ServeCommand.StayUp.untilStopped(open());
    return 0;
  }

  /** Listens from now on, and says where. */
  MllpPartner open() throws PlainException, IOException {
    Duration wait = waiting();
    if (save.isPresent()) {
      Files.createDirectories(save.get());
    }
    MllpPartner partner = start(frame -> answer(frame, wait));
    spec.commandLine()
        .getOut()
        .println("# Listening at 127.0.0.1:" + partner.port() + ", replying " + ack + ".");
    return partner;
  }

  private Duration waiting() throws PlainException {
    try {
      return delay.isEmpty()
          ? Duration.ZERO
          : WrittenDuration.read(delay, Duration.ZERO, LONGEST_DELAY);
    } catch (IllegalArgumentException wrong) {
      throw new PlainException("--delay " + wrong.getMessage());
    }
  }

  private MllpPartner start(Function<byte[], Optional<byte[]>> answer) throws PlainException {
    try {
      return MllpPartner.start(InetAddress.getLoopbackAddress(), port, answer, tls());
    } catch (BindException taken) {
      throw new PlainException("port " + port + " is taken; choose another one with --port");
    } catch (IOException e) {
      throw new PlainException("port " + port + " cannot be opened: " + e.getMessage());
    }
  }

  private Optional<Tls> tls() throws PlainException {
    if (certificate == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Tls.open(
              new TlsFiles(
                  certificate,
                  Optional.ofNullable(key),
                  Optional.empty(),
                  Optional.empty(),
                  TlsFiles.Clients.NONE,
                  Optional.empty())));
    } catch (IllegalArgumentException faulty) {
      throw TlsOptions.unreadable();
    }
  }

  private Optional<byte[]> answer(byte[] frame, Duration wait) {
    long number = received.incrementAndGet();
    keep(frame, number);
    Optional<byte[]> reply = reply(frame, number);
    try {
      TimeUnit.NANOSECONDS.sleep(wait.toNanos());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return reply;
  }

  private void keep(byte[] frame, long number) {
    if (save.isEmpty()) {
      return;
    }
    Path file = save.get().resolve(String.format("%06d.hl7", number));
    try {
      Files.write(file, frame, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      spec.commandLine().getErr().println("millrace: " + file + " cannot be written");
    }
  }

  private Optional<byte[]> reply(byte[] frame, long number) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      V2Message message = V2Message.read(frame);
      out.println(
          number
              + "  "
              + Printable.of(message.header().type())
              + "  "
              + Printable.of(message.header().controlId())
              + "  "
              + frame.length
              + " bytes  "
              + ack);
      return ack == Reply.NONE ? Optional.empty() : Optional.of(reply(message));
    } catch (V2FormatException unreadable) {
      out.println(number + "  not readable: " + unreadable.sentence() + "  AR");
      return ack == Reply.NONE
          ? Optional.empty()
          : Optional.of(replies.refuseUnreadable(frame, unreadable.sentence()));
    }
  }

  private byte[] reply(V2Message message) throws V2FormatException {
    AckCode code = AckCode.valueOf(ack.name());
    boolean positive = ack == Reply.AA || ack == Reply.CA;
    V2Message answered = wrongId ? V2Message.read(ANOTHER) : message;
    return positive
        ? replies.accept(answered, code)
        : replies.refuse(
            answered,
            code,
            List.of(V2Fault.of(ErrorCode.INTERNAL, "This partner was told to answer " + ack)));
  }
}
