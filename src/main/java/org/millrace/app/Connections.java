package org.millrace.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.CernerSettings;
import org.millrace.delivery.ChartActions;
import org.millrace.delivery.TenantCharts;

/**
 * The connections to Cerner, one for each tenant: each has its client and token, its limiter and
 * breakers. The tenant without a name has the empty one.
 */
final class Connections implements AutoCloseable {
  private final Map<String, CernerActions> byTenant = new LinkedHashMap<>();
  private final Settings settings;

  private Connections(Settings settings, CernerActions unnamed) {
    this.settings = settings;
    byTenant.put("", unnamed);
  }

  /** Nothing is connected to yet; the first call does that. */
  static Connections open(Settings settings, Clock clock, MeterRegistry metrics) {
    CernerActions unnamed =
        new CernerActions(settings.cerner(), settings.calls(), clock)
            .measuredBy(metrics, tags(settings, ""));
    Connections connections = new Connections(settings, unnamed);
    settings
        .tenants()
        .forEach(
            (name, tenant) ->
                connections.byTenant.put(
                    name,
                    new CernerActions(tenant.cerner(), tenant.calls(), clock)
                        .measuredBy(metrics, tags(settings, name))));
    return connections;
  }

  /** By what metrics tell a tenant from others; nothing where there is one only. */
  Tags tags(String tenant) {
    return tags(settings, tenant);
  }

  private static Tags tags(Settings settings, String tenant) {
    return settings.tenants().isEmpty()
        ? Tags.empty()
        : Tags.of("tenant", tenant.isEmpty() ? "unnamed" : tenant);
  }

  /** What is made for each tenant, by its name. */
  <T> Map<String, T> each(BiFunction<String, CernerActions, T> maker) {
    Map<String, T> made = new LinkedHashMap<>();
    byTenant.forEach((tenant, actions) -> made.put(tenant, maker.apply(tenant, actions)));
    return made;
  }

  /** Where a tenant is, and who we are there. */
  CernerSettings account(String tenant) {
    Tenant named = settings.tenants().get(tenant);
    return named == null ? settings.cerner() : named.cerner();
  }

  TenantCharts charts() {
    return new TenantCharts(
        each(
            (tenant, actions) ->
                new TenantCharts.Chart(ChartActions.of(actions), account(tenant).mrnSystem())));
  }

  @Override
  public void close() {
    byTenant.values().forEach(CernerActions::close);
  }
}
