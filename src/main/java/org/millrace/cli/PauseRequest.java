package org.millrace.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Begins or ends a pause of a feed or a lane; engines follow within a second. */
abstract class PauseRequest implements Callable<Integer> {
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  abstract PauseTarget target();

  /**
   * Does it.
   *
   * @return what is told of it; an empty text if nothing was changed
   */
  abstract String change(JournalDatabase open, String name)
      throws PlainException, InterruptedException, ExecutionException;

  /** Why nothing was to be changed. */
  abstract String unchanged();

  @Override
  public Integer call() throws Exception {
    try (JournalDatabase open = journal.forRequests()) {
      String told = change(open, target().named(open));
      spec.commandLine()
          .getOut()
          .println(target().shown() + ": " + (told.isEmpty() ? "refused: " + unchanged() : told));
      return told.isEmpty() ? Millrace.FAILED : 0;
    } catch (ExecutionException e) {
      throw new PlainException("the pause could not be put into the journal; is its disk full?");
    }
  }
}
