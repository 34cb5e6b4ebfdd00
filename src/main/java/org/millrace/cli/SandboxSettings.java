package org.millrace.cli;

import java.util.Map;
import java.util.TreeMap;
import org.millrace.sandbox.Sandbox;

/** The settings that point an engine at a running sandbox. */
final class SandboxSettings {
  private SandboxSettings() {}

  static Map<String, String> of(Sandbox sandbox) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("MILLRACE_TENANT_ID", sandbox.tenantId());
    settings.put("MILLRACE_FHIR_BASE_URL", sandbox.fhirBaseUrl());
    settings.put("MILLRACE_CLIENT_ID", sandbox.clientId());
    settings.put("MILLRACE_CLIENT_SECRET", sandbox.clientSecret());
    settings.put("MILLRACE_SCOPES", sandbox.scopesV2() ? "v2" : "v1");
    return settings;
  }
}
