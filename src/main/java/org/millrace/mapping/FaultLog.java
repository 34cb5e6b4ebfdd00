package org.millrace.mapping;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong in the files while they are read, so that all is told at once. */
final class FaultLog {
  private final Set<RuleFault> faults = new LinkedHashSet<>();
  private final Set<RuleFault> warnings = new LinkedHashSet<>();

  void fault(String file, int line, String sentence) {
    faults.add(new RuleFault(file, line, sentence));
  }

  void warning(String file, int line, String sentence) {
    warnings.add(new RuleFault(file, line, sentence));
  }

  List<RuleFault> faults() {
    return List.copyOf(faults);
  }

  List<RuleFault> warnings() {
    return List.copyOf(warnings);
  }
}
