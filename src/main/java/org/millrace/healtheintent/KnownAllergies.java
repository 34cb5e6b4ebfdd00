package org.millrace.healtheintent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The allergies HealtheIntent knows of a patient.
 *
 * @param allergies AllergyIntolerance resources without patient and id: those that hold now, or of
 *     which nothing says that they do not, each once whichever sources told it; that none is known
 *     of a category stands behind them
 * @param past how many are inactive, resolved, refuted or entered in error
 * @param withoutSubstance how many name no substance, so that nothing can be said of them
 * @param contradicted how many said that no allergy is known though another entry has one, and were
 *     left out
 */
public record KnownAllergies(
    List<ObjectNode> allergies, int past, int withoutSubstance, int contradicted) {

  public KnownAllergies {
    allergies = List.copyOf(allergies);
  }

  /** How many: what they are is a patient's. */
  @Override
  public String toString() {
    return "KnownAllergies[" + allergies.size() + "]";
  }
}
