package org.millrace.alert;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an engine stands, as far as no journal says it. No patient data.
 *
 * @param certificateExpires of the first of our certificates that does; empty without TLS
 * @param freeBytes on the disk of the journal's folder; empty if there is no folder, 0 if it cannot
 *     be reached
 * @param standstills what is not asked of Cerner
 * @param lost records that could not be written since the start, by what they are
 */
public record EngineFacts(
    Optional<Instant> certificateExpires,
    Optional<Long> freeBytes,
    List<Standstill> standstills,
    Map<String, Long> lost) {

  /**
   * Something that is not asked of Cerner for now.
   *
   * @param tenant empty for the one without a name
   * @param what {@code connection}, or a permission: {@code Encounter.read}
   * @param fault code and sentence of what it met
   */
  public record Standstill(String tenant, String what, String fault, Instant since) {}
}
