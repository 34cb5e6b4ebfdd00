package org.millrace.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.PeerBlockStore;
import org.millrace.journal.WrittenDuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "block",
    mixinStandardHelpOptions = true,
    description = {
      "Let no MLLP connection of an address in for a while.",
      "Each engine on the journal ends those that are open within three seconds, once what they have in work is answered. Behind a load balancer all senders may have its address. One that is blocked already is blocked anew from now on."
    })
final class WireBlock extends PeerRequest {
  @Option(
      names = "--for",
      paramLabel = "TIME",
      required = true,
      description = "For how long, 1m to 30d: 90m, 4h, 2d.")
  private String time = "";

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Kept with the block; everybody who sees the connections sees it.")
  private String why = "";

  @Override
  Outcome change(PeerBlockStore blocks, String address, AuditEvent.Actor who)
      throws PlainException, InterruptedException, ExecutionException {
    if (why.isBlank()) {
      throw new PlainException("--why must say why: it is kept with the block");
    }
    Instant until = blocks.block(address, time(), who, why).get();
    return Outcome.done("blocked until " + FeedsCommand.seconds(until));
  }

  private Duration time() throws PlainException {
    try {
      return WrittenDuration.read(time, PeerBlockStore.SHORTEST, PeerBlockStore.LONGEST);
    } catch (IllegalArgumentException none) {
      throw new PlainException("--for " + none.getMessage());
    }
  }
}
