package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millrace.cerner.Call;
import org.millrace.cerner.FhirInteractions;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.mapping.OperationCalls;
import org.millrace.mapping.ResourceCalls;
import org.millrace.mapping.TargetCalls;
import org.millrace.rest.Refusal.Finding;

/**
 * Reads the summary that Cerner makes of a chart: it says where ({@code $docref}), and makes it
 * when that is read. Immutable. Source: Cerner Millennium R4, DocumentReference and Binary.
 */
record ChartSummary(FhirInteractions fhir, ResourceCalls documents) {
  private static final String DOCREF = "$docref";

  /** LOINC 34133-9, Summary of episode note: the one kind of document that Cerner makes so. */
  private static final Parameter TYPE = Parameter.token("type", "http://loinc.org", "34133-9");

  /** What reading it came to. */
  sealed interface Read {
    record Done(ObjectNode answer) implements Read {}

    record Refused(Refusal refusal) implements Read {}
  }

  static boolean isServed(TargetCalls calls, String type) {
    return calls.of(type).flatMap(known -> known.operation(DOCREF)).isPresent();
  }

  /**
   * @param from the earliest that it tells of; a date or a time
   * @param until the latest
   */
  Read read(String patientId, Optional<String> from, Optional<String> until, Call call) {
    OperationCalls docref = documents.operation(DOCREF).orElseThrow();
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("patient", patientId));
    parameters.add(TYPE);
    from.ifPresent(start -> parameters.add(new Parameter("start", start)));
    until.ifPresent(end -> parameters.add(new Parameter("end", end)));
    List<Finding> faults =
        SearchChecks.faults(docref.asSearch(documents.type()), parameters, ChartSummary::field);
    if (!faults.isEmpty()) {
      return new Read.Refused(
          Refusal.of(RefusalReason.INVALID_INPUT, "fields are not as they must be", faults));
    }
    Reply<FhirResource> told =
        fhir.operation(documents.type(), docref.name(), docref.answers(), parameters, call);
    if (!(told instanceof Reply.Done<FhirResource> done)) {
      return refused(told);
    }
    for (JsonNode entry : done.value().json().path("entry")) {
      JsonNode url = entry.at("/resource/content/0/attachment/url");
      if (url.isTextual()) {
        Reply<FhirResource> made = fhir.made(url.asText(), call);
        return made instanceof Reply.Done<FhirResource> summary
            ? answer(summary.value().json())
            : refused(made);
      }
    }
    return new Read.Refused(
        Refusal.of(RefusalReason.NOT_FOUND, "Cerner has no summary of this patient's chart"));
  }

  private static String field(String parameter) {
    return switch (parameter) {
      case "patient" -> "patientResourceId";
      case "start" -> "dateFrom";
      case "end" -> "dateUntil";
      default -> parameter;
    };
  }

  private static Read refused(Reply<FhirResource> reply) {
    return new Read.Refused(Refusal.of(((Reply.Failed<FhirResource>) reply).fault()));
  }

  private static Read answer(JsonNode binary) {
    if (binary.path("data").asText().isEmpty()) {
      return new Read.Refused(DocumentContent.noData());
    }
    return new Read.Done(
        JsonNodeFactory.instance
            .objectNode()
            .put("contentType", binary.path("contentType").asText())
            .put("data", binary.path("data").asText()));
  }
}
