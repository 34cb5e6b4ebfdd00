package org.millrace.guard;

import java.util.Map;

/**
 * What somebody asked that was not let in, as the audit trail names it.
 *
 * @param what {@code read}, {@code search} and so on; {@code ask} if that cannot be told
 * @param subject the type of resource, or what else it was about
 * @param requestId as the caller named it; empty if it did not
 * @param details what else there is, by name; may be of a patient
 */
public record Asked(String what, String subject, String requestId, Map<String, String> details) {
  public Asked {
    details = Map.copyOf(details);
  }

  /** The kind only: the details may hold what belongs to a patient. */
  @Override
  public String toString() {
    return what + " " + subject;
  }
}
