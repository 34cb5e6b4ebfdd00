package org.millrace.mapping;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The files of a sender do not fit over those of a tenant. {@link Mappings#check} finds it before
 * any message comes, for all senders whose messages go to the tenant by the route files; this is
 * for a message that waited while those changed.
 */
public final class UnfitMappingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<RuleFault> faults;

  /**
   * @param faults at least one; they quote mapping files, and nothing of a message
   */
  public UnfitMappingsException(List<RuleFault> faults) {
    super(
        "The sender's mapping files do not fit over those of the tenant: "
            + faults.stream().map(RuleFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  public List<RuleFault> faults() {
    return faults;
  }
}
