package org.millrace.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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

  @Option(
      names = "--strict",
      description = "Say of each write which elements are not kept, by their names.")
  private boolean strict;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Sandbox sandbox = strict ? start(port, ignored -> told(out, ignored)) : start(port);
    out.println(
        "# The sandbox is open; these settings reach it (put them into millrace.properties):");
    SandboxSettings.of(sandbox).forEach((name, value) -> out.println(name + "=" + value));
    out.println("# Control: " + sandbox.controlUrl());
    ServeCommand.StayUp.untilStopped(sandbox);
    return 0;
  }

  private static void told(PrintWriter out, String element) {
    out.println("ignored " + element);
    out.flush();
  }

  static Sandbox start(int port) throws PlainException {
    return start(port, ignored -> {});
  }

  private static Sandbox start(int port, Consumer<String> ignored) throws PlainException {
    try {
      return Sandbox.start(
          SandboxOptions.defaults()
              .withPort(port)
              .withClock(Clock.systemUTC())
              .withIgnoredTold(ignored));
    } catch (java.io.IOException e) {
      throw new PlainException("the sandbox cannot open port " + port + ": " + e.getMessage());
    }
  }
}
