package org.millrace.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.millrace.guard.FhirAuditEvents;
import org.millrace.journal.AuditCheck;
import org.millrace.journal.AuditEntry;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.AuditFilter;
import org.millrace.journal.AuditHead;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Who asked, saw and changed what.",
      "Entries are chained: one that is changed, taken away or put in is found by 'verify'."
    },
    synopsisSubcommandLabel = "COMMAND")
final class AuditCommand implements Runnable {
  private static final String ROW = "%-20s  %-16s  %-22s  %-16s  %-8s  %4s  %-18s  %-20s  %s%n";
  private static final int AT_ONCE = 500;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Entries, newest first.",
        "With --details also what was asked, and of whom: patient data. That this was looked at is an entry, too."
      })
  int list(
      @Mixin AuditOptions which,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "50",
              description = "At most so many; default ${DEFAULT-VALUE}.")
          int limit,
      @Option(names = "--details", description = "With what was asked, and of whom.")
          boolean details,
      @Mixin JournalOption journal)
      throws Exception {
    if (limit < 1) {
      throw new PlainException("--limit must be at least 1");
    }
    AuditFilter filter = which.filter();
    PrintWriter out = spec.commandLine().getOut();
    try (JournalDatabase open = details ? journal.forRequests() : journal.readOnly()) {
      if (details) {
        ViewOnRecord.put(open, "view", "audit trail");
      }
      out.printf(
          ROW,
          "at",
          "caller",
          "known by",
          "address",
          "outcome",
          "HTTP",
          "what",
          "subject",
          "entry");
      open.auditTrail().list(filter, limit, details).forEach(entry -> print(entry, details, out));
    }
    return 0;
  }

  private static void print(AuditEntry entry, boolean details, PrintWriter out) {
    AuditEvent event = entry.event();
    out.printf(
        ROW,
        event.at().toString().substring(0, 19) + "Z",
        event.actor().name().isEmpty() ? "-" : OnScreen.text(event.actor().name()),
        event.actor().proof(),
        event.actor().address().isEmpty() ? "-" : event.actor().address(),
        event.outcome().name().toLowerCase(Locale.ROOT),
        event.status() == 0 ? "-" : String.valueOf(event.status()),
        event.what(),
        OnScreen.text(event.subject()),
        entry.chain() + ":" + entry.seq());
    if (details) {
      Map<String, String> all = new TreeMap<>(event.details());
      if (!event.patients().isEmpty()) {
        all.put("patients", String.join(" ", event.patients()));
      }
      all.forEach((name, value) -> out.printf("    %s: %s%n", name, OnScreen.text(value)));
    }
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      exitCodeList = "1:The trail is not as it was written.",
      description = {
        "Look whether the trail is as it was written.",
        "It prints the ends of the chains. Kept elsewhere, they show later that nothing up to them was taken away."
      })
  int verify(
      @Option(
              names = "--kept",
              paramLabel = "END",
              description = "An end that was kept elsewhere; may be repeated.")
          List<String> kept,
      @Mixin JournalOption journal)
      throws Exception {
    List<AuditHead> heads = new ArrayList<>();
    for (String each : kept == null ? List.<String>of() : kept) {
      heads.add(
          AuditHead.read(each)
              .orElseThrow(
                  () -> new PlainException("--kept is no end as 'audit verify' prints it")));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (JournalDatabase open = journal.readOnly()) {
      AuditCheck.Result result = new AuditCheck(open, heads).run();
      result.faults().forEach(out::println);
      result.ends().forEach(end -> out.println("end " + end));
      out.println(
          result.faults().isEmpty()
              ? result.entries() + " entries, all as they were written"
              : result.entries() + " entries, and the trail is NOT as it was written");
      return result.faults().isEmpty() ? 0 : Millrace.FAILED;
    }
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = {
        "Print entries as FHIR AuditEvents, one JSON line each, oldest first.",
        "They hold patient data. That they were exported is an entry, too."
      })
  int export(@Mixin AuditOptions which, @Mixin JournalOption journal) throws Exception {
    AuditFilter filter = which.filter();
    PrintWriter out = spec.commandLine().getOut();
    try (JournalDatabase open = journal.forRequests()) {
      ViewOnRecord.put(open, "export", "audit trail");
      long id = 0;
      List<AuditEntry> entries = open.auditTrail().after(filter, id, AT_ONCE);
      while (!entries.isEmpty()) {
        for (AuditEntry entry : entries) {
          out.println(FhirAuditEvents.of(entry));
          id = entry.id();
        }
        entries = open.auditTrail().after(filter, id, AT_ONCE);
      }
    }
    return 0;
  }
}
