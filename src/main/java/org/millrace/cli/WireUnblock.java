package org.millrace.cli;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.PeerBlockStore;
import picocli.CommandLine.Command;

@Command(
    name = "unblock",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:The address is not blocked.",
    description = "Let an address in again before its time.")
final class WireUnblock extends PeerRequest {
  @Override
  Outcome change(PeerBlockStore blocks, String address, AuditEvent.Actor who)
      throws InterruptedException, ExecutionException {
    return blocks.unblock(address, who).get()
        ? Outcome.done("may connect again within three seconds")
        : new Outcome(Millrace.FAILED, "refused: it is not blocked");
  }
}
