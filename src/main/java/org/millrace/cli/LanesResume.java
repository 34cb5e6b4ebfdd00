package org.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:It is not paused.",
    description = "Deliver what has piled up of a paused lane, in order of arrival.")
final class LanesResume extends EndPause {
  @Mixin private LaneOption lane = new LaneOption();

  @Override
  PauseTarget target() {
    return lane;
  }
}
