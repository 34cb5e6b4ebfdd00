package org.millrace.cli;

import java.util.Locale;
import org.millrace.app.KnownSetting;
import org.millrace.app.Settings;

/** The page of every setting, a line each: what it can be, and its default. */
final class SettingsReference {

  /** The page as Markdown, without its first line. */
  String text() {
    PageTable table = new PageTable("Setting", "Can be", "Default", "Of each tenant");
    for (KnownSetting each : Settings.known()) {
      table.row(
          "[" + PageTable.code(each.name()) + "](../settings.md#" + anchor(each) + ")",
          each.values(),
          PageTable.code(each.byDefault()),
          each.ofTenants() ? "yes" : "");
    }
    return "# Settings\n\n"
        + "`./millrace docs` writes this page from the code that reads the settings. What each one"
        + " means, how values are written and which ones need each other stands behind its"
        + " name.\n\n"
        + "A setting of each tenant is written `MILLRACE_TENANT_NAME_…` for the tenant `name`"
        + " ([several tenants](../settings.md#millrace_tenants)). A secret can stand in a file"
        + " instead, which the setting with\n"
        + "`_FILE` at its end names. What the launcher and the log ask for by themselves is not"
        + " here: [of the launcher](../settings.md#of-the-launcher).\n\n"
        + table;
  }

  private static String anchor(KnownSetting setting) {
    return setting.name().toLowerCase(Locale.ROOT);
  }
}
