package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;

/**
 * Messages that nobody here wrote. {@code MILLRACE_CORPUS} names a folder of them, one message a
 * file ending in {@code .hl7}; without it this is skipped. Figures go to {@code
 * target/corpus-report.txt}: counts and paths, no values.
 */
class CorpusTest {
  private static final Map<String, String> GIVEN =
      Map.of("subject", "Patient/1", "document-type", "11506-3", "status-missing", "final");

  private final Map<String, Integer> byType = new TreeMap<>();
  private final Map<String, Integer> unread = new TreeMap<>();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final List<String> unaccounted = new ArrayList<>();
  private int files;
  private int refused;
  private int mapped;

  @Test
  void everyMessageIsReadAndEveryValuedFieldOfItIsAccountedFor() throws IOException {
    String folder = System.getenv("MILLRACE_CORPUS");
    assumeTrue(folder != null, "MILLRACE_CORPUS names no folder of messages");
    try (Stream<Path> all = Files.walk(Path.of(folder))) {
      for (Path file : all.filter(each -> each.toString().endsWith(".hl7")).sorted().toList()) {
        read(file);
      }
    }
    report();
    assertThat(files).as("messages in " + folder).isPositive();
    assertThat(refused).as("of " + files + " not read").isLessThanOrEqualTo(files / 100);
    assertThat(unaccounted).isEmpty();
  }

  private void read(Path file) throws IOException {
    files++;
    V2Message message;
    try {
      message = V2Message.read(Files.readAllBytes(file));
    } catch (V2FormatException unreadable) {
      refused++;
      return;
    }
    String type = message.header().type();
    if (!Maps.MAPPER.mappings().messageTypes().contains(type)) {
      byType.merge(type + " (no message file)", 1, Integer::sum);
      return;
    }
    byType.merge(type, 1, Integer::sum);
    mapped++;
    MappingRun run = Maps.MAPPER.map(message, Maps.context(GIVEN));
    for (String path : Accounting.unaccounted(message, run)) {
      unaccounted.add(file.getFileName() + " " + path);
    }
    for (CoverageNote note : run.coverage()) {
      kinds.merge(type + " " + note.kind(), 1, Integer::sum);
      if (note.kind() == CoverageNote.Kind.UNREAD) {
        unread.merge(type + " " + note.path().replaceAll("\\[\\d+]", ""), 1, Integer::sum);
      }
    }
  }

  private void report() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(files + " messages, " + refused + " not read, " + mapped + " mapped");
    byType.forEach((type, count) -> lines.add("  " + type + ": " + count));
    lines.add("Coverage by kind");
    kinds.forEach((kind, count) -> lines.add("  " + kind + ": " + count));
    lines.add("Unread, by how often");
    unread.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(120)
        .forEach(entry -> lines.add("  " + entry.getValue() + "  " + entry.getKey()));
    Files.write(Path.of("target", "corpus-report.txt"), lines);
  }
}
