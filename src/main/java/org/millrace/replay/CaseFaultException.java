package org.millrace.replay;

import java.util.List;

/** Case files that cannot be used; says all that is wrong, one line each, with the file. */
public final class CaseFaultException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<String> faults;

  CaseFaultException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  public List<String> faults() {
    return faults;
  }
}
