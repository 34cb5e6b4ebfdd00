package org.millrace.query;

/** Who one repetition of QRD-8 asks for. */
sealed interface Asked {

  /** Which repetition of QRD-8, 1-based. */
  int repetition();

  /** The family name given beside it, empty if none. */
  String family();

  /** By the id of the Patient resource at Cerner (authority {@code FHIR}). */
  record ById(int repetition, String family, String id) implements Asked {
    @Override
    public String toString() {
      return "QRD-8[" + repetition + "] by id";
    }
  }

  /** By a number of one assigning authority, as received: zeros are never stripped. */
  record ByNumber(int repetition, String family, String number, String system) implements Asked {
    @Override
    public String toString() {
      return "QRD-8[" + repetition + "] by number of " + system;
    }
  }

  /** By name; either part may be empty, not both. */
  record ByName(int repetition, String family, String given) implements Asked {
    @Override
    public String toString() {
      return "QRD-8[" + repetition + "] by name";
    }
  }
}
