package org.millrace.rest;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millrace.cerner.Permission;
import org.millrace.cerner.Permission.Interaction;
import org.millrace.guard.Need;
import org.millrace.guard.Needs;
import org.millrace.mapping.ActionCall;
import org.millrace.mapping.ActionShape;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.ResourceCalls;

/** What each type of the FHIR facade and each JSON action needs of Cerner. */
public final class HttpNeeds {
  private HttpNeeds() {}

  /** By what callers know it as: {@code /fhir/r4/Patient}, {@code /actions/get-patient}. */
  public static Map<String, Set<Permission>> all(Mapper mapper) {
    Map<String, Set<Permission>> needs = new TreeMap<>();
    for (ResourceCalls type : mapper.calls().resources()) {
      Set<Permission> permissions = new TreeSet<>();
      type.interactions()
          .forEach(each -> permissions.add(new Permission(type.type(), interaction(each))));
      needs.put(FhirFacade.MOUNT + "/" + type.type(), permissions);
    }
    for (ActionShape action : ActionRules.of(mapper, false).actions()) {
      needs.put(Actions.MOUNT + "/" + action.name(), new TreeSet<>(permissions(action)));
    }
    return needs;
  }

  /**
   * What its caller must be allowed: what it asks of Cerner. Whoever may search a type there may
   * look up its like at HealtheIntent.
   */
  static Needs ofCaller(ActionShape action) {
    if (action.call().kind() == ActionCall.Kind.SUMMARY) {
      return Needs.of(FhirNeeds.OF_SUMMARY);
    }
    return Needs.of(
        permissions(action).stream()
            .map(
                each ->
                    Need.of(
                        each.type(),
                        org.millrace.guard.Interaction.valueOf(each.interaction().name())))
            .toList());
  }

  private static List<Permission> permissions(ActionShape action) {
    Permission reading = new Permission(action.resource(), Interaction.READ);
    return switch (action.call().kind()) {
      case READ -> List.of(reading);
      case CONTENT -> List.of(reading, new Permission("Binary", Interaction.READ));
      case SUMMARY -> List.of(reading, new Permission("Binary", Interaction.READ));
      case FIND, SEARCH, LOOK_UP -> List.of(new Permission(action.resource(), Interaction.SEARCH));
      case CREATE -> List.of(new Permission(action.resource(), Interaction.CREATE));
      case PATCH, UPDATE -> List.of(reading, new Permission(action.resource(), Interaction.UPDATE));
    };
  }

  /** A patch is an update to SMART. */
  private static Interaction interaction(ResourceCalls.Interaction offered) {
    return switch (offered) {
      case CREATE -> Interaction.CREATE;
      case UPDATE, PATCH -> Interaction.UPDATE;
      case SEARCH -> Interaction.SEARCH;
      case READ -> Interaction.READ;
    };
  }
}
