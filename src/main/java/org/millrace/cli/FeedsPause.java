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
      "Deliver nothing of a feed until it is resumed.",
      "Its messages are taken, stored and acknowledged as before. What is being delivered just now comes to its end. It holds for all engines on the journal and through restarts."
    })
final class FeedsPause extends PauseRequest {
  @Parameters(
      paramLabel = "FEED",
      description = "By the name of its route file, as the list shows it.")
  private String feed = "";

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "Kept with the pause.")
  private String why = "";

  @Override
  DeliveryPause.Kind kind() {
    return DeliveryPause.Kind.FEED;
  }

  @Override
  String shown() {
    return feed;
  }

  @Override
  String named(JournalDatabase open) throws PlainException {
    if (why.isBlank()) {
      throw new PlainException("--why must say why: it is kept with the pause");
    }
    return feed(open, feed);
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
