package org.millrace.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.millrace.crash.EngineProcess;

/**
 * How much of the processors an engine has taken since its start, in ticks of the operating system:
 * what a message costs can be told on a machine that others use, too. All zero where the operating
 * system does not tell.
 *
 * @param all of all threads
 * @param compiling of those that compile its code
 */
record EngineWork(long all, long compiling) {
  /** Linux counts in hundredths of a second, whatever the kernel's own tick is. */
  private static final double TICKS_A_MILLISECOND = 0.1;

  static EngineWork of(EngineProcess engine) throws IOException {
    Path process = Path.of("/proc", String.valueOf(engine.pid()));
    if (!Files.exists(process)) {
      return new EngineWork(0, 0);
    }
    long compiling = 0;
    try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
      for (Path task : tasks.toList()) {
        compiling += compiling(task);
      }
    }
    return new EngineWork(ticks(process.resolve("stat")), compiling);
  }

  private static long compiling(Path task) throws IOException {
    try {
      String name = Files.readString(task.resolve("comm"), StandardCharsets.UTF_8);
      return name.startsWith("C1 Compil") || name.startsWith("C2 Compil")
          ? ticks(task.resolve("stat"))
          : 0;
    } catch (NoSuchFileException ended) {
      return 0;
    }
  }

  private static long ticks(Path stat) throws IOException {
    String line = Files.readString(stat, StandardCharsets.UTF_8);
    // After the name, which may hold blanks: the state, and with it the 14th and 15th of all.
    List<String> fields = List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
    return Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
  }

  EngineWork since(EngineWork before) {
    return new EngineWork(all - before.all, compiling - before.compiling);
  }

  /** Milliseconds for each of so many messages. */
  String each(double messages) {
    return shown(all, messages);
  }

  /** The compilers' part of it. */
  String compilingEach(double messages) {
    return shown(compiling, messages);
  }

  private static String shown(long ticks, double messages) {
    return ticks == 0 || messages == 0
        ? "–"
        : String.format(Locale.ROOT, "%.2f", ticks / TICKS_A_MILLISECOND / messages);
  }
}
