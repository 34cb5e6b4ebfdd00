package org.millrace.mapping;

import java.util.Map;
import java.util.Optional;

/** A table that says what becomes of a report by its status. Immutable. */
record VerdictTable(String name, Map<String, Row> rows) {

  /**
   * One status.
   *
   * @param severity where several stand side by side the highest counts; 0 counts for nothing
   * @param word the published word of the verdict
   * @param docStatus {@code final} or {@code amended}, empty if nothing is filed
   * @param sentences why, and for a held report what to do
   */
  record Row(
      Verdict.Decision decision, String word, String docStatus, int severity, Why sentences) {}

  /** The two sentences of a verdict. */
  record Why(String reason, String remedy) {}

  Optional<Row> row(String code) {
    return Optional.ofNullable(rows.get(code));
  }
}
