package org.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:It is not paused.",
    description = "Deliver what has piled up of a paused feed, in order of arrival.")
final class FeedsResume extends EndPause {
  @Mixin private FeedOption feed = new FeedOption();

  @Override
  PauseTarget target() {
    return feed;
  }
}
