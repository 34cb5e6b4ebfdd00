package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets of a whole engine. */
class TracedEngineTest {
  @TempDir private Path folder;
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private HttpServer collector;

  @BeforeEach
  void collect() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    collector.createContext(
        "/",
        exchange -> {
          paths.add(exchange.getRequestURI().getPath());
          // Texts stand in protobuf as they are.
          byte[] body = exchange.getRequestBody().readAllBytes();
          bodies.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private String delivered(Map<String, String> settings) throws Exception {
    try (SandboxBench bench = SandboxBench.start()) {
      try (Engine engine = bench.engine(folder.resolve("data"), settings);
          RawSocket socket = new RawSocket(engine.mllpPort())) {
        socket.exchange(Typed.result("T1", "F-T1"));
        await().until(() -> SandboxBench.standing(engine.managementPort(), "DELIVERED") == 1);
      }
      assertThat(bench.documentsTitled("F-T1")).hasSize(1);
    }
    return String.join("\n", bodies);
  }

  @Test
  void aMessageIsTracedFromReceiptToTheCallsWithoutItsPatient() throws Exception {
    String address = "http://127.0.0.1:" + collector.getAddress().getPort();

    String spans = delivered(Map.of("MILLRACE_OTLP_URL", address));

    assertThat(paths).isNotEmpty().containsOnly("/v1/traces");
    assertThat(spans)
        .contains("millrace", "receive", "deliver", "oru-r01", "ORU^R01", "DELIVERED")
        .contains("GET Patient?identifier", "POST DocumentReference");
    assertThat(spans).doesNotContain("ZZTEST", "9900101", "F-T1", "Progress");
  }

  @Test
  void withoutAnAddressNothingIsSent() throws Exception {
    assertThat(delivered(Map.of())).isEmpty();
  }
}
