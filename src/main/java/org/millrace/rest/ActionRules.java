package org.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.millrace.mapping.ActionCall;
import org.millrace.mapping.ActionShape;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.ResourceCalls.Interaction;
import org.millrace.mapping.TargetCalls;
import org.millrace.mapping.TargetFinding;

/** What an action's fields become in FHIR and back: the files in {@code mappings/actions/}. */
interface ActionRules {

  /** The actions that the server can be asked for, by name. */
  List<ActionShape> actions();

  /** What can be asked of the server. */
  TargetCalls calls();

  /** Every fault of every field, and the resource where one is made of them. */
  Mapper.ActionRun toFhir(String action, JsonNode fields, MappingContext context);

  /** What the server refuses or ignores of a resource that takes the place of another version. */
  List<TargetFinding> checkUpdate(ObjectNode resource);

  /** The members that an action draws out of a resource. */
  ObjectNode fromFhir(String action, JsonNode resource, MappingContext context);

  /**
   * Those of compiled mappings.
   *
   * @param healtheIntent whether it is set up, so that there are actions that look up there
   */
  static ActionRules of(Mapper mapper, boolean healtheIntent) {
    TargetCalls calls = mapper.calls();
    List<ActionShape> offered =
        mapper.actions().stream()
            .filter(
                action ->
                    interaction(action.call().kind())
                        .map(asked -> calls.offers(action.resource(), asked))
                        .orElse(healtheIntent))
            .filter(
                action ->
                    action.call().kind() != ActionCall.Kind.SUMMARY
                        || ChartSummary.isServed(calls, action.resource()))
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
      public List<TargetFinding> checkUpdate(ObjectNode resource) {
        return mapper.checkUpdate(resource);
      }

      @Override
      public ObjectNode fromFhir(String action, JsonNode resource, MappingContext context) {
        return mapper.fromFhir(action, resource, context);
      }
    };
  }

  /** Empty for what is not asked of the server. */
  private static Optional<Interaction> interaction(ActionCall.Kind kind) {
    return switch (kind) {
      case READ, CONTENT, SUMMARY -> Optional.of(Interaction.READ);
      case FIND, SEARCH -> Optional.of(Interaction.SEARCH);
      case CREATE -> Optional.of(Interaction.CREATE);
      case PATCH -> Optional.of(Interaction.PATCH);
      case UPDATE -> Optional.of(Interaction.UPDATE);
      case LOOK_UP -> Optional.empty();
    };
  }
}
