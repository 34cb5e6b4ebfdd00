package org.millrace.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Two hospitals, each a tenant with a sandbox, feeds and JSON actions of its own; LABSYS sends from
 * both.
 */
public final class TenantBench implements AutoCloseable {
  private final Path home;
  private final Map<String, SandboxBench> sandboxes = new TreeMap<>();

  private TenantBench(Path home) {
    this.home = home;
  }

  public static TenantBench start(Path home) throws IOException {
    TenantBench bench = new TenantBench(FeedHome.copied(home));
    for (String tenant : List.of("north", "south")) {
      bench.sandboxes.put(tenant, SandboxBench.start());
      bench.feed("results-" + tenant, tenant, "ORU^R01", "storeAndAcknowledge");
      bench.feed("queries-" + tenant, tenant, "QRY^A19", "answerPatientQuery");
      FeedHome.face(home, "actions", tenant);
    }
    return bench;
  }

  private void feed(String name, String tenant, String type, String method) throws IOException {
    String sender = "senders: LABSYS@" + tenant.toUpperCase(Locale.ROOT);
    FeedHome.ofTenant(home, name, type, method, "tenant: " + tenant, sender);
  }

  /** Writes a file below the tenant's folder of mapping files. */
  public void file(String tenant, String file, String... lines) throws IOException {
    Path to = home.resolve("mappings/tenants/" + tenant + "/" + file);
    Files.createDirectories(to.getParent());
    Files.writeString(to, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
  }

  /** An engine for both, and for the tenant without a name, whose charts are those of south. */
  public Engine engine(Path data) throws Exception {
    Map<String, String> values = new TreeMap<>(sandbox("south").settings(data));
    values.put("MILLRACE_TENANTS", "north,south");
    sandboxes.forEach((tenant, bench) -> values.putAll(named(bench.settings(data), tenant)));
    return Engine.start(Settings.read(SettingsSource.of(values), home), Clock.systemUTC());
  }

  /** What connects a tenant with a name to its sandbox. */
  static Map<String, String> named(Map<String, String> settings, String tenant) {
    String prefix = "MILLRACE_TENANT_" + tenant.toUpperCase(Locale.ROOT) + "_";
    Map<String, String> named = new TreeMap<>();
    settings.forEach(
        (name, value) -> {
          if (name.matches("MILLRACE_(TENANT_ID|FHIR_BASE_URL|CLIENT_ID|CLIENT_SECRET)")) {
            named.put(name.replace("MILLRACE_", prefix), value);
          }
        });
    return named;
  }

  public SandboxBench sandbox(String tenant) {
    return Objects.requireNonNull(sandboxes.get(tenant));
  }

  /** The codings of the type of the only document of a tenant with this title; empty if none. */
  public String typeOf(String tenant, String title) {
    List<JsonNode> found = sandbox(tenant).documentsTitled(title);
    return found.size() == 1 ? found.get(0).at("/type/coding").toString() : "";
  }

  /** A message of LABSYS as it sends it from the hospital of a tenant. */
  public static String from(String tenant, String message) {
    return message.replace("|LABSYS|NORTH|", "|LABSYS|" + tenant.toUpperCase(Locale.ROOT) + "|");
  }

  @Override
  public void close() {
    sandboxes.values().forEach(SandboxBench::close);
  }
}
