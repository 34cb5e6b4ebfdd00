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
 * @param feeds by which it is known of which tenant a message is that did not come in
 */
public record ConsoleRules(
    Mapper mapper, Map<String, String> given, Path folder, MessageLimits limits, Feeds feeds) {

  /** The feeds that are open. */
  public interface Feeds {

    /**
     * The tenant whose messages they would take it for; empty for the one without a name.
     *
     * @param sender {@code MSH-3@MSH-4}
     */
    String tenant(String type, String sender);

    /** Whether they would take a message of the sender for the tenant, of whichever type. */
    boolean take(String tenant, String sender);
  }

  public ConsoleRules {
    given = Map.copyOf(given);
  }

  /** What delivery sees of them. */
  MessageMapping mapping() {
    return MessageMapping.of(mapper);
  }
}
