package org.millrace.mapping;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a mappings folder as they were at one moment. Changing them changes nothing on disk.
 * Immutable and thread-safe.
 *
 * @param texts every file with a rule or a table in it, by its path under the folder, sorted; as
 *     they are, byte order mark and line ends included
 * @param faults of files that cannot be read as text
 */
public record RuleFiles(Map<String, String> texts, List<RuleFault> faults) {
  public RuleFiles {
    texts = java.util.Collections.unmodifiableMap(new TreeMap<>(texts));
    faults = List.copyOf(faults);
  }

  /**
   * Reads a folder.
   *
   * @throws UncheckedIOException if the folder cannot be read
   */
  public static RuleFiles read(Path folder) {
    Map<String, String> texts = new TreeMap<>();
    List<RuleFault> faults = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(path).toString().replace('\\', '/');
        if (name.endsWith(".yaml") || name.endsWith(".csv")) {
          read(path, name, texts, faults);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The mappings folder " + folder + " cannot be read", e);
    }
    return new RuleFiles(texts, faults);
  }

  /** Spreadsheets put a byte order mark first, or save in a charset of their own. */
  private static void read(
      Path path, String name, Map<String, String> texts, List<RuleFault> faults)
      throws IOException {
    try {
      texts.put(name, Files.readString(path, StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      faults.add(new RuleFault(name, 1, "This file is not UTF-8; save it as UTF-8."));
    }
  }

  /** The same with other texts in the place of some. */
  public RuleFiles with(Map<String, String> changed) {
    Map<String, String> all = new TreeMap<>(texts);
    all.putAll(changed);
    return new RuleFiles(all, faults);
  }

  /**
   * Checks and compiles them, as at start.
   *
   * @throws RuleFaultsException with every fault of every file
   */
  public Mappings compiled() throws RuleFaultsException {
    return Mappings.of(this);
  }

  /** A text as it is compiled. */
  static String withoutMark(String text) {
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  /** The number of files. */
  @Override
  public String toString() {
    return texts.size() + " mapping files";
  }
}
