package org.millrace.healtheintent;

import java.util.Optional;

/** By what a patient is looked up; HealtheIntent's own ids are no keys, since they change. */
public sealed interface PatientKey {

  /** The id of the person at Millennium, which is the id of the Patient resource. */
  record PersonId(String id) implements PatientKey {
    @Override
    public String toString() {
      return "PersonId";
    }
  }

  /**
   * A record number, zeros included.
   *
   * @param system a URI; the site's own record numbers if empty
   */
  record RecordNumber(String number, Optional<String> system) implements PatientKey {
    @Override
    public String toString() {
      return "RecordNumber";
    }
  }
}
