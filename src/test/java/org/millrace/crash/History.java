package org.millrace.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What senders saw and what was done to the engine, in the order it happened: one line an event,
 * blanks between. The file outlives the engine and is what the judge goes by. Thread-safe.
 *
 * <pre>
 * sent  K000012 LAB2 9900503      a frame is about to be written (again, if it was before)
 * acked K000012 AA                its reply was read
 * kill  CREATE_STORED             the engine was killed; start: it is up again
 * </pre>
 */
final class History implements AutoCloseable {
  private final Writer out;
  private final long begun = System.nanoTime();

  History(Path file) throws IOException {
    out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
  }

  /** Puts an event on record before the call returns. */
  synchronized void add(String event, Object... words) {
    try {
      out.append(String.valueOf((System.nanoTime() - begun) / 1_000_000)).append(' ').append(event);
      for (Object word : words) {
        out.append(' ').append(String.valueOf(word));
      }
      out.append('\n').flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
