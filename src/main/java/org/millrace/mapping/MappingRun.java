package org.millrace.mapping;

import java.util.List;
import java.util.Optional;
import org.millrace.hl7.AsRead;

/**
 * The three answers of a run from v2 to FHIR.
 *
 * @param resources what is to be sent, in message order
 * @param lineage the way of each output value
 * @param coverage what was not mapped, shortened, defaulted or assumed
 * @param unknownCodes codes that no row of their table knows
 * @param asRead how the message was read
 */
public record MappingRun(
    List<MappedResource> resources,
    List<Lineage> lineage,
    List<CoverageNote> coverage,
    List<UnknownCode> unknownCodes,
    Optional<AsRead> asRead) {
  public MappingRun {
    resources = List.copyOf(resources);
  }

  /** A run of what was not read from bytes. */
  public MappingRun(
      List<MappedResource> resources,
      List<Lineage> lineage,
      List<CoverageNote> coverage,
      List<UnknownCode> unknownCodes) {
    this(resources, lineage, coverage, unknownCodes, Optional.empty());
  }

  /** A run in which every code was known. */
  public MappingRun(
      List<MappedResource> resources, List<Lineage> lineage, List<CoverageNote> coverage) {
    this(resources, lineage, coverage, List.of());
  }
}
