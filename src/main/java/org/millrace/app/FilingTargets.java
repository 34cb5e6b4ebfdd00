package org.millrace.app;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millrace.delivery.FilingTarget;

/** Where the settings have documents filed, by tenant. Immutable. */
public final class FilingTargets {
  private final Map<String, FilingTarget> byTenant;

  private FilingTargets(Map<String, FilingTarget> byTenant) {
    this.byTenant = Map.copyOf(byTenant);
  }

  static FilingTargets of(Settings settings) {
    boolean production = settings.hl7().production();
    Map<String, FilingTarget> all = new TreeMap<>();
    all.put("", target("", Optional.of(settings.cerner().fhirBaseUrl()), production));
    settings
        .tenants()
        .forEach(
            (name, tenant) ->
                all.put(
                    name, target(name, Optional.of(tenant.cerner().fhirBaseUrl()), production)));
    return new FilingTargets(all);
  }

  /**
   * The same for whoever needs no other setting: a command that is typed beside the engine, by
   * somebody who may not read its secrets.
   *
   * @throws SettingsFaultsException with every fault of these settings
   */
  public static FilingTargets read(SettingsSource source) throws SettingsFaultsException {
    SettingsReader reader = new SettingsReader(source);
    Map<String, Optional<URI>> addresses = new TreeMap<>();
    addresses.put("", CernerAccount.address(reader));
    Tenant.names(reader)
        .forEach(name -> addresses.put(name, CernerAccount.address(reader.ofTenant(name))));
    boolean realPatients =
        addresses.values().stream()
            .anyMatch(each -> each.isEmpty() || !Settings.isTestTarget(each.get()));
    boolean production = reader.flag(Settings.PRODUCTION, realPatients);
    reader.finishPart();
    Map<String, FilingTarget> all = new TreeMap<>();
    addresses.forEach((name, address) -> all.put(name, target(name, address, production)));
    return new FilingTargets(all);
  }

  private static FilingTarget target(String tenant, Optional<URI> address, boolean production) {
    return new FilingTarget(tenant, address.map(URI::getAuthority).orElse(""), production);
  }

  /** Empty for a tenant that the settings do not name. */
  public Optional<FilingTarget> of(String tenant) {
    return Optional.ofNullable(byTenant.get(tenant));
  }
}
