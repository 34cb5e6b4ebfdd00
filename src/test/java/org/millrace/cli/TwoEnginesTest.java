package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.RawSocket;
import org.millrace.app.SandboxBench;
import org.millrace.app.Typed;
import org.millrace.journal.PostgresAddress;
import org.millrace.journal.TestPostgres;

/** Two engines in processes of their own on one PostgreSQL: one is stopped, the other killed. */
final class TwoEnginesTest {
  private static final int PATIENTS = 8;

  /** A lease lasts 15 seconds, and it takes two or three more until it is seen to be over. */
  private static final Duration TAKEN_OVER = Duration.ofSeconds(40);

  @TempDir private Path data;
  private final PostgresAddress database = TestPostgres.shared().newDatabase();
  private final List<String> acknowledged = new ArrayList<>();
  private SandboxBench bench;

  @BeforeEach
  void start() throws IOException {
    bench = SandboxBench.start();
    for (int i = 0; i < PATIENTS; i++) {
      bench.seed(
          "[{'resourceType':'Patient','id':'777000%1$d','active':true,'birthDate':'1961-03-14',"
                  .formatted(i)
              + "'identifier':[{'system':'urn:oid:2.16.840.1.113883.6.1000','value':'990070%1$d'}],"
                  .formatted(i)
              + "'name':[{'use':'official','family':'ZZTESTMILLER','given':['ANNA']}]}]");
    }
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  @Timeout(value = 240, unit = TimeUnit.SECONDS)
  void whatOneHadUnderWayTheOtherFilesOnceAlsoIfItOnlySlept() throws Exception {
    try (ServingProcess one = engine();
        ServingProcess other = engine()) {
      awaitShares(one, other);
      sendToAll(one, "WARM");
      awaitDelivered(other);

      bench.faults("[{'method':'POST','path':'DocumentReference','latency':'2s','times':4}]");
      sendToAll(one, "ASLEEP");
      one.pause();
      sendToAll(other, "MEANWHILE");
      awaitDelivered(other);
      one.goOn();
      awaitShares(one, other);

      bench.faults("[{'method':'POST','path':'DocumentReference','latency':'2s','times':4}]");
      sendToAll(other, "KILLED");
      other.close();
      sendToAll(one, "AFTER");
      awaitDelivered(one);
    }
    assertThat(acknowledged).hasSize(5 * PATIENTS);
    for (String each : acknowledged) {
      assertThat(bench.documentsTitled(each)).as(each).hasSize(1);
    }
  }

  private ServingProcess engine() throws IOException {
    Map<String, String> settings = bench.settings(data);
    settings.put("MILLRACE_SETTLE_WITHIN", "1s");
    settings.put("MILLRACE_DATABASE_URL", database.shown());
    settings.put("MILLRACE_DATABASE_USER", database.user());
    return new ServingProcess(settings);
  }

  private void awaitShares(ServingProcess one, ServingProcess other) {
    await()
        .atMost(TAKEN_OVER)
        .untilAsserted(
            () -> {
              assertThat(one.slots()).isEqualTo(128);
              assertThat(other.slots()).isEqualTo(128);
            });
  }

  private void awaitDelivered(ServingProcess engine) {
    await()
        .atMost(TAKEN_OVER)
        .untilAsserted(() -> assertThat(engine.delivered()).isEqualTo(acknowledged.size()));
  }

  private void sendToAll(ServingProcess engine, String name) throws IOException {
    try (RawSocket socket = new RawSocket(engine.mllpPort())) {
      for (int i = 0; i < PATIENTS; i++) {
        String filler = name + "-" + (char) ('A' + i);
        String reply = socket.exchange(Typed.result("C-" + filler, filler, "990070" + i, "F"));
        assertThat(Typed.field(reply, "MSA", 1)).isEqualTo("AA");
        acknowledged.add(filler);
      }
    }
  }
}
