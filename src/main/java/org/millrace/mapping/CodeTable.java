package org.millrace.mapping;

import java.util.Optional;

/** One table of {@code mappings/tables}. Immutable. */
public final class CodeTable {

  CodeTable() {}

  public String name() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The row for a v2 code, compared as received; empty if the table has none. */
  public Optional<Row> forward(String v2Code) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The preferred v2 code for a FHIR code. */
  public Optional<Row> reverse(String fhirCode) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * One row.
   *
   * @param line 1-based line of the file
   */
  public record Row(
      String v2Code,
      String v2Text,
      String fhirCode,
      String fhirSystem,
      String fhirDisplay,
      int line) {}
}
