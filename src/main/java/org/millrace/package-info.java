/**
 * Millrace, an HL7 v2 and FHIR interface engine in front of Oracle Health (Cerner) Millennium.
 *
 * <p>Each package below is one part of the engine, named in an analyst's words. Which part may know
 * of which is held by the architecture test.
 */
package org.millrace;
