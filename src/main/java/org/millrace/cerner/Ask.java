package org.millrace.cerner;

/**
 * A request to the FHIR server and what kind of answer it wants.
 *
 * @param type the resource type it is about; empty where a page link does not say
 */
record Ask(Kind kind, String type, HttpCall http) {

  /** What the status codes mean depends on this. */
  enum Kind {
    READ,
    SEARCH,
    /** By name or birth date, where Cerner refuses to list more than 1,000 patients. */
    SEARCH_BY_TRAITS,
    CREATE,
    UPDATE;

    /** Whether an answer that is lost leaves open what is stored. */
    boolean writes() {
      return this == CREATE || this == UPDATE;
    }
  }

  /**
   * What of the scopes it needs: {@code Patient.read}, {@code DocumentReference.write}; without a
   * type where a page link does not tell it.
   */
  String permission() {
    return type + (kind.writes() ? ".write" : ".read");
  }

  /**
   * What is done with what, for a label: {@code read Patient}, {@code search Encounter}; without a
   * type where a page link does not tell it.
   */
  String action() {
    String verb =
        switch (kind) {
          case READ -> "read";
          case SEARCH, SEARCH_BY_TRAITS -> "search";
          case CREATE -> "create";
          case UPDATE -> "update";
        };
    return type.isEmpty() ? verb : verb + " " + type;
  }

  @Override
  public String toString() {
    return http.toString();
  }
}
