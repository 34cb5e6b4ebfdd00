package org.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.app.Settings;
import org.millrace.app.SettingsSource;
import org.millrace.sandbox.Sandbox;

final class DemoCommandTest {
  /** A demo files what it has invented; the site's own settings stand in a file beside it. */
  @Test
  void nothingOfADemoGoesWhereTheSettingsOfTheSiteLead(@TempDir Path folder) throws Exception {
    Path file =
        Files.write(
            folder.resolve("millrace.properties"),
            List.of(
                "MILLRACE_TENANT_ID=real",
                "MILLRACE_FHIR_BASE_URL=https://fhir.hospital.example/r4/real",
                "MILLRACE_TOKEN_URL=https://auth.hospital.example/token",
                "MILLRACE_CLIENT_ID=real",
                "MILLRACE_CLIENT_KEYS_FILE=" + folder.resolve("keys.json"),
                "MILLRACE_WEBHOOK_URL=https://pager.hospital.example/",
                "MILLRACE_OTLP_URL=https://traces.hospital.example/",
                "MILLRACE_TRACE_ONE_IN=5",
                "MILLRACE_ALERT_MAIL_SERVER=mail.hospital.example:25",
                "MILLRACE_ALERT_MAIL_FROM=engine@hospital.example",
                "MILLRACE_ALERT_MAIL_TO=oncall@hospital.example",
                "MILLRACE_TENANTS=north, south-east",
                "MILLRACE_TENANT_NORTH_TENANT_ID=north",
                "MILLRACE_TENANT_NORTH_CLIENT_ID=north",
                "MILLRACE_TENANT_NORTH_CLIENT_SECRET_FILE=" + folder.resolve("secret"),
                "MILLRACE_TENANT_SOUTH_EAST_AUTH=smart",
                "MILLRACE_TENANT_SOUTH_EAST_FHIR_BASE_URL=https://fhir.south.example/r4",
                "MILLRACE_TENANT_SOUTH_EAST_TOKEN_URL=https://auth.south.example/token",
                "MILLRACE_TENANT_SOUTH_EAST_CLIENT_ID=south"));
    Path home = Path.of("").toAbsolutePath();
    try (Sandbox sandbox = SandboxCommand.start(0)) {
      SettingsSource ofSite = SettingsSource.of(Optional.of(file), Map.of());

      Map<String, String> values = DemoCommand.of(sandbox, ofSite, home);

      Settings read = Settings.read(SettingsSource.of(Optional.of(file), values), home);
      URI there = URI.create(sandbox.fhirBaseUrl());
      assertThat(read.cerner().fhirBaseUrl()).isEqualTo(there);
      assertThat(read.tenants().keySet()).containsExactlyInAnyOrder("north", "south-east");
      assertThat(read.tenants().values())
          .allSatisfy(
              tenant -> {
                assertThat(tenant.cerner().fhirBaseUrl()).isEqualTo(there);
                assertThat(tenant.cerner().tokenUrl()).isEmpty();
                assertThat(tenant.cerner().clientSecret()).isEqualTo(sandbox.clientSecret());
              });
      assertThat(read.cerner().tokenUrl()).isEmpty();
      assertThat(read.cerner().clientKey()).isEmpty();
      assertThat(read.webhook()).isEmpty();
      assertThat(read.traces().collector()).isEmpty();
      assertThat(read.alerts().mail()).isEmpty();
    }
  }
}
