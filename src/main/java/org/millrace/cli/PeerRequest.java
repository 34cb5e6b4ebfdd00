package org.millrace.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.PeerBlockStore;
import org.millrace.mllp.PeerAddress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Begins or ends the block of an address. */
abstract class PeerRequest implements Callable<Integer> {
  @Parameters(
      paramLabel = "ADDRESS",
      description = "Of the senders, as the lists show it, without the port; no name.")
  private String address = "";

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  abstract Outcome change(PeerBlockStore blocks, String address, AuditEvent.Actor who)
      throws PlainException, InterruptedException, ExecutionException;

  @Override
  public Integer call() throws Exception {
    String text =
        PeerAddress.text(
            PeerAddress.read(address)
                .orElseThrow(
                    () -> new PlainException("ADDRESS is one such as 10.1.2.3 or fd00::17")));
    try (JournalDatabase open = journal.forRequests()) {
      Outcome outcome =
          change(open.peerBlocks(), text, AuditEvent.Actor.user(EngineRequests.who()));
      spec.commandLine().getOut().println(text + ": " + outcome.sentence());
      return outcome.exitCode();
    } catch (ExecutionException e) {
      throw new PlainException("the block could not be put into the journal; is its disk full?");
    }
  }
}
