package org.millrace.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of routes and mappings that a test may change. */
final class FeedHome {
  private FeedHome() {}

  static Path copied(Path home) throws IOException {
    for (String folder : new String[] {"routes", "mappings"}) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        for (Path each : all.toList()) {
          Path copy = home.resolve(each.toString());
          Files.createDirectories(copy.getParent());
          if (!Files.isDirectory(each)) {
            Files.copy(each, copy);
          }
        }
      }
    }
    return home;
  }

  /**
   * @param parameters of the feed of ORU^R01, each as a line of its route file
   */
  static void feed(Path home, String... parameters) throws IOException {
    Path file = home.resolve("routes/oru-r01.camel.yaml");
    StringBuilder lines = new StringBuilder("messages: ORU^R01\n");
    for (String each : parameters) {
      lines.append("        ").append(each).append('\n');
    }
    Files.writeString(file, Files.readString(file).replace("messages: ORU^R01\n", lines));
  }
}
