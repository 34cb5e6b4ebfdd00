package org.millrace.mapping;

import java.time.ZoneId;
import java.util.Map;

/**
 * What a run is given besides the message.
 *
 * @param zone of times that carry no offset
 * @param sender {@code MSH-3@MSH-4}: picks the folder under {@code senders/}; empty for none
 * @param given values a rule may name as {@code given: subject}: references that were looked up
 *     ({@code subject} = {@code Patient/123}, {@code encounter}, {@code author}) and settings
 *     ({@code document-type}); a rule whose value is not given makes nothing
 */
public record MappingContext(ZoneId zone, String sender, Map<String, String> given) {
  /** What is given in the place of references that nobody looks up. */
  public static final Map<String, String> LOOKED_UP =
      Map.of("subject", "Patient/looked-up-by-PID-3", "encounter", "Encounter/looked-up-by-PV1-19");

  public MappingContext {
    given = Map.copyOf(given);
  }
}
