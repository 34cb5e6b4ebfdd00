package org.millrace.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** {@code --wait}, for requests whose engine has to ask Cerner first. */
final class WaitOption {
  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "35",
      description =
          "How long to wait for the engine, which asks Cerner first; default ${DEFAULT-VALUE}.")
  private int seconds;

  Duration within() {
    return Duration.ofSeconds(seconds);
  }
}
