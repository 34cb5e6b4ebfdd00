/**
 * HL7 v2 and JSON to FHIR and back, by the files in {@code mappings/}.
 *
 * <p>Rules are compiled once against the HL7 v2.5.1 dictionary and the FHIR R4 model; a message
 * never parses a path. Every run tells the way of each output value (lineage) and what was not
 * mapped (coverage). Rule files name no Java classes and run no code.
 */
@NullMarked
package org.millrace.mapping;

import org.jspecify.annotations.NullMarked;
