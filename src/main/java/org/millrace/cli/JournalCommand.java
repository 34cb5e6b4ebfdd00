package org.millrace.cli;

import java.io.PrintWriter;
import java.util.List;
import org.millrace.journal.ContentKeyState;
import org.millrace.journal.ContentKeys;
import org.millrace.journal.JournalDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "journal",
    mixinStandardHelpOptions = true,
    description = "Back up the journal and put it back; the keys that it is encrypted with.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {JournalBackup.class, JournalRestore.class, JournalRestored.class})
final class JournalCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "new-key",
      mixinStandardHelpOptions = true,
      description = {
        "Print a new key, as MILLRACE_JOURNAL_KEY takes it.",
        "Nothing is kept of it: without the key the journal cannot be read."
      })
  int newKey(
      @Parameters(
              paramLabel = "ID",
              description = "What the key is called: letters, digits, dots and dashes, up to 32.")
          String id)
      throws PlainException {
    try {
      spec.commandLine().getOut().println(ContentKeys.written(ContentKeys.fresh(id)));
    } catch (IllegalArgumentException wrongId) {
      throw new PlainException("an id of a key holds letters, digits, dots and dashes, up to 32");
    }
    return 0;
  }

  @Command(
      name = "keys",
      mixinStandardHelpOptions = true,
      description = {
        "Which keys the journal needs.",
        "A key that is not needed any more may be taken out of MILLRACE_JOURNAL_KEY and destroyed."
      })
  int keys(@Mixin JournalOption journal) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (JournalDatabase open = journal.readOnly()) {
      List<ContentKeyState> states = open.keyStates();
      if (states.isEmpty()) {
        out.println("The journal is not encrypted.");
      }
      for (ContentKeyState key : states) {
        out.println(key.id() + "  " + (key.needed() ? "needed" : "not needed any more"));
      }
    }
    return 0;
  }
}
