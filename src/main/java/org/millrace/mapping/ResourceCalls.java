package org.millrace.mapping;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What can be asked of a FHIR server about one type of resource, by {@code calls/NAME.yaml}.
 *
 * @param parameters what it is searched by, in file order
 * @param rules which of them stand together
 * @param patches what a patch may change
 * @param operations those on the type
 */
public record ResourceCalls(
    String type,
    Set<Interaction> interactions,
    List<SearchParameter> parameters,
    List<SearchRule> rules,
    List<PatchPath> patches,
    List<OperationCalls> operations) {

  public ResourceCalls {
    interactions = Set.copyOf(interactions);
    parameters = List.copyOf(parameters);
    rules = List.copyOf(rules);
    patches = List.copyOf(patches);
    operations = List.copyOf(operations);
  }

  /** What can be done with a type. */
  public enum Interaction {
    READ("read", "read"),
    SEARCH("search", "search-type"),
    CREATE("create", "create"),
    UPDATE("update", "update"),
    PATCH("patch", "patch");

    private final String key;
    private final String code;

    Interaction(String key, String code) {
      this.key = key;
      this.code = code;
    }

    /** As the files write it. */
    String key() {
      return key;
    }

    /** Of FHIR R4's type-restful-interaction. */
    public String code() {
      return code;
    }
  }

  public boolean offers(Interaction interaction) {
    return interactions.contains(interaction);
  }

  /**
   * An operation by its name.
   *
   * @param name with the dollar: {@code $docref}
   */
  public Optional<OperationCalls> operation(String name) {
    return operations.stream().filter(one -> name.equals("$" + one.name())).findFirst();
  }

  /** By its name without modifier. */
  public Optional<SearchParameter> parameter(String name) {
    return parameters.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}
