package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.Ports;
import org.millrace.app.SandboxBench;
import org.millrace.guard.PlayedProvider;
import org.slf4j.LoggerFactory;

class DoctorTest {
  @TempDir private Path folder;
  private SandboxBench bench;
  private ch.qos.logback.classic.Level level;

  @BeforeEach
  void start() throws IOException {
    level = ((Logger) LoggerFactory.getLogger("org.millrace")).getLevel();
    bench = SandboxBench.start();
  }

  @AfterEach
  void stop() {
    bench.close();
    ((Logger) LoggerFactory.getLogger("org.millrace")).setLevel(level);
  }

  private record Examined(int exitCode, String out, String err, List<JsonNode> findings) {
    JsonNode of(String step) {
      return findings.stream()
          .filter(each -> each.path("step").asText().equals(step))
          .findFirst()
          .orElseThrow(() -> new AssertionError(step + ": " + out));
    }

    List<String> bad() {
      return findings.stream()
          .filter(each -> each.path("verdict").asText().equals("bad"))
          .map(each -> each.path("step").asText())
          .toList();
    }
  }

  private Examined examine(String... more) throws IOException {
    Map<String, String> values = new TreeMap<>(bench.settings(folder.resolve("data")));
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    Path file = folder.resolve("millrace.properties");
    List<String> lines = new ArrayList<>();
    values.forEach((name, value) -> lines.add(name + "=" + value));
    Files.write(file, lines, StandardCharsets.UTF_8);
    Examined ran = run("doctor", "--json", "--config", file.toString());
    assertThat(ran.out() + ran.err())
        .doesNotContain(values.getOrDefault("MILLRACE_CLIENT_SECRET", "none"))
        .doesNotContain("ZZTEST")
        .doesNotContain("eyJ");
    return ran;
  }

  private static Examined run(String... arguments) {
    Ran ran = Ran.run(arguments);
    List<JsonNode> findings =
        ran.out().startsWith("{") ? ran.out().lines().map(SandboxBench::json).toList() : List.of();
    return new Examined(ran.exitCode(), ran.out(), ran.err(), findings);
  }

  private Examined examineWith(String issuer) throws IOException {
    return examine(
        "MILLRACE_CONSOLE_OIDC_ISSUER",
        issuer,
        "MILLRACE_CONSOLE_OIDC_CLIENT_ID",
        PlayedProvider.CLIENT,
        "MILLRACE_CONSOLE_OIDC_CLIENT_SECRET",
        PlayedProvider.SECRET,
        "MILLRACE_CONSOLE_OIDC_ROLES",
        "admin=hl7-admins");
  }

  @Test
  void theProviderOfTheConsoleIsLookedAt() throws IOException {
    try (PlayedProvider provider = new PlayedProvider()) {
      Examined ran = examineWith(provider.issuer());
      assertThat(ran.bad()).isEmpty();
      assertThat(ran.of("log-in/discovery").path("sentence").asText())
          .contains(provider.issuer() + "/authorize");

      provider.said.put("issuer", "http://localhost/another");
      Examined other = examineWith(provider.issuer());
      assertThat(other.exitCode()).isNotZero();
      assertThat(other.bad()).containsExactly("log-in/discovery");
      assertThat(other.of("log-in/discovery").toString())
          .contains("is of another issuer", "MILLRACE_CONSOLE_OIDC_ISSUER");

      provider.close();
      Examined down = examineWith(provider.issuer());
      assertThat(down.bad()).containsExactly("log-in/connection");
      assertThat(down.of("log-in/discovery").path("verdict").asText()).isEqualTo("skipped");
    }
  }

