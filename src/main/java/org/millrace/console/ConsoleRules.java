package org.millrace.console;

import java.nio.file.Path;
import java.util.Map;
import org.millrace.delivery.MessageMapping;
import org.millrace.hl7.MessageLimits;
import org.millrace.mapping.Mapper;

/**
 * The rules that the engine runs with.
 *
 * @param mapper compiled from the folder when the engine started
 * @param given values that mapping files name as {@code given}
 * @param folder the site's mapping files, which may have been changed since
 * @param limits of a message that is typed in
 */
public record ConsoleRules(
    Mapper mapper, Map<String, String> given, Path folder, MessageLimits limits) {
  public ConsoleRules {
    given = Map.copyOf(given);
  }

  /** What delivery sees of them. */
  MessageMapping mapping() {
    return MessageMapping.of(mapper);
  }
}
