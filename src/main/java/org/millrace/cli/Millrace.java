package org.millrace.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line. Without arguments it shows the commands. */
@Command(
    name = "millrace",
    mixinStandardHelpOptions = true,
    versionProvider = Millrace.Version.class,
    description = "HL7 v2 and FHIR interface engine in front of Oracle Health (Cerner) Millennium.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    exitCodeList = {
      "0:All went well.",
      "1:It came out badly; of each command that ends with it, its help says what that means.",
      "2:The arguments are wrong.",
      "3:It could not begin, or not go on: settings, files, ports, the journal.",
      "69:There is no Java or Maven for it, or it could not be built (said by the launcher)."
    },
    footer = {
      "",
      "  test       Build and pass every test (in a clone of the repository).",
      "",
      "Settings come from millrace.properties beside the launcher (or --config)",
      "and from environment variables of the same names: docs/settings.md."
    },
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      SandboxCommand.class,
      SendCommand.class,
      ListenCommand.class,
      ReplayCommand.class,
      MapCommand.class,
      CheckCommand.class,
      DocsCommand.class,
      MessagesCommand.class,
      CodesCommand.class,
      FeedsCommand.class,
      LanesCommand.class,
      QueriesCommand.class,
      AlertsCommand.class,
      CallersCommand.class,
      UsersCommand.class,
      AuditCommand.class,
      JournalCommand.class,
      WireCommand.class,
      TlsCommand.class,
      KeysCommand.class,
      DoctorCommand.class
    })
public final class Millrace implements Callable<Integer> {
  /** What a command ran came out badly. */
  static final int FAILED = 1;

  /** It could not start: settings, ports, files. */
  static final int NOT_STARTED = 3;

  @Spec private CommandSpec spec;

  public Millrace() {
    spec = CommandSpec.create();
  }

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    LogChoice log = LogChoice.of(System.getenv());
    if (!log.faults().isEmpty()) {
      PlainErrors.print(err, log.faults());
      System.exit(NOT_STARTED);
    }
    log.apply();
    // Before other threads log: SLF4J complains of events that come while it starts.
    LoggerFactory.getLogger(Millrace.class);
    System.exit(commandLine().setOut(out).setErr(err).execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine millrace = new CommandLine(new Millrace());
    headExitCodes(millrace);
    return millrace
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new PlainErrors());
  }

  private static void headExitCodes(CommandLine command) {
    if (!command.getCommandSpec().usageMessage().exitCodeList().isEmpty()) {
      command.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
    }
    command.getSubcommands().values().forEach(Millrace::headExitCodes);
  }

  /**
   * The folder of {@code routes/}, {@code mappings/} and {@code samples/}: where the launcher
   * stands.
   */
  static Path home() {
    return Path.of(System.getProperty("millrace.home", "")).toAbsolutePath();
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /** The version of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Millrace.class.getPackage().getImplementationVersion();
      return new String[] {"millrace " + (version == null ? "(not packaged)" : version)};
    }
  }
}
