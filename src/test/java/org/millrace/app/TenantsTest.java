package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hospitals with a tenant each, behind one engine. */
final class TenantsTest {
  @TempDir private Path home;
  @TempDir private Path data;
  private SandboxBench first;
  private SandboxBench second;

  @BeforeEach
  void start() throws Exception {
    first = SandboxBench.start();
    second = SandboxBench.start();
    FeedHome.copied(home);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  /** A feed of the tenant north. */
  private void feed(String name, String type, String method, String... senders) throws IOException {
    String[] parameters =
        Stream.concat(Stream.of("tenant: north"), Stream.of(senders)).toArray(String[]::new);
    FeedHome.ofTenant(home, name, type, method, parameters);
  }

  private void feedsOfNorth() throws IOException {
    String senders = "senders: LABSYS@NORTH";
    feed("results-north", "ORU^R01", "storeAndAcknowledge", senders);
    feed("queries-north", "QRY^A19", "answerPatientQuery", senders);
  }

  private Engine engine() throws Exception {
    Map<String, String> values = new TreeMap<>(first.settings(data));
    values.put("MILLRACE_TENANTS", "north");
    values.putAll(TenantBench.named(second.settings(data), "north"));
    return Engine.start(
        Settings.read(SettingsSource.of(values), home), java.time.Clock.systemUTC());
  }

  private static String fromSouth(String message) {
    return message.replace("|LABSYS|NORTH|", "|LABSYS|SOUTH|");
  }

  private static void filed(SandboxBench bench, String title) {
    await().untilAsserted(() -> assertThat(bench.documentsTitled(title)).hasSize(1));
  }

  private static JsonNode health(Engine engine) {
    return SandboxBench.json(
        SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/health").body());
  }

  @Test
  void eachSendersMessagesGoToItsHospitalAndNoOther() throws Exception {
    feedsOfNorth();
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(socket.exchange(Typed.result("N1", "OFNORTH"))).contains("MSA|AA|N1");
      assertThat(socket.exchange(fromSouth(Typed.result("S1", "OFSOUTH")))).contains("MSA|AA|S1");
      filed(second, "OFNORTH");
      filed(first, "OFSOUTH");
      assertThat(first.documentsTitled("OFNORTH")).isEmpty();
      assertThat(second.documentsTitled("OFSOUTH")).isEmpty();

      int before = first.asked().size();
      assertThat(socket.exchange(Typed.query("Q1", "9900101"))).contains("QAK", "ZZTESTMILLER");
      assertThat(first.asked()).hasSize(before);
      assertThat(socket.exchange(fromSouth(Typed.query("Q2", "9900101")))).contains("QAK");
      assertThat(first.asked()).hasSizeGreaterThan(before);
    }
  }

  @Test
  void aHospitalWhoseCernerRefusesUsHoldsUpItsOwnMessagesOnly() throws Exception {
    feedsOfNorth();
    second.faults("[{'path':'token','status':401,'body':{'error':'invalid_client'}}]");
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      for (int i = 0; i < 5; i++) {
        assertThat(socket.exchange(Typed.result("N" + i, "WAITING" + i))).contains("MSA|AA");
      }
      for (int i = 0; i < 5; i++) {
        socket.exchange(fromSouth(Typed.result("S" + i, "GOING" + i)));
      }
      for (int i = 0; i < 5; i++) {
        filed(first, "GOING" + i);
      }
      assertThat(second.documentsTitled("WAITING")).isEmpty();
      JsonNode health = health(engine);
      assertThat(health.at("/cerner/breaker").asText()).isEqualTo("closed");
      assertThat(health.at("/tenants/north/breaker").asText()).isIn("open", "half-open");
      assertThat(health.at("/tenants/north/lastFault").asText()).isEqualTo("credentials-refused");
      assertThat(health.at("/tenants/north/pauses/0/sentence").asText())
          .contains(
              "Check MILLRACE_TENANT_NORTH_CLIENT_ID and MILLRACE_TENANT_NORTH_CLIENT_SECRET.");
      String metrics =
          SandboxBench.get("http://127.0.0.1:" + engine.managementPort() + "/metrics").body();
      assertThat(metrics)
          .contains("millrace_cerner_breaker_open{tenant=\"north\"} 1.0")
          .contains("millrace_cerner_breaker_open{tenant=\"unnamed\"} 0.0");

      second.faults("[]");
      for (int i = 0; i < 5; i++) {
        filed(second, "WAITING" + i);
      }
    }
  }

  @Test
  void aSenderWhomNoFeedOfTheTypeNamesIsTurnedAwayAtMsh3() throws Exception {
    feedsOfNorth();
    Files.delete(home.resolve("routes/oru-r01.camel.yaml"));
    try (Engine engine = engine();
        RawSocket socket = new RawSocket(engine.mllpPort())) {
      assertThat(socket.exchange(fromSouth(Typed.result("S1", "NOBODYS"))))
          .contains("MSA|AR|S1", "MSH^1^3", "other senders");
      assertThat(socket.exchange(Typed.result("N1", "OFNORTH"))).contains("MSA|AA|N1");
    }
  }

  @Test
  void aTenantThatNobodyKnowsOrASenderOfTwoTenantsStopsTheStart() throws Exception {
    feed("results-south", "ORU^R01", "storeAndAcknowledge", "senders: LABSYS@SOUTH");
    feed("notes", "MDM^T02", "storeAndAcknowledge");
    Assertions.assertThatThrownBy(this::engine)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("messages of the sender any other go to several tenants")
        .hasMessageContaining("notes, oru-r01");
    Files.delete(home.resolve("routes/notes.camel.yaml"));
    Assertions.assertThatThrownBy(() -> first.engineIn(home, data))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "feed results-south is of the tenant north, which MILLRACE_TENANTS does not name");
  }
}
