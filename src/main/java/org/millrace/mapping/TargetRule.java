package org.millrace.mapping;

import java.util.List;
import java.util.Optional;

/**
 * One compiled rule of a target.
 *
 * @param each the list whose elements are looked at one by one; empty for the resource as a whole
 * @param when what must hold for the rule to count
 * @param places where the test looks; empty for every concept of the resource
 * @param outcome what becomes of what the test finds
 * @param supplied the value of the site that is put where something is missing; empty for none
 */
record TargetRule(
    String each,
    When when,
    List<FhirPlace> places,
    TargetCriterion test,
    Outcome outcome,
    String supplied) {

  /**
   * Conditions of a rule.
   *
   * @param fhir of the element looked at
   * @param v2 of the message's MSH and EVN
   */
  record When(Optional<Condition> fhir, Optional<Condition> v2) {}

  /**
   * What the target does.
   *
   * @param refuses it refuses, or cannot store; else it ignores, and the element is taken out
   * @param why a sentence, or the empty string where the test says it all
   * @param remedy what a person does; empty for the usual
   */
  record Outcome(boolean refuses, String why, String remedy) {}
}
