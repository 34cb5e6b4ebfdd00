package org.millrace.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.millrace.delivery.SegmentLines;
import org.millrace.journal.JournalDatabase;
import org.millrace.journal.MessageJourney;
import org.millrace.journal.OperatorVerb;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "edit",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:The engine refused it; the reason is printed.",
    description = {
      "Put an edited message in the place of one that cannot be filed as it is.",
      "With --out the message is written to a file, a segment a line, which holds patient data. With --file the edited one becomes a new message of the same sender and feed; the original stays on record, discarded. Nobody is acknowledged anything."
    })
final class MessagesEdit implements Callable<Integer> {
  @Parameters(
      paramLabel = "MESSAGE",
      converter = MessageNumber.class,
      description = "Its number, as the list shows it.")
  private long message;

  @ArgGroup(multiplicity = "1")
  private Way way = new Way();

  /** One of the two. */
  static final class Way {
    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "Write the message there, readable by you alone; the file must be new.")
    private Optional<Path> out = Optional.empty();

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "Take the edited message from here.")
    private Optional<Path> file = Optional.empty();
  }

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Kept with both messages; needed with --file.")
  private String why = "";

  @Mixin private WaitOption wait = new WaitOption();
  @Mixin private JournalOption journal = new JournalOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    return way.out.isPresent() ? write(way.out.get()) : edit(way.file.orElseThrow());
  }

  private int write(Path out) throws Exception {
    try (JournalDatabase open = journal.readOnly()) {
      MessageJourney journey =
          open.listing()
              .show(message)
              .orElseThrow(
                  () -> new PlainException("there is no message " + message + " in this journal"));
      if (journey.raw().length == 0) {
        throw new PlainException("the content of message " + message + " is not kept any more");
      }
      create(out, SegmentLines.toEdit(journey.raw()));
    }
    spec.commandLine()
        .getOut()
        .println(
            out + " holds message " + message + " with its patient's data; remove it when done");
    return 0;
  }

  private int edit(Path file) throws Exception {
    byte[] edited;
    try {
      edited = SegmentLines.edited(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new PlainException(file + " cannot be read");
    }
    if (edited.length == 0) {
      throw new PlainException(file + " is empty");
    }
    try (JournalDatabase open = journal.forRequests()) {
      return new EngineRequests(open, why, wait.within())
          .askOne(OperatorVerb.EDIT, message, request -> request.carrying(edited), spec);
    }
  }

  private static void create(Path out, byte[] bytes) throws IOException, PlainException {
    boolean posix = out.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mine =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            out, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mine)) {
      ByteBuffer all = ByteBuffer.wrap(bytes);
      while (all.hasRemaining()) {
        channel.write(all);
      }
    } catch (FileAlreadyExistsException e) {
      throw new PlainException(out + " is there already; name a new file");
    }
  }
}
