package org.millrace.journal;

import java.util.List;

/**
 * What is kept of a mapping, in the place of what the mapping before it left.
 *
 * @param json the charset, lineage and coverage
 * @param codes those that no table knew
 */
public record MappingReport(String json, List<UnmappedCode> codes) {
  public MappingReport {
    codes = List.copyOf(codes);
  }
}
