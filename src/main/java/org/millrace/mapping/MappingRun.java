package org.millrace.mapping;

import java.util.List;

/**
 * The three answers of a run from v2 to FHIR.
 *
 * @param resources what is to be sent, in message order
 * @param lineage the way of each output value
 * @param coverage what was not mapped, shortened, defaulted or assumed
 * @param unknownCodes codes that no row of their table knows
 */
public record MappingRun(
    List<MappedResource> resources,
    List<Lineage> lineage,
    List<CoverageNote> coverage,
    List<UnknownCode> unknownCodes) {
  public MappingRun {
    resources = List.copyOf(resources);
  }

  /** A run in which every code was known. */
  public MappingRun(
      List<MappedResource> resources, List<Lineage> lineage, List<CoverageNote> coverage) {
    this(resources, lineage, coverage, List.of());
  }
}
