package org.millrace.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How much is logged, and how: read from the environment before anything can be logged.
 *
 * @param properties that the log's configuration reads
 * @param faults of the environment, a sentence each
 */
record LogChoice(Map<String, String> properties, List<String> faults) {
  static final String LEVEL = "MILLRACE_LOG_LEVEL";
  static final String FORMAT = "MILLRACE_LOG_FORMAT";

  private static final String LEVEL_PROPERTY = "millrace.log.level";
  private static final String FORMAT_PROPERTY = "millrace.log.format";
  private static final String JSON = "json";

  static LogChoice of(Map<String, String> environment) {
    Map<String, String> properties = new TreeMap<>();
    List<String> faults = new ArrayList<>();
    given(environment, LEVEL)
        .ifPresent(
            level -> {
              properties.put(LEVEL_PROPERTY, level);
              if (!Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE").contains(level)) {
                faults.add(LEVEL + " is none of ERROR, WARN, INFO, DEBUG, TRACE");
              }
            });
    given(environment, FORMAT)
        .ifPresent(
            format -> {
              properties.put(FORMAT_PROPERTY, format);
              if (!Set.of("text", JSON).contains(format)) {
                faults.add(FORMAT + " is none of text, json");
              }
            });
    return new LogChoice(Map.copyOf(properties), List.copyOf(faults));
  }

  private static Optional<String> given(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** Before the first logger is made. */
  void apply() {
    properties.forEach(System::setProperty);
  }

  /** Whether the log of this JVM is read by a program. */
  static boolean isJson() {
    return JSON.equals(System.getProperty(FORMAT_PROPERTY));
  }

  /** Whether the environment says how much is logged. */
  static boolean isLevelGiven() {
    return System.getProperty(LEVEL_PROPERTY) != null;
  }
}
