package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.millrace.mapping.ActionCall;
import org.millrace.mapping.ActionShape;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.ResourceCalls.Interaction;
import org.millrace.mapping.TargetCalls;

/** What an action's fields become in FHIR and back: the files in {@code mappings/actions/}. */
interface ActionRules {

  /** The actions that the server can be asked for, by name. */
  List<ActionShape> actions();

  /** What can be asked of the server. */
  TargetCalls calls();

  /** Every fault of every field, and the resource where the action is a create. */
  Mapper.ActionRun toFhir(String action, JsonNode fields, MappingContext context);

  /** The members that an action draws out of a resource. */
  ObjectNode fromFhir(String action, JsonNode resource, MappingContext context);

  /** Those of compiled mappings. */
  static ActionRules of(Mapper mapper) {
    TargetCalls calls = mapper.calls();
    List<ActionShape> offered =
        mapper.mappings().actions().stream()
            .filter(action -> calls.offers(action.resource(), interaction(action.call().kind())))
            .toList();
    return new ActionRules() {
      @Override
      public List<ActionShape> actions() {
        return offered;
      }

      @Override
      public TargetCalls calls() {
        return calls;
      }

      @Override
      public Mapper.ActionRun toFhir(String action, JsonNode fields, MappingContext context) {
        return mapper.toFhir(action, fields, context);
      }

      @Override
      public ObjectNode fromFhir(String action, JsonNode resource, MappingContext context) {
        return mapper.fromFhir(action, resource, context);
      }
    };
  }

  private static Interaction interaction(ActionCall.Kind kind) {
    return switch (kind) {
      case READ, CONTENT -> Interaction.READ;
      case FIND, SEARCH -> Interaction.SEARCH;
      case CREATE -> Interaction.CREATE;
      case PATCH -> Interaction.PATCH;
    };
  }
}
