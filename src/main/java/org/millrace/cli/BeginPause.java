package org.millrace.cli;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Option;

/** Pauses something. */
abstract class BeginPause extends PauseRequest {
  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Kept with the pause.")
  private String why = "";

  @Override
  String change(JournalDatabase open, String name)
      throws PlainException, InterruptedException, ExecutionException {
    if (why.isBlank()) {
      throw new PlainException("--why must say why: it is kept with the pause");
    }
    return open.pauses().pause(target().kind(), name, EngineRequests.who(), why).get()
        ? "paused; engines follow within a second"
        : "";
  }

  @Override
  String unchanged() {
    return "it is paused already";
  }
}
