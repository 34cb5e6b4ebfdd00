package org.millrace.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Looks into the files of a journal as whoever has taken them would. */
public final class JournalFiles {
  private JournalFiles() {}

  /**
   * Which of these texts stand anywhere in the files of the folder, used pages or free ones, as
   * they are or in BASE64 at any offset.
   */
  public static List<String> found(Path folder, String... marks) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String mark : marks) {
          if (forms(mark).stream().anyMatch(content::contains)) {
            found.add(mark + " in " + file.getFileName());
          }
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("the files cannot be read", failure);
    }
    return found;
  }

  private static List<String> forms(String mark) {
    List<String> forms = new ArrayList<>(List.of(mark));
    for (int offset = 0; offset < 3; offset++) {
      String coded =
          Base64.getEncoder()
              .encodeToString(("\0".repeat(offset) + mark).getBytes(StandardCharsets.UTF_8));
      // Without what depends on the neighbours; too short a rest would be found by chance.
      String sure = coded.substring(offset == 0 ? 0 : 4, coded.length() - 4);
      if (sure.length() >= 8) {
        forms.add(sure);
      }
    }
    return forms;
  }
}
