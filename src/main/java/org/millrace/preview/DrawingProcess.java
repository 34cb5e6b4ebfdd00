package org.millrace.preview;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.imageio.ImageIO;

/**
 * The other process: takes one document from its input, writes one picture to its output, and ends.
 * It has no settings, no journal and no log, and whatever the document does to it harms nothing
 * else.
 */
final class DrawingProcess {

  /** Should the engine be gone, nobody else ends it. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final int TOO_LONG = 4;

  private DrawingProcess() {}

  /**
   * Draws one page.
   *
   * @param args {@code pdf} or {@code image}
   */
  public static void main(String[] args) throws IOException {
    endInTime();
    goFirstWhereMemoryIsShort();
    // A library may print something; the picture has the way out to itself.
    System.setOut(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    // Else decoders would put what they read into files for a while.
    ImageIO.setUseCache(false);
    DataInputStream in = new DataInputStream(System.in);
    int page = in.readInt();
    byte[] document = in.readNBytes(in.readInt());
    Picture picture = draw(args[0], document, page);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)))) {
      out.writeInt(picture.pages());
      out.writeBoolean(picture.otherFonts());
      out.writeBoolean(picture.incomplete());
      out.writeUTF(picture.without());
      out.writeInt(picture.png().length);
      out.write(picture.png());
    }
    // Threads of a decoder may be left.
    Runtime.getRuntime().halt(0);
  }

  private static Picture draw(String form, byte[] document, int page) {
    try {
      DrawnPage drawn =
          form.equals("pdf") ? PdfPage.draw(document, page) : ImagePage.draw(document, page);
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(drawn.image(), "png", png);
      return new Picture(
          png.toByteArray(), drawn.pages(), "", drawn.otherFonts(), drawn.incomplete());
    } catch (NotDrawnException e) {
      return Picture.none(e.sentence(), e.pages());
    } catch (IOException | RuntimeException | StackOverflowError damaged) {
      // What a decoder says may quote the document.
      return Picture.none("It cannot be read: it is damaged, or uses what cannot be drawn here.");
    }
  }

  private static void endInTime() {
    Thread watch =
        new Thread(
            () -> {
              try {
                Thread.sleep(LONGEST.toMillis());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(TOO_LONG);
            },
            "end-in-time");
    watch.setDaemon(true);
    watch.start();
  }

  /** On Linux; elsewhere the engine and this are as likely to be ended. */
  private static void goFirstWhereMemoryIsShort() {
    Path score = Path.of("/proc/self/oom_score_adj");
    try {
      if (Files.isWritable(score)) {
        Files.writeString(score, "1000", StandardCharsets.US_ASCII);
      }
    } catch (IOException notAllowed) {
      // Then the kernel chooses.
    }
  }
}
