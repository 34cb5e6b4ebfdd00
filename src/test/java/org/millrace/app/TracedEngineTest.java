package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets of a whole engine. */
class TracedEngineTest {
  /** What is told of ANNA MARIE ZZTESTMILLER in these messages and addresses. */
  private static final String[] OF_A_PATIENT = {
    "ZZTEST", "9900101", "19610314", "1961-03-14", "FILLER-T1", "Progress", "T0001"
  };

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

  private Map<String, String> toTheCollector() {
    return Map.of("MILLRACE_OTLP_URL", "http://127.0.0.1:" + collector.getAddress().getPort());
  }

  /** What spans said by the time that the engine was stopped. */
  private String told(Map<String, String> settings, Doing doing) throws Exception {
    try (SandboxBench bench = SandboxBench.start();
        Engine engine = bench.engine(folder.resolve("data"), settings)) {
      doing.with(engine);
    }
    return String.join("\n", bodies);
  }

  /** What is done with an engine. */
  private interface Doing {
    void with(Engine engine) throws Exception;
  }

  private static void deliver(Engine engine) throws Exception {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      socket.exchange(Typed.result("T1", "FILLER-T1"));
      await().until(() -> SandboxBench.standing(engine.managementPort(), "DELIVERED") == 1);
    }
  }

  @Test
  void aMessageIsTracedFromReceiptToTheCallsWithoutItsPatient() throws Exception {
    String spans = told(toTheCollector(), TracedEngineTest::deliver);

    assertThat(paths).isNotEmpty().containsOnly("/v1/traces");
    assertThat(spans)
        .contains("millrace", "receive", "deliver", "oru-r01", "ORU^R01", "DELIVERED")
        .contains("GET Patient?identifier", "POST DocumentReference");
    assertThat(spans).doesNotContain(OF_A_PATIENT);
  }

  @Test
  void aQueryIsTracedWithItsCallsAndWithoutItsPatient() throws Exception {
    String spans =
        told(
            toTheCollector(),
            engine -> {
              try (RawSocket socket = new RawSocket(engine.mllpPort())) {
                assertThat(socket.exchange(Typed.query("T2", "9900101"))).contains("ZZTEST");
              }
            });

    assertThat(spans)
        .contains("query", "qry-a19", "QRY^A19", "DELIVERED")
        .contains("GET Patient?identifier", "GET Encounter?patient");
    assertThat(spans).doesNotContain(OF_A_PATIENT);
  }

  @Test
  void requestsOverHttpAreTracedWithTheirCallsAndWithoutTheirPatients() throws Exception {
    String spans =
        told(
            toTheCollector(),
            engine -> {
              String root = "http://127.0.0.1:" + engine.httpPort();
              SandboxBench.get(root + "/fhir/r4/Patient?family=ZZTESTMILLER&given=ANNA");
              SandboxBench.get(root + "/fhir/r4/ZZTESTMILLER/9900101");
              SandboxBench.post(
                  root + "/actions/find-patient-by-mrn",
                  "application/json",
                  "{\"mrn\":\"9900101\"}");
              SandboxBench.post(root + "/hl7", "application/hl7-v2", Typed.query("T3", "9900101"));
            });

    assertThat(spans)
        .contains("GET /fhir/r4", "GET Patient?family", "POST /actions", "POST /hl7", "query");
    assertThat(spans).doesNotContain(OF_A_PATIENT);
  }

  @Test
  void withoutAnAddressNothingIsSent() throws Exception {
    assertThat(told(Map.of(), TracedEngineTest::deliver)).isEmpty();
  }

  @Test
  void aCollectorThatIsNotThereHoldsNothingUp() throws Exception {
    collector.stop(0);

    assertThat(told(toTheCollector(), TracedEngineTest::deliver)).isEmpty();
  }

  /** The socket takes connections and bytes, and never says anything. */
  @Test
  void aCollectorThatNeverAnswersHoldsUpNeitherDeliveryNorTheStop() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Map<String, String> there =
          Map.of("MILLRACE_OTLP_URL", "http://127.0.0.1:" + mute.getLocalPort());
      assertTimeout(Duration.ofSeconds(30), () -> told(there, TracedEngineTest::deliver));
    }
  }
}
