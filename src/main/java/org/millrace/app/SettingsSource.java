package org.millrace.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where settings come from: a file of {@code NAME=value} lines, and environment variables of the
 * same names, which win. Immutable.
 *
 * @param values by name, each with the place it was found at
 * @param faults of the file itself
 */
public record SettingsSource(Map<String, Value> values, List<String> faults) {

  /** What every setting's name begins with. */
  static final String PREFIX = "MILLRACE_";

  /**
   * What the names of a tenant's own settings begin with: {@code MILLRACE_TENANT_NORTH_}.
   *
   * @param tenant empty for the one without a name, whose settings are the plain ones
   */
  public static String prefix(String tenant) {
    return tenant.isEmpty()
        ? PREFIX
        : PREFIX + "TENANT_" + tenant.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
  }

  /** The name of a setting that begins so: {@code MILLRACE_TENANT_NORTH_CLIENT_ID}. */
  static String under(String prefix, String name) {
    return prefix + name.substring(PREFIX.length());
  }

  /**
   * @param place {@code millrace.properties:12} or {@code environment}
   */
  public record Value(String text, String place) {

    /** Where it is from; the text may be a secret. */
    @Override
    public String toString() {
      return place;
    }
  }

  /** From an environment alone. */
  public static SettingsSource of(Map<String, String> environment) {
    return of(Optional.empty(), environment);
  }

  /**
   * @param file read when present; it must exist
   */
  public static SettingsSource of(Optional<Path> file, Map<String, String> environment) {
    Map<String, Value> values = new TreeMap<>();
    List<String> faults = new java.util.ArrayList<>();
    file.ifPresent(path -> readFile(path, values, faults));
    environment.forEach(
        (name, text) -> {
          if (name.startsWith(PREFIX)) {
            values.put(name, new Value(text, "environment"));
          }
        });
    return new SettingsSource(new LinkedHashMap<>(values), List.copyOf(faults));
  }

  private static void readFile(Path file, Map<String, Value> values, List<String> faults) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      faults.add(file + ": cannot be read as UTF-8 text (" + e.getClass().getSimpleName() + ")");
      return;
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      String place = file.getFileName() + ":" + (i + 1);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      String name = equals < 0 ? line : line.substring(0, equals).strip();
      if (equals < 0 || !name.startsWith(PREFIX)) {
        faults.add(place + ": write NAME=value, with a name that begins with " + PREFIX);
      } else if (values.containsKey(name)) {
        faults.add(place + ": " + name + " stands twice in this file");
      } else {
        values.put(name, new Value(line.substring(equals + 1).strip(), place));
      }
    }
  }
}
