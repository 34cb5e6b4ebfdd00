package org.millrace.cli;

import org.millrace.journal.OperatorVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:The engine refused one of them; the reason is printed.",
    description = {
      "Ask the engine to try stopped messages again.",
      "The request is left in the journal; a running engine carries it out within a second, a stopped one when it starts."
    })
final class MessagesRetry extends MessagesRequest {
  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Kept with each message.")
  private String why = "";

  @Override
  OperatorVerb verb() {
    return OperatorVerb.RETRY;
  }

  @Override
  String why() {
    return why;
  }
}
