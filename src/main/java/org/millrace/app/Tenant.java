package org.millrace.app;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.millrace.cerner.CallLimits;
import org.millrace.cerner.CernerSettings;

/**
 * One of several tenants that this engine serves: a system account of its own, and limits of its
 * own. Feeds and callers name it.
 *
 * @param cerner where it is, and who we are there
 * @param calls how hard it may be asked
 */
public record Tenant(CernerSettings cerner, CallLimits calls) {
  private static final String TENANTS = "MILLRACE_TENANTS";
  private static final String NAME = "[a-z][a-z0-9-]{0,31}";

  /** Those beside the one without a name, in the order they are written. */
  static Map<String, Tenant> readAll(SettingsReader reader) {
    Map<String, Tenant> tenants = new LinkedHashMap<>();
    for (String name : names(reader)) {
      SettingsReader own = reader.ofTenant(name);
      tenants.put(name, new Tenant(CernerAccount.read(own), limits(own)));
    }
    return Map.copyOf(tenants);
  }

  /** Their names, in the order they are written. */
  static Set<String> names(SettingsReader reader) {
    List<String> names =
        reader
            .text(TENANTS)
            .map(text -> Stream.of(text.split(",", -1)).map(String::strip).toList())
            .orElse(List.of());
    Set<String> told = new LinkedHashSet<>();
    for (String name : names) {
      if (!name.matches(NAME) || !told.add(name)) {
        reader.fault(
            TENANTS,
            "is no list of names, each once, with commas between; a name begins with a letter, and"
                + " holds small letters, digits and dashes");
      }
    }
    return told;
  }

  static CallLimits limits(SettingsReader reader) {
    int most = calls(reader, "MILLRACE_LIMIT_CALLS", CallLimits.DEFAULT.callsAtMost());
    int atStart = calls(reader, "MILLRACE_CALLS_AT_START", most);
    reader.known("MILLRACE_CALLS_AT_START", "whole number, 1 to that of MILLRACE_LIMIT_CALLS", "");
    if (atStart > most) {
      reader.fault(
          "MILLRACE_CALLS_AT_START", "is more than " + reader.name("MILLRACE_LIMIT_CALLS"));
    }
    return CallLimits.DEFAULT.withCalls(atStart, most).withConnections(connections(reader));
  }

  private static int connections(SettingsReader reader) {
    return (int)
        reader.number(
            "MILLRACE_CONNECTIONS",
            CallLimits.DEFAULT.connections(),
            1,
            256,
            "is no number of connections, 1 to 256");
  }

  private static int calls(SettingsReader reader, String name, int byDefault) {
    return (int)
        reader.number(name, byDefault, 1, 100_000, "is no number of calls a second, 1 to 100000");
  }
}
