package org.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:It is paused already.",
    description = {
      "Deliver nothing of a feed until it is resumed.",
      "Its messages are taken, stored and acknowledged as before. What is being delivered just now comes to its end. It holds for all engines on the journal and through restarts."
    })
final class FeedsPause extends BeginPause {
  @Mixin private FeedOption feed = new FeedOption();

  @Override
  PauseTarget target() {
    return feed;
  }
}
