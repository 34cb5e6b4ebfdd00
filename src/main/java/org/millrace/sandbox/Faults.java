package org.millrace.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults in force, used up in the order of their list. */
final class Faults {
  private static final class InForce {
    private final Fault fault;
    private int left;

    private InForce(Fault fault, int times) {
      this.fault = fault;
      this.left = times;
    }
  }

  private final List<InForce> list = new ArrayList<>();

  void clear() {
    list.clear();
  }

  /**
   * Puts other faults in force.
   *
   * @param json an array; {@code times} absent means until the next reset
   * @throws IllegalArgumentException where one of them is not understood; then nothing is changed
   */
  void replace(JsonNode json) {
    List<InForce> faults = new ArrayList<>();
    for (JsonNode fault : json) {
      faults.add(new InForce(Fault.read(fault), fault.path("times").asInt(Integer.MAX_VALUE)));
    }
    list.clear();
    list.addAll(faults);
  }

  /** The first fault for a request that has times left; takes one of them. */
  Optional<Fault> take(String method, String path) {
    for (InForce inForce : list) {
      if (inForce.left > 0 && inForce.fault.isFor(method, path)) {
        if (inForce.left != Integer.MAX_VALUE) {
          inForce.left--;
        }
        return Optional.of(inForce.fault);
      }
    }
    return Optional.empty();
  }
}
