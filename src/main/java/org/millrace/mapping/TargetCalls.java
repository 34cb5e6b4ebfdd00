package org.millrace.mapping;

import java.util.List;
import java.util.Optional;

/**
 * All that can be asked of one FHIR server, by {@code calls/NAME.yaml}.
 *
 * @param resources in file order
 */
public record TargetCalls(List<ResourceCalls> resources) {
  /** Of a server that nothing is known of. */
  static final TargetCalls NONE = new TargetCalls(List.of());

  public TargetCalls {
    resources = List.copyOf(resources);
  }

  public Optional<ResourceCalls> of(String type) {
    return resources.stream().filter(one -> one.type().equals(type)).findFirst();
  }

  public List<String> types() {
    return resources.stream().map(ResourceCalls::type).toList();
  }

  public boolean offers(String type, ResourceCalls.Interaction interaction) {
    return of(type).filter(calls -> calls.offers(interaction)).isPresent();
  }
}
