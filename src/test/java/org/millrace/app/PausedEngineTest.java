package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators and senders see of an engine whose Cerner refuses it. */
final class PausedEngineTest {
  private SandboxBench bench;
  private Trap trap;
  private Engine engine;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    bench = SandboxBench.start();
    trap = new Trap();
    engine = bench.engine(data, Map.of("MILLRACE_WEBHOOK_URL", trap.url("/hook")));
  }

  @AfterEach
  void stop() {
    engine.close();
    trap.close();
    bench.close();
  }

  private JsonNode health() {
    return SandboxBench.json(
        SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/health").body());
  }

  private static JsonNode notice(String taken) {
    return SandboxBench.json(taken.substring(taken.indexOf('{')));
  }

  @Test
  void refusedCredentialsAreToldOnceSendersGetTheirAcksAndAllIsFiledAfterwards() throws Exception {
    bench.faults("[{'path':'token','status':401,'body':{'error':'invalid_client'}}]");
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      for (int i = 0; i < 20; i++) {
        assertThat(socket.exchange(Typed.result("P" + i, "PAUSED"))).contains("MSA|AA|P" + i);
      }
    }
    await().until(() -> !trap.taken.isEmpty());
    JsonNode paused = notice(String.valueOf(trap.taken.peek()));
    assertThat(paused.path("delivery").asText()).isEqualTo("paused");
    assertThat(paused.path("what").asText()).isEqualTo("connection");
    assertThat(paused.path("reason").asText()).isEqualTo("credentials-refused");
    assertThat(paused.path("whoActs").asText()).isEqualTo("us");
    JsonNode cerner = health().path("cerner");
    assertThat(cerner.path("breaker").asText()).isIn("open", "half-open");
    assertThat(cerner.at("/pauses/0/fault").asText()).isEqualTo("credentials-refused");
    assertThat(health().path("status").asText()).isEqualTo("UP");
    String patient = "http://127.0.0.1:" + engine.httpPort() + "/fhir/r4/Patient/12990001";
    assertThat(SandboxBench.get(patient).statusCode()).isEqualTo(502);

    bench.faults("[]");
    await().until(() -> bench.documentsTitled("PAUSED").size() == 20);
    await().until(() -> trap.taken.size() == 2);
    List<String> notices = List.copyOf(trap.taken);
    assertThat(notice(notices.get(1)).path("delivery").asText()).isEqualTo("restored");
    assertThat(notices).noneMatch(each -> each.contains("ZZTEST") || each.contains("9900101"));
    assertThat(health().at("/cerner/breaker").asText()).isEqualTo("closed");
    assertThat(health().at("/cerner/pauses")).isEmpty();
    String metrics =
        SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/metrics").body();
    assertThat(metrics)
        .contains("millrace_cerner_breaker_open 0.0")
        .contains("millrace_cerner_calls_limit ")
        .contains("millrace_cerner_calls_total{status=\"2xx\"}");
  }
}
