package org.millrace.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      names = "--keys",
      paramLabel = "FILE",
      description = {
        "Public keys that are registered for the system account (as ./millrace keys jwks prints them).",
        "Without them only the secret proves who asks."
      })
  private @Nullable Path keys;

  @Option(
      names = "--scopes",
      paramLabel = "v1|v2",
      defaultValue = "v1",
      description = "The kind of scopes the account is registered for; default ${DEFAULT-VALUE}.")
  private ScopeKind scopes = ScopeKind.V1;

  @Option(
      names = "--seed",
      paramLabel = "FILE",
      description = {
        "Resources to hold beside the hospital of its own: a JSON array of them, or a Bundle.",
        "One with an id of the hospital's takes its place."
      })
  private @Nullable Path seed;

  @Option(
      names = "--strict",
      description = "Say of each write which elements are not kept, by their names.")
  private boolean strict;

  @Spec private CommandSpec spec = CommandSpec.create();

  private enum ScopeKind {
    V1,
    V2
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    SandboxOptions options = options();
    Sandbox sandbox =
        start(strict ? options.withIgnoredTold(ignored -> told(out, ignored)) : options);
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

  private SandboxOptions options() throws PlainException {
    SandboxOptions options = options(port).withScopesV2(scopes == ScopeKind.V2);
    if (keys != null) {
      options = options.withClientKeys(read(keys));
    }
    return seed == null ? options : options.withSeed(read(seed));
  }

  private static String read(Path file) throws PlainException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read");
    }
  }

  private static SandboxOptions options(int port) {
    return SandboxOptions.defaults().withPort(port).withClock(Clock.systemUTC());
  }

  static Sandbox start(int port) throws PlainException {
    return start(options(port));
  }

  private static Sandbox start(SandboxOptions options) throws PlainException {
    try {
      return Sandbox.start(options);
    } catch (IOException e) {
      throw new PlainException(
          "the sandbox cannot open port " + options.port() + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new PlainException(String.valueOf(e.getMessage()));
    }
  }
}
