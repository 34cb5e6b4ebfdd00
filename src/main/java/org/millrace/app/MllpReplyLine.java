package org.millrace.app;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.millrace.hl7.Replies;
import org.millrace.hl7.ReplyAddress;
import org.millrace.hl7.V2FormatException;
import org.millrace.intake.ReplyLine;
import org.millrace.mllp.MllpClient;
import org.millrace.mllp.MllpException;
import org.millrace.mllp.TlsOut;

/** Sends application acknowledgments over MLLP; each must be acknowledged AA or CA in its turn. */
final class MllpReplyLine implements ReplyLine {
  private static final MllpClient.Timeouts TIMES =
      new MllpClient.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30));

  private final TlsOut tls;

  /**
   * @param tls for addresses that want it
   */
  MllpReplyLine(TlsOut tls) {
    this.tls = tls;
  }

  @Override
  public Open open(String address) throws NotTaken {
    // Addresses that are none were told at the start, or as a fault of the sender's file.
    ReplyAddress to =
        ReplyAddress.read(address)
            .orElseThrow(() -> new IllegalStateException("an address that is none was kept"));
    try {
      return new Connected(
          MllpClient.connect(
              to.host(), to.port(), TIMES, to.tls() ? Optional.of(tls) : Optional.empty()));
    } catch (MllpException failure) {
      throw notTaken(failure);
    }
  }

  private record Connected(MllpClient client) implements Open {
    @Override
    public void send(byte[] reply) throws NotTaken {
      try {
        client.deliver(reply);
      } catch (MllpException failure) {
        throw notTaken(failure);
      } catch (V2FormatException ours) {
        throw new IllegalStateException("an acknowledgment of ours has no MSH", ours);
      }
    }

    @Override
    public void close() {
      client.close();
    }
  }

  private static NotTaken notTaken(MllpException failure) {
    String word = failure.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
    if (failure.reason() != MllpException.Reason.NOT_ACCEPTED) {
      return new NotTaken(word, false);
    }
    String code = Replies.judge(failure.reply()).map(Replies.Acknowledged::code).orElse("");
    // What it rejects it may take later; what it finds at fault stays so.
    return new NotTaken(word + " " + code, code.equals("AE") || code.equals("CE"));
  }
}
