package org.millrace.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.crash.EngineProcess;

/**
 * What an engine's process holds in memory.
 *
 * @param heap bytes in use right after a full collection
 * @param resident bytes that the operating system counts for the process; -1 where it does not tell
 */
record EngineMemory(long heap, long resident) {
  private static final Pattern HEAP =
      Pattern.compile("jvm_memory_used_bytes\\{area=\"heap\",[^}]*} (\\S+)");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /** Has the engine collect its garbage first. */
  static EngineMemory of(EngineProcess engine) throws IOException, InterruptedException {
    Process collected =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(engine.pid()),
                "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!collected.waitFor(60, TimeUnit.SECONDS) || collected.exitValue() != 0) {
      throw new IOException("jcmd could not have the engine's garbage collected");
    }
    Matcher used = HEAP.matcher(engine.get("/metrics"));
    double heap = 0;
    while (used.find()) {
      heap += Double.parseDouble(used.group(1));
    }
    return new EngineMemory((long) heap, resident(engine.pid()));
  }

  private static long resident(long pid) throws IOException {
    Path status = Path.of("/proc", String.valueOf(pid), "status");
    if (!Files.exists(status)) {
      return -1;
    }
    Matcher resident = RESIDENT.matcher(Files.readString(status, StandardCharsets.UTF_8));
    return resident.find() ? Long.parseLong(resident.group(1)) * 1024 : -1;
  }

  static String megabytes(long bytes) {
    return bytes < 0 ? "–" : String.format(Locale.ROOT, "%.1f", bytes / 1048576.0);
  }
}
