package org.millrace.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.millrace.journal.BackupStore;
import org.millrace.journal.JournalException;
import org.millrace.journal.JournalPlace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Put a backup into a folder that has no journal, before an engine is started on it.",
      "Delivery of all feeds is paused then: what waits in the backup may have been filed since."
    })
final class JournalRestore implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "As 'journal backup' made it.")
  private Path file = Path.of("");

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    JournalPlace place = journal.place();
    if (!(place instanceof JournalPlace.Folder folder)) {
      throw new PlainException(
          "the settings name a journal in PostgreSQL: put it back with pg_restore, then say"
              + " 'millrace journal restored --taken TIME' before an engine is started");
    }
    try {
      BackupStore.Result result =
          BackupStore.restore(
              file.toAbsolutePath(),
              folder.path(),
              journal.keys(),
              Clock.systemUTC(),
              EngineRequests.who(),
              RestoredWords.WHY);
      RestoredWords.print(spec.commandLine().getOut(), result.takenAt(), result.paused());
    } catch (JournalException failure) {
      throw new PlainException(String.valueOf(failure.getMessage()));
    }
    return 0;
  }
}
