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

  /**
   * Takes over what was told while files were compiled once more with others laid over them: what
   * is new, of the warnings only those of the files that were laid over.
   *
   * @param folder of these: {@code tenants/north/}
   */
  void takeOver(FaultLog other, String folder) {
    for (RuleFault each : other.faults) {
      boolean elsewhere = !each.file().startsWith(folder);
      if (!elsewhere) {
        faults.add(each);
      } else if (!faults.contains(each)) {
        fault(each.file(), each.line(), each.sentence() + " This holds for " + folder + ".");
      }
    }
    other.warnings.stream().filter(each -> each.file().startsWith(folder)).forEach(warnings::add);
  }

  List<RuleFault> faults() {
    return List.copyOf(faults);
  }

  List<RuleFault> warnings() {
    return List.copyOf(warnings);
  }
}
