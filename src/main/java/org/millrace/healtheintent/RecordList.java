package org.millrace.healtheintent;

/** The lists of a patient's longitudinal record. */
public enum RecordList {
  /** One entry for each source. */
  DEMOGRAPHICS("patient", "demographics"),
  ALLERGIES("allergy", "allergies"),
  CONDITIONS("condition", "conditions"),
  OBSERVATIONS("observation", "observations"),
  ENCOUNTERS("encounter", "encounters");

  private final String api;
  private final String path;

  RecordList(String api, String path) {
    this.api = api;
    this.path = path;
  }

  String api() {
    return api;
  }

  /** As it is written in addresses and in the names of actions: {@code allergies}. */
  public String path() {
    return path;
  }
}
