package org.millrace.mapping;

import java.util.List;

/**
 * The three answers of a run from v2 to FHIR.
 *
 * @param resources what is to be sent, in message order
 * @param lineage the way of each output value
 * @param coverage what was not mapped, shortened, defaulted or assumed
 */
public record MappingRun(
    List<MappedResource> resources, List<Lineage> lineage, List<CoverageNote> coverage) {}
