package org.millrace.mapping;

/** How a value changes on its way, in both directions. Immutable. */
interface Conversion {

  /**
   * One rule being run.
   *
   * @param rule {@code segments/PID.yaml:12}
   */
  record Trip(Run run, String rule) {
    void note(CoverageNote.Kind kind, String path, String sentence) {
      run.note(kind, path, sentence);
    }
  }

  /** v2 to FHIR; nothing if there is no value, and then a note says why. Never throws. */
  Made toFhir(V2Node from, Trip trip);

  /** FHIR to v2; false if nothing was written, and then a note says why. Never throws. */
  boolean toV2(FhirNode from, V2Slot to, Trip trip);
}
