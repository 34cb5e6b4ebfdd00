package org.millrace.journal;

import java.util.Locale;

/**
 * A number by which people ask for a message.
 *
 * @param value as received, escapes decoded: zeros are part of it
 */
public record BusinessKey(Kind kind, String value) {

  /** What the number is of; the names are published, in the options of commands. */
  public enum Kind {
    /** PID-3.1 and MRG-1.1, each repetition; of a query QRD-8.1. */
    PATIENT,
    /** PV1-19.1. */
    VISIT,
    /** The placer's: ORC-2.1, OBR-2.1. */
    ORDER,
    /** The filler's, by which a report is known: ORC-3.1, OBR-3.1. */
    FILLER,
    /** TXA-12.1; TXA-13.1 of the document that is replaced. */
    DOCUMENT,
    /** OBR-18, which imaging uses for it (IHE RAD TF-2), IPC-1.1, SPM-30.1. */
    ACCESSION;

    /** In lower case, as the journal has it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether messages of one such number take turns. */
    boolean ofReport() {
      return this == FILLER || this == DOCUMENT;
    }
  }

  /** The kind only: the number may be a patient's. */
  @Override
  public String toString() {
    return "a number of kind " + kind.word();
  }
}
