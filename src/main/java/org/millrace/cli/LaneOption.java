package org.millrace.cli;

import java.util.List;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Parameters;

/** A lane that messages are in. */
final class LaneOption implements PauseTarget {
  @Parameters(paramLabel = "LANE", description = "As the list shows it, or the beginning of it.")
  private String lane = "";

  @Override
  public DeliveryPause.Kind kind() {
    return DeliveryPause.Kind.LANE;
  }

  @Override
  public String shown() {
    return lane;
  }

  @Override
  public String named(JournalDatabase open) throws PlainException {
    if (!lane.matches("[A-Za-z0-9_.]{4,64}")) {
      throw new PlainException("name a lane by four characters or more, as 'lanes' shows it");
    }
    List<String> lanes = open.backlog().lanesBeginning(lane);
    if (lanes.size() != 1) {
      throw new PlainException(
          lanes.isEmpty()
              ? "no message is in a lane " + lane
              : "several lanes begin with " + lane + "; name one by more of it");
    }
    return lanes.get(0);
  }
}
