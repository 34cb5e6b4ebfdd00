package org.millrace.preview;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Draws pages of documents that nobody has vouched for, each in a process of its own that is given
 * little memory, little time, no environment and no file, and is ended if it takes more. One at a
 * time. Thread-safe.
 *
 * <p>A thread would not do: a decoder that never ends cannot be stopped in Java, and one that takes
 * all memory takes it from the messages that arrive meanwhile.
 */
public final class PagePictures {

  /** What a page of a report takes is a tenth of it. */
  private static final int MEMORY_MB = 256;

  private static final int LONGEST_DOCUMENT = 32 * 1024 * 1024;
  private static final int LONGEST_PICTURE = 16 * 1024 * 1024;

  /** What a library would put into a file fails instead. */
  private static final String NO_FOLDER = "/dev/null/none";

  /** How a process ends of itself that has no memory left, and how one that the kernel ends. */
  private static final Set<Integer> OUT_OF_MEMORY = Set.of(3, 137);

  private final Semaphore turn = new Semaphore(1, true);
  private final Duration within;
  private final List<String> command;

  /**
   * @param within how long a page may take, and how long it is waited for its turn
   */
  public PagePictures(Duration within) {
    this(within, MEMORY_MB);
  }

  PagePictures(Duration within, int memory) {
    this.within = within;
    this.command = command(memory);
  }

  /** What a document is. */
  public enum Form {
    PDF("pdf"),
    IMAGE("image");

    private final String word;

    Form(String word) {
      this.word = word;
    }
  }

  private static List<String> command(int memory) {
    Optional<String> java = ProcessHandle.current().info().command();
    if (java.isEmpty()) {
      return List.of();
    }
    return List.of(
        java.get(),
        "-Xmx" + memory + "m",
        "-XX:MaxMetaspaceSize=96m",
        "-XX:MaxDirectMemorySize=16m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        // Neither of them may leave a file behind that holds something of the document.
        "-XX:-CreateCoredumpOnCrash",
        "-XX:ErrorFile=/dev/null",
        "-XX:-UsePerfData",
        "-Djava.awt.headless=true",
        "-Djava.io.tmpdir=" + NO_FOLDER,
        "-Duser.home=" + NO_FOLDER,
        // No lines for nobody; logging takes longer to start than the page to draw.
        "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog",
        "-cp",
        ManagementFactory.getRuntimeMXBean().getClassPath(),
        DrawingProcess.class.getName());
  }

  /**
   * A page of a document as PNG, or why there is none.
   *
   * @param page from 1 on
   */
  public Picture page(Form form, byte[] document, int page) throws InterruptedException {
    if (document.length > LONGEST_DOCUMENT) {
      return Picture.none(
          "It is longer than "
              + LONGEST_DOCUMENT / (1024 * 1024)
              + " megabytes, too long for a preview.");
    }
    if (command.isEmpty()) {
      return Picture.none("No second process can be started on this machine to draw it.");
    }
    if (!turn.tryAcquire(within.toMillis(), TimeUnit.MILLISECONDS)) {
      return Picture.none("Other documents are being drawn; load the page again in a moment.");
    }
    try {
      return drawn(form, document, page);
    } catch (IOException e) {
      return Picture.none("The process that draws it could not be started.");
    } finally {
      turn.release();
    }
  }

  private Picture drawn(Form form, byte[] document, int page)
      throws IOException, InterruptedException {
    List<String> full = new ArrayList<>(command);
    full.add(form.word);
    ProcessBuilder builder = new ProcessBuilder(full);
    // Secrets of settings are in the environment.
    builder.environment().clear();
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    CompletableFuture<Boolean> late =
        new CompletableFuture<Boolean>()
            .completeOnTimeout(true, within.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> end =
        late.thenAccept(
            overtime -> {
              if (overtime) {
                process.destroyForcibly();
              }
            });
    try (InputStream out = process.getInputStream()) {
      give(process, document, page);
      Optional<Picture> picture = read(out);
      boolean inTime = late.complete(false);
      return picture.isPresent() ? picture.get() : Picture.none(why(process, inTime));
    } finally {
      end.cancel(false);
      process.destroyForcibly().waitFor();
    }
  }

  private String why(Process process, boolean inTime) throws InterruptedException {
    if (!inTime) {
      return "It takes longer to draw than " + within.toSeconds() + " seconds.";
    }
    boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    return ended && OUT_OF_MEMORY.contains(process.exitValue())
        ? "It takes more memory than a preview may have."
        : "The process that draws it ended without a picture.";
  }

  /** What cannot be given away is told by what comes back, which is nothing. */
  private static void give(Process process, byte[] document, int page) {
    try (DataOutputStream to = new DataOutputStream(process.getOutputStream())) {
      to.writeInt(page);
      to.writeInt(document.length);
      to.write(document);
    } catch (IOException ended) {
      // As above.
    }
  }

  /** Empty if the process has ended before it was through. */
  private static Optional<Picture> read(InputStream out) {
    try (DataInputStream from = new DataInputStream(out)) {
      int pages = from.readInt();
      boolean otherFonts = from.readBoolean();
      boolean incomplete = from.readBoolean();
      String without = from.readUTF();
      int length = from.readInt();
      if (length < 0 || length > LONGEST_PICTURE) {
        return Optional.of(Picture.none("Its picture is too large to be shown.", pages));
      }
      byte[] png = new byte[length];
      from.readFully(png);
      return Optional.of(new Picture(png, pages, without, otherFonts, incomplete));
    } catch (IOException ended) {
      return Optional.empty();
    }
  }
}
