package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;

/** What an action's fields become in FHIR and back: the files in {@code mappings/actions/}. */
interface ActionRules {

  /** Every fault of every field, and the resource where the action is a create. */
  Mapper.ActionRun toFhir(String action, JsonNode fields, MappingContext context);

  /** The members that an action draws out of a resource. */
  ObjectNode fromFhir(String action, JsonNode resource, MappingContext context);

  /** Those of compiled mappings. */
  static ActionRules of(Mapper mapper) {
    return new ActionRules() {
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
}
