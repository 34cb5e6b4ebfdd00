package org.millrace.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.millrace.sandbox.Sandbox;
import org.millrace.sandbox.SandboxOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    description = "Run the sandbox of Cerner alone; print its settings.")
final class SandboxCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8090",
      description = "Port on loopback, 0 for any free one; default ${DEFAULT-VALUE}.")
  private int port;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Sandbox sandbox = start(port);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "# The sandbox is open; these settings reach it (put them into millrace.properties):");
    SandboxSettings.of(sandbox).forEach((name, value) -> out.println(name + "=" + value));
    out.println("# Control: " + sandbox.controlUrl());
    ServeCommand.StayUp.untilStopped(sandbox);
    return 0;
  }

  static Sandbox start(int port) throws PlainException {
    try {
      return Sandbox.start(SandboxOptions.defaults().withPort(port).withClock(Clock.systemUTC()));
    } catch (java.io.IOException e) {
      throw new PlainException("the sandbox cannot open port " + port + ": " + e.getMessage());
    }
  }
}
