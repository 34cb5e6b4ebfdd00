/**
 * HL7 v2 on the page: bytes to message and back.
 *
 * <p>A small lazy reader keeps every byte as received and finds segments, fields, repetitions,
 * components and subcomponents in linear time; text is decoded here and nowhere else. What we write
 * ourselves (acknowledgments, replies) is built here as well, so that no raw delimiter ever leaves
 * inside a field. The package knows nothing of FHIR, of Cerner or of the wire.
 */
@NullMarked
package org.millrace.hl7;

import org.jspecify.annotations.NullMarked;
