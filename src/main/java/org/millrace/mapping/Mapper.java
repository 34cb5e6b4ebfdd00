package org.millrace.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Writer;

/**
 * Runs compiled rules. Immutable and thread-safe; one run never fails half: a resource is whole or
 * its verdict says why not.
 */
public final class Mapper {

  public Mapper(Mappings mappings) {}

  public Mappings mappings() {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * v2 to FHIR, by the message file of MSH-9.
   *
   * @throws IllegalArgumentException if there is no message file for this type; ask {@link
   *     Mappings#messageTypes} first
   */
  public MappingRun map(V2Message message, MappingContext context) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * FHIR to v2: writes one group of a message file, its segments in the file's order.
   *
   * @param message for example {@code ADR^A19}
   * @param group for example {@code QUERY_RESPONSE}
   * @param resources what the group is made from, by type: one Patient, at most one Encounter
   */
  public WrittenRun write(
      V2Writer writer,
      String message,
      String group,
      List<? extends JsonNode> resources,
      MappingContext context) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The fields of a JSON action to the FHIR resource it sends, by {@code actions/<name>.yaml}. */
  public ActionRun toFhir(String action, JsonNode fields, MappingContext context) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** What a JSON action answers, drawn out of a FHIR resource, by {@code actions/<name>.yaml}. */
  public ObjectNode fromFhir(String action, JsonNode resource, MappingContext context) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Lineage and coverage of a run from FHIR to v2. */
  public record WrittenRun(List<Lineage> lineage, List<CoverageNote> coverage) {}

  /**
   * The input of a JSON action, checked and mapped.
   *
   * @param resource empty if there are faults or the action sends no resource
   * @param faults every fault of every field at once
   */
  public record ActionRun(ObjectNode resource, List<FieldFault> faults, List<Lineage> lineage) {}

  /**
   * What is wrong with one field of a JSON action: {@code ssn}, "is not of the form ddd-dd-dddd".
   */
  public record FieldFault(String field, String message) {}
}
