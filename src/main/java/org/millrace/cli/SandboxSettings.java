package org.millrace.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millrace.app.SettingsSource;
import org.millrace.mapping.RuleFiles;
import org.millrace.routing.RouteFiles;
import org.millrace.sandbox.Sandbox;

/** The settings that point an engine at a running sandbox. */
final class SandboxSettings {
  private static final String TENANTS = "MILLRACE_TENANTS";

  private SandboxSettings() {}

  static Map<String, String> of(Sandbox sandbox) {
    Map<String, String> settings = account(sandbox, SettingsSource.prefix(""));
    settings.put("MILLRACE_HEALTHEINTENT_URL", sandbox.healtheIntent().url());
    settings.put("MILLRACE_HEALTHEINTENT_POPULATION", sandbox.healtheIntent().population());
    settings.put("MILLRACE_HEALTHEINTENT_DATA_PARTITION", sandbox.healtheIntent().dataPartition());
    settings.put("MILLRACE_HEALTHEINTENT_TOKEN", sandbox.healtheIntent().bearerToken());
    return settings;
  }

  /** The settings that name tenants, and point each at the same sandbox. */
  static Map<String, String> ofTenants(Sandbox sandbox, Set<String> names) {
    Map<String, String> settings = new TreeMap<>(Map.of(TENANTS, String.join(",", names)));
    names.forEach(name -> settings.putAll(account(sandbox, SettingsSource.prefix(name))));
    return settings;
  }

  /** The tenants that route and mapping files name. */
  static Set<String> tenantsOfFiles(Path home) throws IOException {
    Set<String> names = new TreeSet<>();
    RouteFiles.feeds(home.resolve("routes")).forEach(feed -> names.add(feed.tenant()));
    RuleFiles.read(home.resolve("mappings")).texts().keySet().stream()
        .filter(file -> file.startsWith("tenants/"))
        .forEach(file -> names.add(file.split("/", 3)[1]));
    names.remove("");
    return names;
  }

  /**
   * The same with every tenant that settings or files name, whatever else settings say of where
   * they are and who we are there: nothing of an engine that is tried goes to a hospital.
   */
  static Map<String, String> instead(Sandbox sandbox, SettingsSource settings, Path home)
      throws IOException {
    Set<String> names = new TreeSet<>(tenantsOfFiles(home));
    Optional.ofNullable(settings.values().get(TENANTS))
        .map(SettingsSource.Value::text)
        .map(text -> List.of(text.split(",", -1)))
        .orElse(List.of())
        .forEach(name -> names.add(name.strip()));
    names.remove("");
    Map<String, String> all = unsaid(SettingsSource.prefix(""));
    names.forEach(name -> all.putAll(unsaid(SettingsSource.prefix(name))));
    all.putAll(of(sandbox));
    all.putAll(ofTenants(sandbox, names));
    return all;
  }

  private static Map<String, String> unsaid(String prefix) {
    Map<String, String> unsaid = new TreeMap<>(Map.of(prefix + "AUTH", "smart"));
    List.of("TOKEN_URL", "CLIENT_SECRET_FILE", "CLIENT_KEYS_FILE", "CLIENT_KEY_ID")
        .forEach(each -> unsaid.put(prefix + each, ""));
    return unsaid;
  }

  private static Map<String, String> account(Sandbox sandbox, String prefix) {
    Map<String, String> settings = new TreeMap<>();
    settings.put(prefix + "TENANT_ID", sandbox.tenantId());
    settings.put(prefix + "FHIR_BASE_URL", sandbox.fhirBaseUrl());
    settings.put(prefix + "CLIENT_ID", sandbox.clientId());
    settings.put(prefix + "CLIENT_SECRET", sandbox.clientSecret());
    settings.put(prefix + "SCOPES", sandbox.scopesV2() ? "v2" : "v1");
    return settings;
  }
}
