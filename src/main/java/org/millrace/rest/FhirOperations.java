package org.millrace.rest;

import java.util.List;
import java.util.Map;
import org.millrace.cerner.Call;
import org.millrace.cerner.CernerActions;
import org.millrace.cerner.FhirResource;
import org.millrace.cerner.Parameter;
import org.millrace.cerner.Reply;
import org.millrace.mapping.OperationCalls;
import org.millrace.mapping.ResourceCalls;
import org.millrace.rest.Refusal.Finding;

/**
 * Operations of the FHIR facade: those that {@code mappings/calls/} offers, by GET. Thread-safe.
 * Source: FHIR R4, operations.
 */
final class FhirOperations {
  private final CernerActions cerner;
  private final RestSettings settings;
  private final Links links;

  FhirOperations(CernerActions cerner, RestSettings settings, Links links) {
    this.cerner = cerner;
    this.settings = settings;
    this.links = links;
  }

  RestAnswer ask(ResourceCalls type, OperationCalls operation, RestRequest request) {
    if (!request.method().equals("GET")) {
      return Outcomes.answer(Refusal.methodNotAllowed(request.method(), List.of("GET")));
    }
    ResourceCalls taken = operation.asSearch(type.type());
    List<Parameter> parameters =
        request.query().stream().filter(parameter -> !parameter.name().equals("_format")).toList();
    List<Finding> faults = SearchChecks.faults(taken, parameters);
    if (!faults.isEmpty()) {
      return Outcomes.answer(
          Refusal.of(RefusalReason.INVALID_INPUT, "the operation cannot be asked for", faults));
    }
    Reply<FhirResource> reply =
        cerner
            .fhir()
            .operation(
                type.type(),
                operation.name(),
                operation.answers(),
                SearchChecks.asSent(taken, parameters),
                Call.within(settings.answerWithin()));
    return reply instanceof Reply.Done<FhirResource> done
        ? FhirFacade.json(200, links.turnedToEngine(done.value().json(), request.root()), Map.of())
        : FhirFacade.refuse(((Reply.Failed<FhirResource>) reply).fault());
  }
}
