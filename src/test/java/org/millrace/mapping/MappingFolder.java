package org.millrace.mapping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder of mapping files that a test writes. */
record MappingFolder(Path path) {
  /** The mappings of the repository, copied, so that a test can change them. */
  void copyOurs() throws IOException {
    Path from = Path.of("mappings");
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path to = path.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(to);
        } else {
          Files.copy(each, to);
        }
      }
    }
  }

  void write(String file, String... lines) throws IOException {
    Path to = path.resolve(file);
    Files.createDirectories(to.getParent());
    Files.writeString(to, String.join("\n", lines) + "\n");
  }

  /** A segment file; its first rule stands in line 5. */
  void segment(String file, String segment, String resource, String... rules) throws IOException {
    String head = "segment: %s\nresource: %s\nsource: a test\nrules:".formatted(segment, resource);
    write("segments/" + file, head, String.join("\n", rules));
  }
}
