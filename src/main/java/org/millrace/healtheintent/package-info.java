/**
 * Read-only look-ups at HealtheIntent (now Oracle Health Data Intelligence), over camel-http.
 *
 * <p>What it knows of a patient comes from many sources and is JSON of its own, no FHIR; entries
 * are handed on as it wrote them, but for allergies, which are also given the shape of
 * AllergyIntolerance. Its ids of patients change as records are matched anew, so that each look-up
 * asks for the id first and none is kept.
 */
@NullMarked
package org.millrace.healtheintent;

import org.jspecify.annotations.NullMarked;
