package org.millrace.cli;

import java.util.List;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Parameters;

/** A feed that has taken messages. */
final class FeedOption implements PauseTarget {
  @Parameters(
      paramLabel = "FEED",
      description = "By the name of its route file, as the list shows it.")
  private String feed = "";

  @Override
  public DeliveryPause.Kind kind() {
    return DeliveryPause.Kind.FEED;
  }

  @Override
  public String shown() {
    return feed;
  }

  @Override
  public String named(JournalDatabase open) throws PlainException {
    List<String> known = open.backlog().feeds().stream().map(each -> each.feed().name()).toList();
    if (!known.contains(feed)) {
      throw new PlainException(
          "no feed "
              + OnScreen.text(feed)
              + " has taken a message; there are "
              + (known.isEmpty() ? "none" : String.join(", ", known)));
    }
    return feed;
  }
}
