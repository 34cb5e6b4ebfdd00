package org.millrace.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A patient who answers the question.
 *
 * @param patient the Patient resource as Cerner gave it; of a combined patient the survivor
 * @param oldNumbers the numbers that were asked for and led to the survivor
 */
record Match(ObjectNode patient, List<OldNumber> oldNumbers) {

  /**
   * A number of a combined patient.
   *
   * @param system the system it is of, as a URI
   */
  record OldNumber(String system, String value) {
    /** Of ids at Cerner; its local name is how QRD-8.9 writes the authority. */
    static final String CERNER_IDS = "urn:id:cerner:FHIR";

    @Override
    public String toString() {
      return "OldNumber";
    }
  }

  Match {
    oldNumbers = List.copyOf(oldNumbers);
  }

  String id() {
    return patient.path("id").asText();
  }

  /** The same patient, found in two ways. */
  Match and(Match other) {
    List<OldNumber> all = new ArrayList<>(oldNumbers);
    other.oldNumbers.stream().filter(number -> !all.contains(number)).forEach(all::add);
    return new Match(patient, all);
  }

  /**
   * The patient with the old numbers among the identifiers, so that the sender finds the number it
   * asked with in PID-3.
   */
  ObjectNode withOldNumbers() {
    if (oldNumbers.isEmpty()) {
      return patient;
    }
    ObjectNode copy = patient.deepCopy();
    for (OldNumber number : oldNumbers) {
      copy.withArray("identifier")
          .addObject()
          .put("use", "old")
          .put("system", number.system())
          .put("value", number.value());
    }
    return copy;
  }

  /** Nothing of the patient. */
  @Override
  public String toString() {
    return "Match";
  }
}
