package org.millrace.cli;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "restored",
    mixinStandardHelpOptions = true,
    description = {
      "Say of a journal that it was put back by other means: pg_restore, a snapshot of a disk.",
      "Before an engine is started on it. Delivery of all feeds is paused then, as by 'journal restore'."
    })
final class JournalRestored implements Callable<Integer> {
  @Option(
      names = "--taken",
      paramLabel = "TIME",
      required = true,
      description = "When the backup was begun, or earlier: 2026-11-26T02:00:00Z.")
  private String taken = "";

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Clock clock = Clock.systemUTC();
    Instant takenAt = takenAt();
    if (takenAt.isAfter(clock.instant())) {
      throw new PlainException("--taken is yet to come");
    }
    try (JournalDatabase open = JournalDatabase.openAlone(journal.place(), journal.keys(), clock)) {
      List<String> paused =
          open.restores().put(takenAt, EngineRequests.who(), RestoredWords.WHY).get();
      RestoredWords.print(spec.commandLine().getOut(), takenAt, paused);
    } catch (JournalException failure) {
      throw new PlainException(String.valueOf(failure.getMessage()));
    } catch (ExecutionException failure) {
      throw new PlainException("it could not be put into the journal; is its disk full?");
    }
    return 0;
  }

  private Instant takenAt() throws PlainException {
    try {
      return OffsetDateTime.parse(taken).toInstant();
    } catch (DateTimeParseException e) {
      throw new PlainException("--taken is no time with an offset: 2026-11-26T02:00:00Z");
    }
  }
}
