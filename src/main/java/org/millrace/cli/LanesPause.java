package org.millrace.cli;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = {
      "Deliver nothing of a lane until it is resumed.",
      "Its messages are taken, stored and acknowledged as before. What is being delivered just now comes to its end. It holds for all engines on the journal and through restarts."
    })
final class LanesPause extends PauseRequest {
  @Parameters(paramLabel = "LANE", description = "As the list shows it, or the beginning of it.")
  private String lane = "";

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Kept with the pause.")
  private String why = "";

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
    if (why.isBlank()) {
      throw new PlainException("--why must say why: it is kept with the pause");
    }
    return lane(open, lane);
  }

  @Override
  String change(JournalDatabase open, String name) throws InterruptedException, ExecutionException {
    return open.pauses().pause(kind(), name, EngineRequests.who(), why).get() ? "paused" : "";
  }

  @Override
  String unchanged() {
    return "it is paused already";
  }
}
