package org.millrace.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.millrace.app.Doctor;
import org.millrace.app.Finding;
import org.millrace.app.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:Something is bad.",
    description = {
      "Find out why Cerner cannot be reached or asked.",
      "Walks through name, TLS, discovery, token, scopes, metadata and a read of each action;",
      "then name, TLS and discovery of the provider by which people log in, if one is set;",
      "and says what to do, and who does it. Nothing is written, and no chart is opened."
    })
final class DoctorCommand implements Callable<Integer> {
  @Option(names = "--json", description = "One JSON line for each finding.")
  private boolean json;

  @Mixin private SettingsOption settings = new SettingsOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    // What goes wrong is a finding here, and no line of a log besides.
    QuietLog.errorsOnly();
    Settings read = settings.read();
    boolean good = Doctor.examine(read, Clock.systemUTC(), this::print);
    if (!json) {
      String last = good ? "Nothing is bad." : "Something is bad; mend the first of it first.";
      spec.commandLine().getOut().println(last);
    }
    return good ? 0 : Millrace.FAILED;
  }

  private void print(Finding finding) {
    PrintWriter out = spec.commandLine().getOut();
    String verdict = lower(finding.verdict());
    if (json) {
      out.println(
          JsonNodeFactory.instance
              .objectNode()
              .put("step", finding.step())
              .put("verdict", verdict)
              .put("sentence", finding.sentence())
              .put("remedy", finding.remedy())
              .put("who", lower(finding.who())));
      out.flush();
      return;
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%-9s %-22s %s",
            verdict,
            finding.step(),
            OnScreen.text(finding.sentence())));
    if (!finding.remedy().isEmpty()) {
      out.println(
          " ".repeat(33) + "-> " + lower(finding.who()) + ": " + OnScreen.text(finding.remedy()));
    }
    out.flush();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
