package org.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.millrace.delivery.FilingTarget;

final class FilingTargetsTest {

  private static FilingTarget read(String tenant, Map<String, String> settings) throws Exception {
    return FilingTargets.read(SettingsSource.of(settings)).of(tenant).orElseThrow();
  }

  @Test
  void aTenantOfCernerIsProductionWithoutSecretsBeingRead() throws Exception {
    Map<String, String> settings =
        Map.of("MILLRACE_TENANT_ID", "t", "MILLRACE_CLIENT_SECRET_FILE", "/no/such/file");

    assertThat(read("", settings)).isEqualTo(new FilingTarget("", "fhir-ehr.cerner.com", true));
    assertThat(read("", settings).words()).isEqualTo("Cerner at fhir-ehr.cerner.com: production");
  }

  @Test
  void sandboxesAreNoneUnlessTheSettingsSaySo() throws Exception {
    Map<String, String> settings =
        new TreeMap<>(Map.of("MILLRACE_FHIR_BASE_URL", "http://127.0.0.1:8081/r4/t"));
    assertThat(read("", settings)).isEqualTo(new FilingTarget("", "127.0.0.1:8081", false));

    settings.put("MILLRACE_PRODUCTION", "true");
    assertThat(read("", settings).production()).isTrue();
    settings.put("MILLRACE_PRODUCTION", "perhaps");
    assertThatThrownBy(() -> read("", settings)).isInstanceOf(SettingsFaultsException.class);
  }

  @Test
  void whereNothingIsSaidItMayBeProduction() throws Exception {
    FilingTarget unknown = read("", Map.of());

    assertThat(unknown.production()).isTrue();
    assertThat(unknown.name()).isEqualTo("production");
    assertThat(unknown.words()).endsWith("it may be production");
    assertThat(read("", Map.of("MILLRACE_PRODUCTION", "false")).production()).isFalse();
  }

  @Test
  void eachTenantHasItsNameAndAllAreProductionIfOneIs() throws Exception {
    Map<String, String> settings =
        Map.of(
            "MILLRACE_FHIR_BASE_URL", "http://127.0.0.1:8081/r4/t",
            "MILLRACE_TENANTS", "north",
            "MILLRACE_TENANT_NORTH_TENANT_ID", "n");

    assertThat(read("north", settings))
        .isEqualTo(new FilingTarget("north", "fhir-ehr.cerner.com", true));
    assertThat(read("north", settings).name()).isEqualTo("north");
    assertThat(read("", settings).production()).isTrue();
    assertThat(FilingTargets.read(SettingsSource.of(settings)).of("south")).isEmpty();
  }

  /** By the same rule as the engine's own, which reads all settings. */
  @Test
  void theEngineHasTheSame() throws Exception {
    for (String address :
        new String[] {"https://fhir-open.cerner.com/r4/t", "https://ehr.example"}) {
      Map<String, String> settings =
          Map.of(
              "MILLRACE_FHIR_BASE_URL", address,
              "MILLRACE_AUTH", "none",
              "MILLRACE_JOURNAL_KEY", "none",
              "MILLRACE_TENANTS", "north",
              "MILLRACE_TENANT_NORTH_FHIR_BASE_URL", "https://fhir-open.cerner.com/r4/n",
              "MILLRACE_TENANT_NORTH_AUTH", "none");
      FilingTargets ofEngine =
          FilingTargets.of(Settings.read(SettingsSource.of(settings), Path.of("home")));
      for (String tenant : new String[] {"", "north"}) {
        assertThat(ofEngine.of(tenant)).contains(read(tenant, settings));
      }
    }
  }
}
