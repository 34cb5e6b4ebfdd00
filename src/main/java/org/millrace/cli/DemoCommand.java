package org.millrace.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.millrace.app.Engine;
import org.millrace.app.Settings;
import org.millrace.app.SettingsSource;
import org.millrace.replay.CaseResult;
import org.millrace.replay.SampleCase;
import org.millrace.sandbox.Sandbox;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:With --once: a case failed.",
    description = {
      "Start engine and sandbox, run every case, stay up.",
      "Starts a sandbox of Cerner and the engine in front of it, sends every case under samples/"
          + " through",
      "real sockets, shows what happened, and stays up until Ctrl-C."
    })
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--once", description = "End when all cases have run.")
  private boolean once;

  @Mixin private SettingsOption settings = new SettingsOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    QuietLog.errorsOnly();
    PrintWriter out = spec.commandLine().getOut();
    List<SampleCase> cases = SampleCase.discover(Millrace.home().resolve("samples"));
    Sandbox sandbox = SandboxCommand.start(0);
    Map<String, String> values = of(sandbox, settings.source(), Millrace.home());
    Settings read = Settings.read(settings.source(values), Millrace.home());
    Engine engine = Engine.start(read, Clock.systemUTC());
    out.println("The engine is up in front of a sandbox of Cerner.");
    out.println();
    OpenPorts.print(out, engine, read);
    out.println("Sandbox control    " + sandbox.controlUrl());
    out.println();
    boolean passed = runCases(cases, out);
    if (once) {
      engine.close();
      sandbox.close();
      return passed ? 0 : Millrace.FAILED;
    }
    out.println();
    out.println("Try it:  ./millrace send samples/QRY_A19/by-mrn/1-received.hl7");
    out.println("         ./millrace messages list --data " + read.storage().data());
    out.println(
        "         curl http://"
            + read.listeners().bind()
            + ":"
            + engine.httpPort()
            + "/fhir/r4/Patient?family=ZZTESTMILLER");
    out.println("Ctrl-C stops it.");
    ServeCommand.StayUp.untilStopped(engine, sandbox);
    return 0;
  }

  /**
   * Each demo has a journal of its own below the data folder, so that the sandbox of an earlier one
   * is not confused with this one's.
   *
   * @param settings of the site, which a demo goes by where they do not lead out of this machine
   */
  static Map<String, String> of(Sandbox sandbox, SettingsSource settings, Path home)
      throws IOException {
    Map<String, String> values = SandboxSettings.instead(sandbox, settings, home);
    List.of("TOKEN_FILE", "CONSUMER_KEY", "CONSUMER_SECRET", "CONSUMER_SECRET_FILE")
        .forEach(each -> values.put("MILLRACE_HEALTHEINTENT_" + each, ""));
    List.of("URL", "USER", "PASSWORD", "PASSWORD_FILE")
        .forEach(each -> values.put("MILLRACE_DATABASE_" + each, ""));
    // What is invented wakes nobody at night.
    List.of("SERVER", "TLS", "USER", "PASSWORD", "PASSWORD_FILE", "FROM", "TO")
        .forEach(each -> values.put("MILLRACE_ALERT_MAIL_" + each, ""));
    List.of("WEBHOOK_URL", "OTLP_URL", "TRACE_ONE_IN")
        .forEach(each -> values.put("MILLRACE_" + each, ""));
    // So that every command can look into it.
    values.put("MILLRACE_JOURNAL_KEY", "none");
    values.put("MILLRACE_JOURNAL_KEY_FILE", "");
    values.put(
        "MILLRACE_DATA",
        Path.of(
                System.getProperty("java.io.tmpdir"),
                "millrace-demo-" + ProcessHandle.current().pid())
            .toString());
    return values;
  }

  private static boolean runCases(List<SampleCase> cases, PrintWriter out) throws Exception {
    out.println(cases.size() + " cases, each on an engine of its own with a fresh journal:");
    ResultTable table = new ResultTable(out, false);
    List<CaseResult> results = new ArrayList<>();
    try (CaseEngines engines = new CaseEngines(Millrace.home())) {
      for (SampleCase each : cases) {
        CaseResult result = engines.run(each, false);
        table.row(result);
        results.add(result);
      }
    }
    table.close(results);
    return results.stream().allMatch(CaseResult::passed);
  }
}
