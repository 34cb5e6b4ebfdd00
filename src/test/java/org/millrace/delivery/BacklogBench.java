package org.millrace.delivery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.millrace.journal.BacklogJournal;

/**
 * How soon an engine with little memory delivers when a long backlog waits for it. Each message of
 * the backlog is one that nobody has looked into.
 */
public final class BacklogBench {
  private static final int MESSAGES = 1_000_000;
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private BacklogBench() {}

  /**
   * What came of it.
   *
   * @param ready from the start of the process to the first delivery
   * @param delivered how many were delivered until it was stopped
   * @param overtaken how many of them were not the next one of their patient
   */
  record Result(Duration ready, int delivered, int overtaken) {}

  /**
   * Runs it with so many messages, a million unless told.
   *
   * @return whether it was ready within a minute, and in order
   */
  public static boolean run(List<String> arguments, PrintStream out)
      throws IOException, InterruptedException {
    int messages = arguments.isEmpty() ? MESSAGES : Integer.parseInt(arguments.get(0));
    Path folder = Files.createTempDirectory("backlog");
    try {
      out.println("making a journal of " + messages + " messages that wait");
      Result result = run(folder, messages);
      out.printf(
          "first delivery %d ms after the start of a process with 512 MB of heap;"
              + " of %d deliveries %d out of order%n",
          result.ready().toMillis(), result.delivered(), result.overtaken());
      return result.ready().compareTo(READY_WITHIN) < 0 && result.overtaken() == 0;
    } finally {
      delete(folder);
    }
  }

  static Result run(Path folder, int messages) throws IOException, InterruptedException {
    try {
      BacklogJournal.add(folder, "LAB@NORTH", 0, messages, new TestClock());
    } catch (SQLException failure) {
      throw new IOException(failure);
    }
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    BacklogEngine.class.getName(),
                    folder.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      String ready = line(lines, "READY ");
      String[] delivered = line(lines, "DELIVERED ").split(" ", -1);
      return new Result(
          Duration.ofMillis(Long.parseLong(ready)),
          Integer.parseInt(delivered[0]),
          Integer.parseInt(delivered[1]));
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private static String line(BufferedReader lines, String begin) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(begin)) {
        return line.substring(begin.length());
      }
    }
    throw new IOException("the engine ended before it said " + begin);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
