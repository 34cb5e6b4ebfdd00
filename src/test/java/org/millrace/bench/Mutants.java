package org.millrace.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Messages made wrong: each is a sample with one to four changes, decided by a seed and its number,
 * so that one that was answered badly can be made again. Immutable and thread-safe.
 */
final class Mutants {
  private static final int LONGEST = 200_000;

  private static final List<String> TOKENS =
      List.of(
          "|",
          "^",
          "~",
          "\\",
          "&",
          "\r",
          "\n",
          "\r\r",
          "MSH|^~\\&|",
          "\rMSH|^~\\&|A|B\r",
          "\"\"",
          "\\.br\\",
          "\\X0D\\",
          "\\X",
          "\\E\\",
          "\\Z99\\",
          "\\C2842\\",
          "\0",
          "\u001b$B",
          "\u00e9",
          "\ud83d\ude00",
          "<?xml?>",
          "<!DOCTYPE a>",
          "{",
          "${jndi:ldap://x}",
          "' OR 1=1 --",
          "%s%n",
          "99999999999999999999",
          "-1e999",
          "00000000",
          "ED",
          "RP",
          "\rOBX|1|ED|a||^^^Base64^=A",
          "\rZZZ|1|2",
          "BHS|^~\\&|\r",
          "FTS|1\r");

  private static final Pattern SILENT = Pattern.compile("^(NE|ER|SU)");

  private final List<byte[]> samples;
  private final long seed;

  /**
   * @param samples the folder in which received messages are looked for
   */
  Mutants(Path samples, long seed) throws IOException {
    try (Stream<Path> all = Files.walk(samples)) {
      List<Path> files = all.filter(each -> each.endsWith("1-received.hl7")).sorted().toList();
      this.samples =
          files.stream().map(Mutants::read).filter(each -> each.length < LONGEST / 4).toList();
    }
    this.seed = seed;
  }

  private static byte[] read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
          .replace('\n', '\r')
          .getBytes(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The mutant of a number: content of one frame, without a byte that would begin or end one. */
  byte[] of(int number) {
    Random random = new Random(seed * 1_000_003L + number);
    byte[] bytes = pick(random).clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      bytes = changed(bytes, random);
    }
    byte[] mutant = bytes.length > LONGEST ? Arrays.copyOf(bytes, LONGEST) : bytes;
    for (int i = 0; i < mutant.length; i++) {
      if (mutant[i] == 0x0B || mutant[i] == 0x1C) {
        mutant[i] = ' ';
      }
    }
    return mutant;
  }

  /** Whether its header names a case in MSH-15 or MSH-16 in which it wants no answer. */
  static boolean asksForSilence(byte[] mutant) {
    String header = new String(mutant, StandardCharsets.ISO_8859_1).split("[\r\n]", 2)[0];
    if (!header.startsWith("MSH") || header.length() < 5) {
      return false;
    }
    String[] fields = header.split(Pattern.quote(header.substring(3, 4)), -1);
    return fields.length > 14
        && IntStream.of(14, 15)
            .filter(i -> i < fields.length)
            .mapToObj(i -> fields[i])
            .anyMatch(asked -> SILENT.matcher(asked).find());
  }

  private byte[] pick(Random random) {
    return samples.get(random.nextInt(samples.size()));
  }

  private byte[] changed(byte[] from, Random random) {
    int at = random.nextInt(from.length + 1);
    int end = Math.min(from.length, at + 1 + random.nextInt(60));
    return switch (random.nextInt(9)) {
      case 0 -> oneByte(from, random);
      case 1 -> joined(from, at, new byte[0], end);
      case 2 -> joined(from, at, Arrays.copyOfRange(from, at, end), at);
      case 3 -> joined(from, at, token(random), at);
      case 4 -> joined(from, at, token(random), end);
      case 5 -> Arrays.copyOf(from, at);
      case 6 -> joined(from, at, repeated(token(random), random), at);
      case 7 -> spliced(from, at, pick(random), random);
      default -> withoutLine(from, random);
    };
  }

  private static byte[] token(Random random) {
    return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] oneByte(byte[] from, Random random) {
    byte[] to = from.clone();
    if (to.length > 0) {
      to[random.nextInt(to.length)] = (byte) random.nextInt(256);
    }
    return to;
  }

  private static byte[] repeated(byte[] token, Random random) {
    byte[] many = new byte[token.length * (1 + random.nextInt(2_000))];
    for (int i = 0; i < many.length; i++) {
      many[i] = token[i % token.length];
    }
    return many;
  }

  private static byte[] spliced(byte[] from, int at, byte[] other, Random random) {
    int start = random.nextInt(other.length + 1);
    return joined(from, at, Arrays.copyOfRange(other, start, other.length), from.length);
  }

  /** A line taken out, whole. */
  private static byte[] withoutLine(byte[] from, Random random) {
    int start = from.length == 0 ? 0 : random.nextInt(from.length);
    while (start > 0 && from[start - 1] != '\r') {
      start--;
    }
    int end = start;
    while (end < from.length && from[end] != '\r') {
      end++;
    }
    return joined(from, start, new byte[0], Math.min(from.length, end + 1));
  }

  /** What stands before {@code at}, then the middle, then what stands from {@code rest} on. */
  private static byte[] joined(byte[] from, int at, byte[] middle, int rest) {
    byte[] to = Arrays.copyOf(from, at + middle.length + from.length - rest);
    System.arraycopy(middle, 0, to, at, middle.length);
    System.arraycopy(from, rest, to, at + middle.length, from.length - rest);
    return to;
  }
}
