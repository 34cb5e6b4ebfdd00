package org.millrace.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.ConnectionState;

/**
 * How the engine is, beside what the journal knows.
 *
 * @param upstreams the tenants at Cerner, that without a name first
 * @param certificateExpires when our own certificate ends; empty without TLS
 * @param disk where the journal is; empty if it is on a server
 */
public record EngineStatus(
    List<Upstream> upstreams, Optional<Instant> certificateExpires, Optional<Disk> disk) {
  public EngineStatus {
    upstreams = List.copyOf(upstreams);
  }

  /**
   * A tenant.
   *
   * @param tenant empty for the one without a name
   * @param missingScopes a sentence for each
   */
  public record Upstream(String tenant, ConnectionState state, List<String> missingScopes) {
    public Upstream {
      missingScopes = List.copyOf(missingScopes);
    }
  }

  /** Room in bytes. */
  public record Disk(long free, long total) {}
}
