package org.millrace.cli;

import java.util.concurrent.Callable;
import org.millrace.delivery.VerbDetails;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.OperatorVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "resend",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:The engine refused it; the reason is printed.",
    description = {
      "File again what a delivered message had filed and Cerner has lost.",
      "The engine looks first, and refuses where the document is there. It is filed by a message of its own, with a marker of its own."
    })
final class MessagesResend implements Callable<Integer> {
  @Parameters(
      paramLabel = "MESSAGE",
      converter = MessageNumber.class,
      description = "Its number, as the list shows it.")
  private long message;

  @Option(
      names = "--document",
      paramLabel = "ANCHOR",
      defaultValue = "",
      description = "Only this one: OBR[2], as 'messages show' has it.")
  private String document = "";

  @Option(names = "--even-if-there", description = "File it a second time though it is there.")
  private boolean evenIfThere;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Kept with both messages.")
  private String why = "";

  @Mixin private WaitOption wait = new WaitOption();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    try (JournalDatabase open = journal.forRequests()) {
      return new EngineRequests(open, why, wait.within())
          .askOne(
              OperatorVerb.RESEND,
              message,
              request -> VerbDetails.resend(request, document, evenIfThere),
              spec);
    }
  }
}
