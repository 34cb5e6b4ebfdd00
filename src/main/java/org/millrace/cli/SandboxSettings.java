package org.millrace.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.millrace.sandbox.Sandbox;

/** The settings that point an engine at a running sandbox. */
final class SandboxSettings {
  private static final String TENANTS = "MILLRACE_TENANTS";

  private SandboxSettings() {}

  static Map<String, String> of(Sandbox sandbox) {
    Map<String, String> settings = account(sandbox, "MILLRACE_");
    settings.put("MILLRACE_HEALTHEINTENT_URL", sandbox.healtheIntent().url());
    settings.put("MILLRACE_HEALTHEINTENT_POPULATION", sandbox.healtheIntent().population());
    settings.put("MILLRACE_HEALTHEINTENT_DATA_PARTITION", sandbox.healtheIntent().dataPartition());
    settings.put("MILLRACE_HEALTHEINTENT_TOKEN", sandbox.healtheIntent().bearerToken());
    return settings;
  }

  /** The settings that name tenants, and point each at the same sandbox. */
  static Map<String, String> ofTenants(Sandbox sandbox, Set<String> names) {
    Map<String, String> settings = new TreeMap<>(Map.of(TENANTS, String.join(",", names)));
    for (String name : names) {
      String written = name.toUpperCase(Locale.ROOT).replace('-', '_');
      settings.putAll(account(sandbox, "MILLRACE_TENANT_" + written + "_"));
    }
    return settings;
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
