package org.millrace.mapping;

/**
 * What the target would refuse or ignore of a resource that a caller sends.
 *
 * @param place the FHIR path: {@code Patient.name[0].text}
 * @param sentence what the target does, to stand after the place; no values
 * @param refused it cannot be stored; else it was taken out
 */
public record TargetFinding(String place, String sentence, boolean refused) {}
