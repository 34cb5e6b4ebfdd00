package org.millrace.mapping;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a JSON action asks of the FHIR server.
 *
 * @param parameters the search parameter that each field becomes, by the field's name
 * @param sortedBy the element, with dots, by which the answers of a search are put in order; empty
 *     for the server's order
 * @param steps what a patch changes always
 * @param stepsOfFields what a patch changes where a field is given, by the field's name
 */
public record ActionCall(
    Kind kind,
    Map<String, AskedBy> parameters,
    String sortedBy,
    List<PatchStep> steps,
    Map<String, PatchStep> stepsOfFields) {

  public ActionCall {
    parameters = Map.copyOf(parameters);
    steps = List.copyOf(steps);
    stepsOfFields = Map.copyOf(stepsOfFields);
  }

  /**
   * What a field of a search becomes in it.
   *
   * @throws IllegalArgumentException if it becomes none
   */
  public AskedBy askedBy(String field) {
    AskedBy by = parameters.get(field);
    if (by == null) {
      throw new IllegalArgumentException("the field becomes no parameter");
    }
    return by;
  }

  /** The kinds of call; the files write them in lower case. */
  public enum Kind {
    /** One resource by its id. */
    READ,
    /** What a document says. */
    CONTENT,
    /** What the server writes of a whole chart when it is asked. */
    SUMMARY,
    /** The one patient that a number names. */
    FIND,
    /** All that match, every page. */
    SEARCH,
    /** A new resource. */
    CREATE,
    /** A change of what stands there, for the version that was seen. */
    PATCH,
    /** A document in the place of the one that stands there, for the version that was seen. */
    UPDATE,
    /** What HealtheIntent knows; the type is the like one of the server. */
    LOOK_UP;

    /** Whether a resource is made of the fields. */
    boolean makes() {
      return this == CREATE || this == UPDATE;
    }

    /** As the files write it. */
    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What a field becomes in a search.
   *
   * @param modifier of its name, without the colon: {@code exact}; empty for none
   * @param prefix of a date; empty for none
   */
  public record AskedBy(String parameter, String modifier, String prefix) {

    /** As it is sent: {@code family:exact}. */
    public String name() {
      return modifier.isEmpty() ? parameter : parameter + ":" + modifier;
    }
  }
}
