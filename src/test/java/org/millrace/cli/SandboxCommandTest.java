package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.SandboxBench;

/** {@code millrace sandbox} in a process of its own, asked with the settings that it prints. */
class SandboxCommandTest {
  private static final String PATIENT =
      """
      {"resourceType":"Patient",
       "identifier":[{"assigner":{"reference":"Organization/675844"}}],
       "name":[{"use":"official","family":"ZZTESTNEW","given":["IDA"]}],
       "multipleBirthBoolean":true,
       "contact":[{"name":{"family":"ZZTESTKIN"}}]}
      """;

  private @Nullable Process process;
  private BufferedReader out;

  private Map<String, String> start(String... options) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Millrace.class.getName(),
            "sandbox",
            "--port",
            "0");
    builder.command().addAll(List.of(options));
    process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out = process.inputReader(StandardCharsets.UTF_8);
    Map<String, String> settings = new TreeMap<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      int equals = line.indexOf('=');
      if (line.startsWith("# Control:")) {
        return settings;
      }
      if (!line.startsWith("#")) {
        settings.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    throw new AssertionError("the sandbox ended by itself");
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A request to what is below the FHIR address, with a token. */
  private static HttpRequest.Builder asked(
      Map<String, String> settings, String path, String scope) {
    String fhir = settings.get("MILLRACE_FHIR_BASE_URL");
    String account =
        settings.get("MILLRACE_CLIENT_ID") + ":" + settings.get("MILLRACE_CLIENT_SECRET");
    String tokenUrl =
        SandboxBench.json(SandboxBench.get(fhir + "/.well-known/smart-configuration").body())
            .path("token_endpoint")
            .asText();
    String proof = Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> token =
        SandboxBench.http(
            HttpRequest.newBuilder(URI.create(tokenUrl))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Authorization", "Basic " + proof)
                .POST(
                    BodyPublishers.ofString(
                        "grant_type=client_credentials&scope=" + scope.replace("/", "%2F"))));
    return HttpRequest.newBuilder(URI.create(fhir + "/" + path))
        .header("Content-Type", "application/fhir+json")
        .header("Accept", "application/fhir+json")
        .header(
            "Authorization",
            "Bearer " + SandboxBench.json(token.body()).path("access_token").asText());
  }

  private static HttpResponse<String> create(Map<String, String> settings) {
    return SandboxBench.http(
        asked(settings, "Patient", "system/Patient.write").POST(BodyPublishers.ofString(PATIENT)));
  }

  @Test
  @Timeout(60)
  void itHoldsWhatTheSeedHolds(@TempDir Path folder) throws IOException {
    Path seed =
        Files.writeString(
            folder.resolve("seed.json"),
            "[{\"resourceType\":\"Patient\",\"id\":\"777\",\"birthDate\":\"1980-01-02\"}]");

    Map<String, String> settings = start("--seed", seed.toString());

    assertThat(SandboxBench.http(asked(settings, "Patient/777", "system/Patient.read")).body())
        .contains("1980-01-02");
  }

  @Test
  @Timeout(60)
  void strictlyItSaysWhichElementsOfAWriteAreNotKept() throws IOException {
    Map<String, String> settings = start("--strict");

    assertThat(create(settings).statusCode()).isEqualTo(201);

    assertThat(out.readLine()).isEqualTo("ignored Patient.contact");
    assertThat(out.readLine()).isEqualTo("ignored Patient.multipleBirthBoolean");
  }

  @Test
  @Timeout(60)
  void elseItSaysNothingOfIt() throws IOException {
    Map<String, String> settings = start();

    assertThat(create(settings).statusCode()).isEqualTo(201);

    process.toHandle().destroy();
    assertThat(out.lines()).isEmpty();
  }
}
