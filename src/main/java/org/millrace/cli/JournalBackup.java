package org.millrace.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.journal.AuditEvent;
import org.millrace.journal.BackupStore;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.JournalException;
import org.millrace.journal.JournalPlace;
import org.millrace.journal.PostgresAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Copy the journal of a folder into a file, beside the running engine.",
      "The copy holds the journal as it is at one moment, encrypted as it is, and is looked through before this says that it is there. A journal in PostgreSQL is copied by pg_dump; this says how."
    })
final class JournalBackup implements Callable<Integer> {
  /** The first of several; an address of IPv6 in its brackets. */
  private static final Pattern SERVER = Pattern.compile("(?:\\[([^]]+)]|([^:,]+))(?::(\\d+))?");

  @Parameters(paramLabel = "FILE", description = "Must not be there yet.")
  private Path file = Path.of("");

  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    JournalPlace place = journal.place();
    if (place instanceof JournalPlace.Server server) {
      throw new PlainException(
          "nothing was copied: the journal is in PostgreSQL, which copies it itself, beside running"
              + " engines: "
              + dump(server.address()));
    }
    Path folder = ((JournalPlace.Folder) place).path();
    PrintWriter out = spec.commandLine().getOut();
    try (JournalDatabase open = journal.forRequests()) {
      // It is in the copy, and says there when that was made.
      onRecord(open);
      BackupStore.copy(folder, file.toAbsolutePath());
    } catch (JournalException failure) {
      throw new PlainException(String.valueOf(failure.getMessage()));
    }
    out.println(file + ": the journal as it is now, and whole");
    return 0;
  }

  /** The password is asked for, or stands in the user's {@code .pgpass}. */
  private String dump(PostgresAddress address) {
    Matcher server = SERVER.matcher(address.servers());
    if (!server.lookingAt()) {
      throw new IllegalStateException("no server in " + address);
    }
    String host = server.group(1) == null ? server.group(2) : server.group(1);
    String port = server.group(3) == null ? "5432" : server.group(3);
    return "pg_dump --format=custom --file="
        + quoted(file.toString())
        + " --host="
        + quoted(host)
        + " --port="
        + quoted(port)
        + (address.user().isEmpty() ? "" : " --username=" + quoted(address.user()))
        + " "
        + quoted(address.database());
  }

  /** As a shell takes it for one word. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static void onRecord(JournalDatabase open) throws PlainException, InterruptedException {
    try {
      open.audit()
          .recordNow(
              AuditEvent.ofUser(
                  Clock.systemUTC().instant(),
                  BackupStore.ENTRY,
                  EngineRequests.who(),
                  "journal",
                  Map.of()))
          .get();
    } catch (ExecutionException e) {
      throw new PlainException(
          "nothing was copied: that it is could not be put on record; is the disk full?");
    }
  }
}
