package org.millrace.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.millrace.journal.DeliveryPause;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Begins or ends a pause of a feed or a lane; engines follow within a second. */
abstract class PauseRequest implements Callable<Integer> {
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Feed or lane. */
  abstract DeliveryPause.Kind kind();

  /**
   * What is meant, as the journal names it.
   *
   * @throws PlainException if there is no such thing
   */
  abstract String named(JournalDatabase open) throws PlainException;

  /** What is meant, as a person names it. */
  abstract String shown();

  /**
   * Does it.
   *
   * @return what is told of it; an empty text if nothing was changed
   */
  abstract String change(JournalDatabase open, String name)
      throws InterruptedException, ExecutionException;

  /** Why nothing was to be changed. */
  abstract String unchanged();

  @Override
  public Integer call() throws Exception {
    try (JournalDatabase open = journal.forRequests()) {
      String told = change(open, named(open));
      spec.commandLine()
          .getOut()
          .println(shown() + ": " + (told.isEmpty() ? "refused: " + unchanged() : told));
      return told.isEmpty() ? Millrace.FAILED : 0;
    } catch (ExecutionException e) {
      throw new PlainException("the pause could not be put into the journal; is its disk full?");
    }
  }

  /** The feed of this name. */
  static String feed(JournalDatabase open, String name) throws PlainException {
    List<String> known = open.backlog().feeds().stream().map(each -> each.feed().name()).toList();
    if (!known.contains(name)) {
      throw new PlainException(
          "no feed "
              + OnScreen.text(name)
              + " has taken a message; there are "
              + (known.isEmpty() ? "none" : String.join(", ", known)));
    }
    return name;
  }

  /** The lane whose name begins so. */
  static String lane(JournalDatabase open, String name) throws PlainException {
    if (!name.matches("[A-Za-z0-9_.]{4,64}")) {
      throw new PlainException("name a lane by four characters or more, as 'lanes' shows it");
    }
    List<String> lanes = open.backlog().lanesBeginning(name);
    if (lanes.size() != 1) {
      throw new PlainException(
          lanes.isEmpty()
              ? "no message is in a lane " + name
              : "several lanes begin with " + name + "; name one by more of it");
    }
    return lanes.get(0);
  }
}
