package org.millrace.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RouteFilesTest {
  @TempDir Path folder;

  private void file(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
  }

  @Test
  void theEnginesOwnFilesAreInOrder() throws IOException {
    assertThat(RouteFiles.check(Path.of("routes"))).isEmpty();
    assertThat(RouteFiles.list(Path.of("routes"))).hasSizeGreaterThanOrEqualTo(8);
  }

  @Test
  void everythingThatIsWrongIsToldWithItsFile() throws IOException {
    file(
        "a.camel.yaml",
        "- route:\n    id: one\n    from:\n      uri: feed:x\n      parameters:\n        messages: ORU^R01\n      steps:\n        - bean:\n            ref: steps\n            method: nothing\n");
    file(
        "b.camel.yaml",
        "- route:\n    id: one\n    from:\n      uri: jms:queue\n      steps:\n        - process:\n            ref: noFace\n        - bean:\n            ref: nobody\n            method: x\n");
    file(
        "c.camel.yaml",
        "- route:\n    from:\n      uri: feed:y\n      parameters:\n        messages: ORU^R01\n      steps: []\n");
    file("d.camel.yaml", "- route: [\n");
    file("e.camel.yaml", "");

    assertThat(RouteFiles.check(folder))
        .anyMatch(line -> line.equals("routes/a.camel.yaml: step steps has no method nothing"))
        .anyMatch(line -> line.startsWith("routes/b.camel.yaml: route id one is in routes/a"))
        .anyMatch(line -> line.startsWith("routes/b.camel.yaml: jms: is no endpoint"))
        .anyMatch(line -> line.startsWith("routes/b.camel.yaml: there is no face noFace"))
        .anyMatch(line -> line.startsWith("routes/b.camel.yaml: there is no step nobody"))
        .anyMatch(line -> line.startsWith("routes/c.camel.yaml: a route without an id"))
        .anyMatch(line -> line.startsWith("routes/c.camel.yaml: ORU^R01 is taken in routes/a"))
        .anyMatch(line -> line.matches("routes/d\\.camel\\.yaml:\\d+: is no YAML.*"))
        .anyMatch(line -> line.startsWith("routes/e.camel.yaml:1: must be a list"))
        .hasSize(9);
  }

  @Test
  void everyParameterOfEveryFeedIsReadWhereverItIsWritten() throws IOException {
    file(
        "a.camel.yaml",
        "- route:\n    id: one\n    from:\n      uri: feed:x\n      parameters:\n        messages: ORU^R01\n        zome: Z\n        charset: none\n      steps: []\n");
    file(
        "b.camel.yaml",
        "- route:\n    id: two\n    from:\n      uri: feed:y?messages=ORU%5ER01&reused-control-id=no\n      steps: []\n"
            + "- route:\n    id: three\n    from:\n      uri: feed:x\n      steps: []\n");

    assertThat(RouteFiles.check(folder))
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "routes/a.camel.yaml: feed x: zome is no parameter of a feed; is zone"
                            + " meant?"),
            line -> assertThat(line).startsWith("routes/a.camel.yaml: feed x: charset is no"),
            line -> assertThat(line).startsWith("routes/b.camel.yaml: feed y: reused-control-id"),
            line -> assertThat(line).startsWith("routes/b.camel.yaml: ORU^R01 is taken in"),
            line -> assertThat(line).startsWith("routes/b.camel.yaml: feed x: messages is missing"),
            line -> assertThat(line).startsWith("routes/b.camel.yaml: there is a feed x in"));
  }

  @Test
  void aMissingFolderIsOneLine() throws IOException {
    assertThat(RouteFiles.check(folder.resolve("none")))
        .singleElement()
        .asString()
        .contains("none");
  }
}
