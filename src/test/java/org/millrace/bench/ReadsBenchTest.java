package org.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What {@code ./millrace bench reads} does, for a second each. */
class ReadsBenchTest {
  @Test
  void readsAndQueriesAreAnsweredStraightAndThroughTheEngine() throws Exception {
    int code =
        new CommandLine(new ReadsBench())
            .execute("--callers", "2", "--rounds", "1", "--seconds", "1", "--warm-up", "1");

    assertThat(code).isZero();
    assertThat(Files.readString(Path.of("target/benchmarks/reads.md"), StandardCharsets.UTF_8))
        .contains("GET Patient/{id}")
        .contains("QRY^A19")
        .contains("| 2 | through the engine |");
  }
}
