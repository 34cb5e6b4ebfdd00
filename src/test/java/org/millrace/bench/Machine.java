package org.millrace.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Where a benchmark ran: the first sentence of its page. */
final class Machine {
  private final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();

  /**
   * Day, processor, system and Java, and how busy the machine was when this object was made.
   *
   * @param command as it was typed
   * @param how what is to be known beside it: {@code serial collector, one thread}
   */
  String sentence(String command, String how) {
    return "`"
        + command
        + "` on "
        + DateTimeFormatter.ISO_LOCAL_DATE.format(
            Clock.systemUTC().instant().atZone(ZoneOffset.UTC))
        + ": "
        + processor()
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " cores, "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + "; "
        + System.getProperty("java.vm.name")
        + " "
        + System.getProperty("java.version")
        + ", "
        + how
        + "; load of the machine before the run "
        + String.format(Locale.ROOT, "%.1f", load)
        + ".\n";
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("processor not named");
    } catch (IOException e) {
      return "processor not named";
    }
  }
}
