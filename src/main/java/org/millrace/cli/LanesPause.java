package org.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:It is paused already.",
    description = {
      "Deliver nothing of a lane until it is resumed.",
      "Its messages are taken, stored and acknowledged as before. What is being delivered just now comes to its end. It holds for all engines on the journal and through restarts."
    })
final class LanesPause extends BeginPause {
  @Mixin private LaneOption lane = new LaneOption();

  @Override
  PauseTarget target() {
    return lane;
  }
}