  @Test
  void aWayThatIsFreeIsWalkedToItsEndAndNothingIsWritten() throws IOException {
    Examined ran = examine();

    assertThat(ran.exitCode()).as(ran.out()).isZero();
    assertThat(ran.bad()).isEmpty();
    assertThat(ran.findings())
        .extracting(each -> each.path("step").asText())
        .containsSubsequence(
            "settings",
            "name",
            "connection",
            "discovery",
            "token",
            "scopes",
            "metadata",
            "get-patient",
            "find-patient-by-mrn",
            "get-encounter",
            "get-appointment",
            "get-document",
            "writes");
    assertThat(bench.asked())
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.path("method").asText()).isEqualTo("GET"))
        .allSatisfy(each -> assertThat(each.path("status").asInt()).isIn(200, 404));
    Examined words = run("doctor", "--config", folder.resolve("millrace.properties").toString());
    assertThat(words.out()).contains("Nothing is bad.").containsPattern("good +token ");
  }

  /** A scope is no promise: some sites leave single types out of what a system may read. */
  @Test
  void aTypeThatTheSiteDoesNotLetUsReadIsTold() throws IOException {
    bench.faults("[{'path':'Observation/0','status':403}]");

    Examined ran = examine();

    assertThat(ran.exitCode()).isEqualTo(Millrace.FAILED);
    assertThat(ran.bad()).containsExactly("read Observation");
    assertThat(ran.of("read Observation").path("who").asText()).isEqualTo("site");
    assertThat(ran.of("read Coverage").path("verdict").asText()).isEqualTo("good");
  }

  @ParameterizedTest
  @CsvSource({
    "401, invalid_client, we, MILLRACE_CLIENT_SECRET",
    "400, invalid_scope, site, MILLRACE_SCOPES",
    "400, unauthorized_client, site, enabled the application",
    "503, temporarily_unavailable, cerner, answered 503"
  })
  void aTokenThatIsRefusedIsToldWithWhoActs(int status, String error, String who, String words)
      throws IOException {
    bench.faults("[{'path':'token','status':" + status + ",'body':{'error':'" + error + "'}}]");

    Examined ran = examine();

    assertThat(ran.exitCode()).isEqualTo(Millrace.FAILED);
    assertThat(ran.bad()).containsExactly("token");
    assertThat(ran.of("token").path("who").asText()).isEqualTo(who);
    assertThat(ran.of("token").path("sentence").asText()).contains(words);
    assertThat(ran.of("token").path("remedy").asText()).isNotEmpty();
    assertThat(ran.of("reads").path("verdict").asText()).isEqualTo("skipped");
    assertThat(ran.of("metadata").path("verdict").asText()).isEqualTo("good");
  }

  @Test
  void aScopeThatIsNotGrantedIsNamedWithWhatFailsAndItsReadsAreLeftOut() throws IOException {
    Examined ran = examine("MILLRACE_SCOPES", "system/Patient.read system/Encounter.read");

    assertThat(ran.exitCode()).isEqualTo(Millrace.FAILED);
    assertThat(ran.bad()).containsOnly("scopes");
    assertThat(ran.out()).contains("system/DocumentReference.write", "feed oru-r01");
    assertThat(ran.of("scopes").path("who").asText()).isEqualTo("site");
    assertThat(ran.of("get-document").path("verdict").asText()).isEqualTo("skipped");
    assertThat(ran.of("get-patient").path("verdict").asText()).isEqualTo("good");
  }

  @Test
  void aTypeThatTheTenantDoesNotAllowAndAServerThatIsDownAreToldApart() throws IOException {
    bench.faults(
        "[{'path':'Encounter/','status':403},{'path':'Appointment/','status':503},"
            + "{'path':'metadata','status':503}]");

    Examined ran = examine();

    assertThat(ran.bad()).contains("get-encounter", "get-appointment", "metadata");
    assertThat(ran.of("get-encounter").path("who").asText()).isEqualTo("site");
    assertThat(ran.of("get-appointment").path("who").asText()).isEqualTo("cerner");
    assertThat(ran.of("metadata").path("sentence").asText()).contains("answered 503");
  }

  @Test
  void aHostThatIsNotThereEndsTheWayAtTheRightStep() throws Exception {
    Examined name =
        examine(
            "MILLRACE_FHIR_BASE_URL", "https://fhir.hospital.invalid/r4",
            "MILLRACE_JOURNAL_KEY", "none");
    assertThat(name.bad()).containsExactly("name");
    assertThat(name.of("name").path("sentence").asText()).contains("fhir.hospital.invalid");
    assertThat(name.of("name").path("who").asText()).isEqualTo("site");

    try (Ports.Closed nobody = new Ports.Closed()) {
      Examined port =
          examine("MILLRACE_FHIR_BASE_URL", "http://127.0.0.1:" + nobody.number() + "/r4");
      assertThat(port.bad()).containsExactly("connection");

      Examined tokens =
          examine("MILLRACE_TOKEN_URL", "http://127.0.0.1:" + nobody.number() + "/token");
      assertThat(tokens.bad()).containsExactly("connection");
      assertThat(tokens.of("discovery").path("sentence").asText()).contains("MILLRACE_TOKEN_URL");
    }

    String plain = bench.settings(folder).get("MILLRACE_FHIR_BASE_URL");
    Examined tls =
        examine("MILLRACE_FHIR_BASE_URL", String.valueOf(plain).replace("http:", "https:"));
    assertThat(tls.bad()).containsExactly("tls");
    assertThat(tls.of("tls").path("sentence").asText()).contains("handshake failed");
  }

  @Test
  void aServerThatIsNoFhirServerIsToldSo() throws IOException {
    bench.faults(
        "[{'path':'metadata','body':{'resourceType':'Patient'}},"
            + "{'path':'.well-known/smart-configuration','status':404}]");
    Examined ran = examine();
    assertThat(ran.of("metadata").path("sentence").asText()).contains("no CapabilityStatement");
    assertThat(ran.of("discovery").path("sentence").asText()).contains("MILLRACE_TOKEN_URL");

    bench.faults(
        "[{'path':'metadata','body':{'resourceType':'CapabilityStatement','fhirVersion':'3.0.2'}}]");
    assertThat(examine().of("metadata").path("sentence").asText()).contains("3.0.2", "R4");
  }
}
