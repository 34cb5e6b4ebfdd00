package org.millrace.mapping;

import java.util.List;
import java.util.stream.Collectors;

/** The mapping files cannot be used; says all that is wrong at once. */
public final class RuleFaultsException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<RuleFault> faults;

  public RuleFaultsException(List<RuleFault> faults) {
    super(faults.stream().map(RuleFault::toString).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  public List<RuleFault> faults() {
    return faults;
  }
}
