package org.millrace.mapping;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The files of a sender do not fit over those of a tenant, which a message of the one for the other
 * brings to light. Start and {@code check} find it before that for all senders that a route file
 * names.
 */
public final class UnfitMappingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<RuleFault> faults;

  /**
   * @param faults at least one; they quote mapping files, and nothing of a message
   */
  public UnfitMappingsException(List<RuleFault> faults) {
    super(faults.stream().map(RuleFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  public List<RuleFault> faults() {
    return faults;
  }
}
