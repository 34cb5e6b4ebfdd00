package org.millrace.cli;

import org.millrace.journal.OperatorVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "discard",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:The engine refused one of them; the reason is printed.",
    description = {
      "End messages that are not to be filed.",
      "They become DISCARDED, and the next ones of their patient go on. What of them is filed already stays at Cerner. A discarded message cannot be brought back; its sender can send it anew."
    })
final class MessagesDiscard extends MessagesRequest {
  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Kept with each message.")
  private String why = "";

  @Override
  OperatorVerb verb() {
    return OperatorVerb.DISCARD;
  }

  @Override
  String why() {
    return why;
  }
}
