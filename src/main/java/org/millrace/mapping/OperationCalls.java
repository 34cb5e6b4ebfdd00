package org.millrace.mapping;

import java.util.List;
import java.util.Set;

/**
 * An operation on a type that a FHIR server is asked for by GET, by {@code calls/NAME.yaml}.
 *
 * @param name without the dollar: {@code docref}
 * @param answers the type of resource that it answers with
 * @param definition the canonical URL of what defines it
 * @param description what it does, in words
 * @param parameters what it takes, in file order
 * @param rules which of them stand together
 */
public record OperationCalls(
    String name,
    String answers,
    String definition,
    String description,
    List<SearchParameter> parameters,
    List<SearchRule> rules) {

  public OperationCalls {
    parameters = List.copyOf(parameters);
    rules = List.copyOf(rules);
  }

  /** Its parameters as those of a type, by which they are judged like those of a search. */
  public ResourceCalls asSearch(String type) {
    return new ResourceCalls(type, Set.of(), parameters, rules, List.of(), List.of());
  }
}
