package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.millrace.hl7.V2FormatException;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/** Messages that were cut, or in which one field is an attack, never throw out of the mapping. */
class HostileMessagesTest {
  private static final MappingContext CONTEXT =
      Maps.context(Map.of("subject", "Patient/1", "document-type", "11506-3"));
  private static final Duration CEILING = Duration.ofSeconds(10);
  private static final int SMALL = 700;

  private static final List<String> ATTACKS =
      List.of(
          "^".repeat(2_000),
          "~".repeat(2_000),
          "&".repeat(2_000),
          "\\".repeat(2_000),
          "\\T\\".repeat(700) + "\\X",
          "\\X0D\\\\X0A\\MSH|^~\\&|X",
          "\"\"",
          "A~\"\"~B",
          "\u0000\u0001\u001b",
          "\ud83d",
          "9".repeat(400),
          "-1e999999999",
          "20261399999999",
          "00000000",
          "<script>alert(1)</script>",
          "${jndi:ldap://x}",
          "../../etc",
          "a^b&c~d^e&f".repeat(100));

  /** Every sample that is received, and one made-up message for each message file. */
  private static Map<String, byte[]> messages() throws IOException {
    Map<String, byte[]> messages = new TreeMap<>();
    try (Stream<Path> all = Files.walk(Path.of("samples"))) {
      for (Path file : all.filter(each -> each.endsWith("1-received.hl7")).toList()) {
        messages.put(file.toString(), Files.readAllBytes(file));
      }
    }
    Set<String> files = new HashSet<>();
    new TreeMap<>(Maps.MAPPER.mappings().rulesFor("").messages())
        .forEach(
            (key, map) -> {
              if (!files.add(map.where())) {
                return;
              }
              String type = key.replaceAll("/.*", "");
              byte[] made = new GeneratedMessages(7, 0.3).message(type, map).bytes();
              messages.put("made up " + key, made);
            });
    return messages;
  }

  private static void map(String about, byte[] bytes) {
    try {
      V2Message message = V2Message.read(bytes);
      if (Maps.MAPPER.mappings().messageTypes().contains(message.header().type())) {
        Maps.MAPPER.map(message, CONTEXT);
      }
    } catch (V2FormatException refused) {
      // Without a usable MSH there is nothing to map; the sender hears why.
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(about, e);
    }
  }

  @Test
  void aMessageCutAtAnyByteNeverThrows() throws IOException {
    int[] cuts = {0};
    messages()
        .forEach(
            (name, bytes) -> {
              int step = bytes.length <= SMALL ? 1 : Math.max(1, bytes.length / 150);
              for (int end = 0; end < bytes.length; end += step) {
                map(name + " cut at byte " + end, Arrays.copyOf(bytes, end));
                cuts[0]++;
              }
            });
    assertThat(cuts[0]).isGreaterThan(10_000);
  }

  @Test
  void anyFieldMayHoldAnythingWithoutThrowingOrTakingLong() throws IOException {
    for (Map.Entry<String, byte[]> each : messages().entrySet()) {
      if (!each.getKey().startsWith("made up")) {
        continue;
      }
      for (String attack : ATTACKS) {
        fields(
            each.getValue(),
            attack,
            bytes ->
                Assertions.assertTimeout(
                    CEILING, () -> map(each.getKey() + " with " + attack, bytes)));
      }
    }
  }

  /** Each field of a message in turn, replaced. */
  private static void fields(byte[] bytes, String attack, Consumer<byte[]> each) {
    V2Message message;
    try {
      message = V2Message.read(bytes);
    } catch (V2FormatException e) {
      throw new IllegalStateException(e);
    }
    List<V2Segment> segments = message.segments();
    for (int i = 1; i < segments.size(); i++) {
      String[] fields = segments.get(i).raw().split("\\|", -1);
      for (int field = 1; field < fields.length; field++) {
        String[] changed = fields.clone();
        changed[field] = attack;
        StringBuilder text = new StringBuilder();
        for (int j = 0; j < segments.size(); j++) {
          text.append(j == i ? String.join("|", changed) : segments.get(j).raw()).append('\r');
        }
        each.accept(text.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void manySegmentsAndManyRepetitionsTakeTimeInProportion() {
    assertThat(growth(10)).as("ten times the segments").isLessThan(40);
  }

  private static double growth(int factor) {
    byte[] small = results(400);
    byte[] large = results(400 * factor);
    long least = Long.MAX_VALUE;
    long most = Long.MAX_VALUE;
    for (int i = 0; i < 6; i++) {
      least = Math.min(least, time(small));
      most = Math.min(most, time(large));
    }
    return (double) most / Math.max(1, least);
  }

  private static long time(byte[] bytes) {
    long start = System.nanoTime();
    map("growth", bytes);
    return System.nanoTime() - start;
  }

  private static byte[] results(int count) {
    StringBuilder text =
        new StringBuilder("MSH|^~\\&|LAB|HOSP|M|H|20261120120000||ORU^R01|1|D|2.5.1\r");
    text.append(
        "PID|1||A1^^^MRN||ZZTEST^ADA\rOBR|1||F1|CBC^Blood^L|||202611200830|||||||||||||||||F\r");
    for (int i = 1; i <= count; i++) {
      text.append("OBX|")
          .append(i)
          .append("|NM|")
          .append(i)
          .append("^Test^L||7.2|g/L|4-11|H|||F\r");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
