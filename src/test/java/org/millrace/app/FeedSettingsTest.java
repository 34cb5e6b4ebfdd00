package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millrace.app.Typed.field;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a route file says of its feed, as senders notice it on the wire. */
final class FeedSettingsTest {
  private static SandboxBench bench;

  @TempDir Path home;

  @BeforeAll
  static void startSandbox() throws IOException {
    bench = SandboxBench.start();
  }

  @AfterAll
  static void stopSandbox() {
    bench.close();
  }

  @BeforeEach
  void copyRoutesAndMappings() throws IOException {
    bench.reset();
    for (String folder : new String[] {"routes", "mappings"}) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        for (Path each : all.toList()) {
          Files.copy(each, home.resolve(each.toString()));
        }
      }
    }
  }

  /**
   * @param parameters of the feed of ORU^R01, each with its blanks and line end
   */
  private void feed(String... parameters) throws IOException {
    Path file = home.resolve("routes/oru-r01.camel.yaml");
    StringBuilder lines = new StringBuilder("messages: ORU^R01\n");
    for (String each : parameters) {
      lines.append("        ").append(each).append('\n');
    }
    Files.writeString(file, Files.readString(file).replace("messages: ORU^R01\n", lines));
  }

  private Engine engine() throws Exception {
    return bench.engineIn(home, home.resolve("data"));
  }

  @Test
  void aReusedControlIdIsRefusedWhereTheFeedSaysSo() throws Exception {
    feed("reused-control-id: refuse");
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(field(socket.exchange(Typed.result("U1", "F1")), "MSA", 1)).isEqualTo("AA");
      String refused = socket.exchange(Typed.result("U1", "F2"));
      assertThat(field(refused, "MSA", 1)).isEqualTo("AE");
      assertThat(field(refused, "ERR", 2)).isEqualTo("MSH^1^10");
      assertThat(field(refused, "ERR", 3)).startsWith("205^");
      // What was refused left no trace: the first message is still known as the same.
      assertThat(field(socket.exchange(Typed.result("U1", "F1")), "MSA", 1)).isEqualTo("AA");
    }
  }

  @Test
  void aWrongParameterStopsTheStartWithFileAndName() throws Exception {
    feed("reused-controlid: refuse", "zone: Denver");

    assertThatThrownBy(this::engine)
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "routes/oru-r01.camel.yaml: feed oru-r01: reused-controlid is no parameter of a feed;"
                + " is reused-control-id meant?")
        .hasMessageContaining("routes/oru-r01.camel.yaml: feed oru-r01: zone is no time zone");
  }

  @Test
  void aWrongValueBehindAPlaceholderStopsTheStart() throws Exception {
    feed("reused-control-id: \"{{millrace.zone}}\"");

    assertThatThrownBy(this::engine)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("feed oru-r01: reused-control-id must be one of deliver, refuse");
  }
}
