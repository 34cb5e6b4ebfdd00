package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.millrace.app.Typed.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MDM^T02, which a site switches on by a route file of its own and nothing else. */
final class DocumentFeedTest {
  private static final String ROUTE =
      """
      - route:
          id: mdm-t02
          from:
            uri: feed:mdm-t02
            parameters:
              messages: MDM^T02
            steps:
              - bean:
                  ref: steps
                  method: storeAndAcknowledge
      """;

  private static String document(String controlId, String status) {
    return Typed.result(controlId, "x")
            .replace("ORU^R01^ORU_R01", "MDM^T02^MDM_T02")
            .replaceFirst("OBR.*\\r", "")
            .replaceFirst("PID", "EVN||20261120090000-0600\rPID")
            .replaceFirst(
                "OBX\\|",
                "PV1|1|N\rTXA|1|DS|TX|20261119143000-0600||20261119151500-0600||||||D77^LABSYS|||||"
                    + status
                    + "||AV\rOBX|")
        + "OBX|2|ED|11506-3^Progress note^LN||^application^pdf^Base64^JVBERi0xLjQKJSVFT0YK||||||F\r";
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  @Test
  void aRouteFileAloneMakesDocumentsOfMdmArriveInTheChart(@TempDir Path home) throws Exception {
    copy(Path.of("routes"), home.resolve("routes"));
    copy(Path.of("mappings"), home.resolve("mappings"));
    try (SandboxBench bench = SandboxBench.start();
        Engine refusing = bench.engine(home.resolve("without"), Map.of());
        RawSocket socket = new RawSocket(refusing.mllpPort())) {
      assertThat(field(socket.exchange(document("M0", "LA")), "MSA", 1)).isEqualTo("AR");
    }
    Files.writeString(home.resolve("routes/mdm-t02.camel.yaml"), ROUTE);
    try (SandboxBench bench = SandboxBench.start();
        Engine engine =
            Engine.start(
                Settings.read(SettingsSource.of(bench.settings(home.resolve("data"))), home),
                Clock.systemUTC());
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(field(socket.exchange(document("M1", "DI")), "MSA", 1)).isEqualTo("AA");
      assertThat(field(socket.exchange(document("M2", "LA")), "MSA", 1)).isEqualTo("AA");
      await().untilAsserted(() -> assertThat(bench.documentsTitled("D77")).hasSize(2));
      List<JsonNode> filed = bench.documentsTitled("D77");
      assertThat(filed)
          .allSatisfy(each -> assertThat(each.path("type").toString()).contains("18842-5"));
      assertThat(filed.toString()).contains("application/pdf").contains("text/plain");
    }
  }
}
