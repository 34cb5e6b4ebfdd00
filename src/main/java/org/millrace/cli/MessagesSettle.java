package org.millrace.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.millrace.delivery.VerbDetails;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.NewRequest;
import org.millrace.journal.OperatorVerb;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "settle",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:The engine refused it; the reason is printed.",
    description = {
      "Say whether a document is stored at Cerner, where the engine cannot know it.",
      "For messages that are held with outcome-unknown. Look in the chart for the marker that the reason names. With --filed the engine reads that document, compares patient and marker, and goes on with what is left of the message; with --not-filed it sends the document again."
    })
final class MessagesSettle implements Callable<Integer> {
  @Parameters(
      paramLabel = "MESSAGE",
      converter = MessageNumber.class,
      description = "Its number, as the list shows it.")
  private long message;

  @ArgGroup(multiplicity = "1")
  private Saw saw = new Saw();

  /** One of the two. */
  static final class Saw {
    @Option(
        names = "--filed",
        paramLabel = "ID",
        description = "It is stored, as this DocumentReference.")
    private Optional<String> filed = Optional.empty();

    @Option(names = "--not-filed", description = "It is not stored; it is sent again.")
    private boolean notFiled;
  }

  @Option(
      names = "--document",
      paramLabel = "ANCHOR",
      defaultValue = "",
      description = "Which one, if several are open: OBR[2], as 'messages show' has it.")
  private String document = "";

  @Option(
      names = "--even-so",
      description = "Believe it, though Cerner shows no marker of ours in it or does not show it.")
  private boolean evenSo;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Kept with the message: what you saw.")
  private String why = "";

  @Mixin private WaitOption wait = new WaitOption();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    try (JournalDatabase open = journal.forRequests()) {
      EngineRequests requests = new EngineRequests(open, why, wait.within());
      return requests.askOne(OperatorVerb.SETTLE, message, this::said, spec);
    }
  }

  private NewRequest said(NewRequest request) {
    return VerbDetails.settle(request, document, saw.filed, evenSo);
  }
}
