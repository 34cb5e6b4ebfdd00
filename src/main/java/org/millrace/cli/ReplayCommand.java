package org.millrace.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millrace.replay.CaseResult;
import org.millrace.replay.CaseRunner;
import org.millrace.replay.SampleCase;
import org.millrace.replay.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:A case failed.",
    description = {
      "Run cases and compare with what is expected.",
      "Each case gets an engine of its own with a fresh journal, the case's clock and a sandbox."
    })
final class ReplayCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FOLDER",
      arity = "0..*",
      description = "Cases or folders of cases; samples/ beside the launcher if absent.")
  private List<Path> folders = List.of();

  @Option(names = "--accept", description = "Write what is seen as the expected files.")
  private boolean accept;

  @Option(names = "--json", description = "One JSON line for each case.")
  private boolean json;

  @Option(
      names = "--to",
      paramLabel = "HOST:PORT",
      defaultValue = "",
      description = "A running engine's MLLP port: replies only, with new control ids.")
  private String to = "";

  @Option(
      names = "--http",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "That engine's HTTP root, for REST cases; default ${DEFAULT-VALUE}.")
  private URI http = URI.create("http://127.0.0.1:8080");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    QuietLog.errorsOnly();
    List<SampleCase> cases = cases();
    if (accept && !to.isEmpty()) {
      throw new PlainException(
          "--accept and --to do not go together: a running engine has its own state");
    }
    PrintWriter out = spec.commandLine().getOut();
    ResultTable table = new ResultTable(out, json);
    List<CaseResult> results = to.isEmpty() ? own(cases, table) : running(cases, table);
    table.close(results);
    return results.stream().allMatch(CaseResult::passed) ? 0 : Millrace.FAILED;
  }

  private List<SampleCase> cases() throws Exception {
    List<Path> roots = folders.isEmpty() ? List.of(Millrace.home().resolve("samples")) : folders;
    List<SampleCase> cases = new ArrayList<>();
    for (Path root : roots) {
      if (!Files.isDirectory(root)) {
        throw new PlainException(root + " is no folder");
      }
      cases.addAll(SampleCase.discover(root));
    }
    if (cases.isEmpty()) {
      throw new PlainException("no case there: a case is a folder with a case.yaml");
    }
    return cases;
  }

  private List<CaseResult> own(List<SampleCase> cases, ResultTable table) throws Exception {
    List<CaseResult> results = new ArrayList<>();
    try (CaseEngines engines = new CaseEngines(Millrace.home())) {
      for (SampleCase each : cases) {
        CaseResult result = engines.run(each, accept);
        table.row(result);
        results.add(result);
      }
    }
    return results;
  }

  private List<CaseResult> running(List<SampleCase> cases, ResultTable table) throws Exception {
    Address address = Address.parse(to);
    CaseRunner runner =
        new CaseRunner(
            new Target(address.host(), address.port(), http, Optional.empty(), Optional.empty()));
    List<CaseResult> results = new ArrayList<>();
    for (SampleCase each : cases) {
      CaseResult result = runner.run(each, false);
      table.row(result);
      results.add(result);
    }
    return results;
  }
}
