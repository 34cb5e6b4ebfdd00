package org.millrace.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.millrace.app.FeedTenants;
import org.millrace.journal.Feed;
import org.millrace.mapping.Mappings;
import org.millrace.mapping.RuleFault;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.replay.CaseFaultException;
import org.millrace.replay.SampleCase;
import org.millrace.routing.RouteFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:There is a fault.",
    description = "Check routes, mappings and samples.")
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = "--home",
      paramLabel = "FOLDER",
      defaultValue = "",
      description = "Folder of routes/, mappings/ and samples/; the launcher's if absent.")
  private String folder = "";

  @Option(names = "--json", description = "One JSON line for each fault and warning.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Path home = folder.isEmpty() ? Millrace.home() : Path.of(folder);
    List<String> faults = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    List<String> routeFaults = RouteFiles.check(home.resolve("routes"));
    List<Feed> feeds = routeFaults.isEmpty() ? RouteFiles.feeds(home.resolve("routes")) : List.of();
    mappings(home.resolve("mappings"), feeds, faults, warnings, counts);
    faults.addAll(routeFaults);
    if (Files.isDirectory(home.resolve("routes"))) {
      counts.add(RouteFiles.list(home.resolve("routes")).size() + " route files");
    }
    samples(home.resolve("samples"), faults, counts);
    print(faults, warnings, counts);
    return faults.isEmpty() ? 0 : Millrace.FAILED;
  }

  private static void mappings(
      Path folder,
      List<Feed> feeds,
      List<String> faults,
      List<String> warnings,
      List<String> counts) {
    if (!Files.isDirectory(folder)) {
      faults.add(folder + ": there is no such folder");
      return;
    }
    try {
      Mappings mappings = Mappings.load(folder);
      mappings.check(FeedTenants.sending(feeds));
      mappings.warnings().forEach(each -> warnings.add("mappings/" + each));
      counts.add(mappings.messageTypes().size() + " message types");
      counts.add(mappings.targets().size() + " targets");
    } catch (RuleFaultsException e) {
      for (RuleFault each : e.faults()) {
        faults.add("mappings/" + each);
      }
    }
  }

  private static void samples(Path folder, List<String> faults, List<String> counts)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      faults.add(folder + ": there is no such folder");
      return;
    }
    try {
      counts.add(SampleCase.discover(folder).size() + " cases");
    } catch (CaseFaultException e) {
      faults.addAll(e.faults());
    }
  }

  private void print(List<String> faults, List<String> warnings, List<String> counts) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      faults.forEach(each -> out.println(line("fault", each)));
      warnings.forEach(each -> out.println(line("warning", each)));
      return;
    }
    faults.forEach(out::println);
    warnings.forEach(each -> out.println("warning: " + each));
    out.println(
        String.join(", ", counts)
            + ": "
            + faults.size()
            + " faults, "
            + warnings.size()
            + " warnings");
  }

  private static String line(String kind, String sentence) {
    return new com.fasterxml.jackson.databind.node.ObjectNode(
            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance)
        .put("kind", kind)
        .put("sentence", sentence)
        .toString();
  }
}
