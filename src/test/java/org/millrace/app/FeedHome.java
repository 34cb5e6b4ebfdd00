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
   * Adds a feed beside those that are there.
   *
   * @param parameters each as a line of its route file
   */
  static void ofTenant(Path home, String name, String type, String method, String... parameters)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String each : parameters) {
      lines.append("        ").append(each).append('\n');
    }
    Files.writeString(
        home.resolve("routes/" + name + ".camel.yaml"),
        "- route:\n    id: "
            + name
            + "\n    from:\n      uri: feed:"
            + name
            + "\n      parameters:\n        messages: "
            + type
            + "\n"
            + lines
            + "      steps:\n        - bean:\n            ref: steps\n            method: "
            + method
            + "\n");
  }

  /**
   * Opens a face to callers of a tenant.
   *
   * @param face {@code actions} or {@code fhir}
   */
  static void face(Path home, String face, String tenant) throws IOException {
    String path = "/t/" + tenant + (face.equals("fhir") ? "/fhir/r4" : "/" + face);
    Files.writeString(
        home.resolve("routes/" + face + "-" + tenant + ".camel.yaml"),
        "- route:\n    id: "
            + face
            + "-"
            + tenant
            + "\n    from:\n      uri: platform-http:"
            + path
            + "\n      parameters:\n        matchOnUriPrefix: true\n      steps:\n        - process:\n"
            + "            ref: "
            + face
            + "Face-"
            + tenant
            + "\n");
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
