package org.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./millrace bench large} does, with a few messages. */
class LargeBenchTest {
  @TempDir Path folder;

  @Test
  void documentsOf20MegabytesAreTakenWithLittleMemoryAndLeaveNoTextInTheLog() throws Exception {
    LargeBench.Result result = LargeBench.run(folder, LargeBench.Way.JOURNAL, 20, 4);

    assertThat(result.bytes()).isGreaterThan(20 * 1024 * 1024);
    // The aim is 50; the machine that runs the tests may have a slow disk.
    assertThat(result.perSecond()).isGreaterThan(4);
    String log = Files.readString(folder.resolve("engine.log"), StandardCharsets.UTF_8);
    assertThat(log).doesNotContain("ZZTEST").doesNotContain("OutOfMemory");
    assertThat(log.length()).isLessThan(100_000);
  }
}
