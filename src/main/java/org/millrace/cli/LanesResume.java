package org.millrace.cli;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Deliver what has piled up of a paused lane, in order of arrival.")
final class LanesResume extends PauseRequest {
  @Parameters(paramLabel = "LANE", description = "As the list shows it, or the beginning of it.")
  private String lane = "";

  @Override
  DeliveryPause.Kind kind() {
    return DeliveryPause.Kind.LANE;
  }

  @Override
  String shown() {
    return lane;
  }

  @Override
  String named(JournalDatabase open) throws PlainException {
    return lane(open, lane);
  }

  @Override
  String change(JournalDatabase open, String name) throws InterruptedException, ExecutionException {
    return open.pauses().resume(kind(), name, EngineRequests.who()).get() ? "resumed" : "";
  }

  @Override
  String unchanged() {
    return "it is not paused";
  }
}
