/**
 * The record of every message, every attempt and every call; the queue; the ledger of creates.
 *
 * <p>One database with one writer: callers hand it small pieces of work and are told once they are
 * on disk. Patient data lives here and nowhere else, in the content columns, which are encrypted.
 * The package knows HL7 headers and nothing of FHIR, of Cerner or of what becomes of a message.
 */
@NullMarked
package org.millrace.journal;

import org.jspecify.annotations.NullMarked;
