package org.millrace.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.millrace.guard.ApiKeys;
import org.millrace.journal.CallerKey;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.WrittenDuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = {
      "Give a caller another key with the same rights, and print it.",
      "The one before is good for a while yet, so that the caller can change over."
    })
final class CallersRotate implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofDays(366);

  @Parameters(paramLabel = "CALLER", description = "The caller's name.")
  private String caller = "";

  @Option(
      names = "--overlap",
      paramLabel = "TIME",
      defaultValue = "1d",
      description = "For how long the key before is good yet; default ${DEFAULT-VALUE}.")
  private String overlap = "";

  @Mixin private KeyEnd end = new KeyEnd();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Instant now = Clock.systemUTC().instant();
    ApiKeys.Fresh fresh = ApiKeys.fresh();
    Optional<Instant> expires = end.isGiven() ? end.of(now, LONGEST) : Optional.empty();
    CallerKey.Rights asBefore = new CallerKey.Rights("", "", "");
    CallerKey next =
        CallerKey.fresh(
            fresh.id(),
            caller,
            fresh.digest(),
            asBefore,
            new CallerKey.Act(now, EngineRequests.who()),
            expires);
    try (JournalDatabase open = journal.forRequests()) {
      Optional<CallerKey> made = open.callers().rotate(next, end.isGiven(), overlap()).get();
      if (made.isEmpty()) {
        throw new PlainException("no caller of this name has a key that is in force");
      }
      CallersNew.tell(fresh, made.get(), spec.commandLine().getOut(), spec.commandLine().getErr());
      return 0;
    } catch (ExecutionException e) {
      throw new PlainException("the key could not be put into the journal; is its disk full?");
    }
  }

  private Duration overlap() throws PlainException {
    try {
      return WrittenDuration.read(overlap, Duration.ZERO, LONGEST);
    } catch (IllegalArgumentException none) {
      throw new PlainException("--overlap " + none.getMessage());
    }
  }
}
