package org.millrace.cli;

import java.util.concurrent.ExecutionException;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Deliver what has piled up of a paused feed, in order of arrival.")
final class FeedsResume extends PauseRequest {
  @Parameters(
      paramLabel = "FEED",
      description = "By the name of its route file, as the list shows it.")
  private String feed = "";

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
    return feed(open, feed);
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
