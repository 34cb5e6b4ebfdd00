package org.millrace.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.millrace.guard.ApiKeys;
import org.millrace.guard.Scopes;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "new",
    mixinStandardHelpOptions = true,
    description = {
      "Give a caller its first key, and print it: it is shown this once and kept nowhere.",
      "From the first key on, callers on loopback are asked for theirs, too."
    })
final class CallersNew implements Callable<Integer> {
  private static final Duration A_YEAR = Duration.ofDays(365);

  @Parameters(
      paramLabel = "CALLER",
      description = "What the caller is called: letters, digits, dots and dashes, up to 40.")
  private String caller = "";

  @Option(
      names = "--scopes",
      paramLabel = "SCOPES",
      required = true,
      description = {
        "What it may do, one blank between: system/Patient.rs, system/Encounter.read, system/*.rs …",
        "millrace/hl7 to send HL7 messages, millrace/management for metrics."
      })
  private String scopes = "";

  @Option(
      names = "--tenant",
      paramLabel = "ID",
      defaultValue = "",
      description = {
        "Only at the paths of this tenant (its MILLRACE_TENANT_ID); at all if absent. /hl7 is a path",
        "of the tenant without a name, and takes messages for all: limit them by --sender."
      })
  private String tenant = "";

  @Option(
      names = "--sender",
      paramLabel = "MSH-3@MSH-4",
      description = "As whom it may send HL7 messages; may be repeated. As anybody if absent.")
  private List<String> senders = List.of();

  @Mixin private KeyEnd end = new KeyEnd();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    CallerKey.Rights rights = rights();
    Instant now = Clock.systemUTC().instant();
    ApiKeys.Fresh fresh = ApiKeys.fresh();
    CallerKey key =
        CallerKey.fresh(
            fresh.id(),
            caller,
            fresh.digest(),
            rights,
            new CallerKey.Act(now, EngineRequests.who()),
            end.of(now, A_YEAR));
    try (JournalDatabase open = journal.forRequests()) {
      if (!open.callers().add(key).get()) {
        throw new PlainException(
            caller + " has a key already; './millrace callers rotate' gives it another");
      }
    } catch (ExecutionException e) {
      throw new PlainException("the key could not be put into the journal; is its disk full?");
    }
    tell(fresh, key, spec.commandLine().getOut(), spec.commandLine().getErr());
    return 0;
  }

  private CallerKey.Rights rights() throws PlainException {
    if (!caller.matches("[A-Za-z0-9.-]{1,40}")) {
      throw new PlainException("a caller's name holds letters, digits, dots and dashes, up to 40");
    }
    if (!senders.stream().allMatch(sender -> sender.matches("[^@\\s]+@[^@\\s]+"))) {
      throw new PlainException("--sender is written MSH-3@MSH-4, for example LAB@NORTH");
    }
    if (!tenant.matches("[A-Za-z0-9.-]*")) {
      throw new PlainException("--tenant is no tenant id; it holds letters, digits and dashes");
    }
    try {
      String read = Scopes.read(scopes).toString();
      return new CallerKey.Rights(read, tenant, String.join(" ", senders));
    } catch (IllegalArgumentException none) {
      throw new PlainException("--scopes: " + none.getMessage());
    }
  }

  /** The key alone on standard output, so that it can be sent into a file. */
  static void tell(ApiKeys.Fresh fresh, CallerKey key, PrintWriter out, PrintWriter err) {
    err.println(
        "Key "
            + fresh.id()
            + " of "
            + key.caller()
            + ", "
            + key.expires().map(at -> "good until " + at).orElse("without an end")
            + ". It is shown this once:");
    err.flush();
    out.println(fresh.secret());
  }
}
